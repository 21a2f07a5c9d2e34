/** `resync`: looks again at a ticket and its order, or at all that changed since a moment, at once. */
import { callsPerMinute } from '../service/reconcile-part';
import { createResync, type Resync } from '../temporal/resync';
import { withContext, type CliContext } from './context';
import { NoDispatchError } from '../temporal/starter';
import { printJson } from './output';
import { momentOf } from './since';

const resyncOf = ({ client, runtime, settings, deadlineMs }: CliContext): Resync =>
  createResync({ client, account: runtime.account, callsPerMinute: callsPerMinute(settings), deadlineMs });

/** @throws NoDispatchError for a ticket that Deskbridge knows nothing of */
export async function resyncTicket(ticketId: number, json: boolean): Promise<void> {
  const told = await withContext(async (context) => {
    const view = await context.dispatches.view(ticketId);
    if (!view) throw new NoDispatchError(`There is no dispatch for ticket ${ticketId}`);
    await context.starter.ticketChanged(ticketId, 'reconcile');
    const { workOrderId } = view;
    const result = workOrderId === null ? null : await resyncOf(context).ofTicket(ticketId, [workOrderId]);
    return { ticketId, workOrderId, differs: (result?.told ?? 0) > 0 };
  });
  if (json) return printJson(told);
  console.log(`Deskbridge reads ticket ${ticketId} again.`);
  if (told.workOrderId === null) console.log('It has no work order yet.');
  else
    console.log(
      told.differs
        ? `Work order ${told.workOrderId} had news that no webhook reported: \`deskbridge show ${ticketId}\` says what.`
        : `Work order ${told.workOrderId} is as Deskbridge knows it.`,
    );
}

export async function resyncSince(since: string, json: boolean): Promise<void> {
  const moment = momentOf(since);
  if (!json) console.log(`Looking at all that changed since ${moment}. Ctrl-C leaves it running in the background.`);
  const result = await withContext((context) => resyncOf(context).since(moment));
  if (json) return printJson({ since: moment, ...result });
  console.log(
    `${result.tickets} changed tickets and ${result.orders} work orders looked at; ${result.told} dispatches had missed something.`,
  );
}
