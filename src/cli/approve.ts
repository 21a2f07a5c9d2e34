/** `approve`: a person's yes to money. Promise: each yes goes with the sum that was shown, and holds for no other. */
import { agrees } from './ask';
import { clock } from './clock';
import { withContext, type CliContext } from './context';
import { WorkFailedError } from '../command-errors';
import { printJson, printTable } from './output';

const WIDEST = 70;

export async function approveOne(ticketId: number, amount: number | undefined, json: boolean): Promise<void> {
  await withContext(({ starter }) => starter.approve(ticketId, amount === undefined ? {} : { amount }));
  if (json) printJson({ ticketId, accepted: true });
  else console.log(`Ticket ${ticketId} has your yes. \`deskbridge show ${ticketId}\` shows how it goes on.`);
}

/** A ticket that waits; `amount` in USD, null where the sum has no bound. */
interface Waiting {
  ticketId: number;
  amount: number | null;
  since: string;
  detail: string | null;
}

interface Outcome extends Waiting {
  approved: boolean;
}

export async function approveAll({ yes, json }: { yes: boolean; json: boolean }): Promise<void> {
  await withContext(async (context) => {
    const waiting = await listed(context);
    if (!json) print(waiting);
    if (waiting.length === 0) {
      if (json) printJson({ count: 0, sum: 0, items: [] });
      return;
    }
    if (!yes && !(await agreed(waiting, json))) {
      if (json) printJson({ ...total(waiting), items: waiting.map((item) => ({ ...item, approved: false })) });
      throw new WorkFailedError('Nothing was approved. Add --yes to approve what is listed.');
    }
    const items = await approveEach(context, waiting);
    const approved = items.filter((item) => item.approved).length;
    if (json) printJson({ ...total(waiting), items });
    else console.log(`\n${approved} of ${items.length} have your yes.`);
    if (approved < items.length) {
      throw new WorkFailedError('Some no longer wait for the listed sum. Run `deskbridge approve --all` again.');
    }
  });
}

async function listed({ operations }: CliContext): Promise<Waiting[]> {
  const runs = await operations.waiting({ reason: 'approval' });
  return runs.flatMap(({ ticketId, approval, since, detail }) =>
    ticketId === null || approval === null ? [] : [{ ticketId, amount: approval.amount, since, detail }],
  );
}

function total(waiting: readonly Waiting[]): { count: number; sum: number } {
  const cents = waiting.reduce((sum, { amount }) => sum + Math.round((amount ?? 0) * 100), 0);
  return { count: waiting.length, sum: cents / 100 };
}

function print(waiting: readonly Waiting[]): void {
  if (waiting.length === 0) {
    console.log('No ticket waits for an approval.');
    return;
  }
  printTable(
    ['Ticket', 'Sum in USD', 'Waits since', 'Why'],
    waiting.map(({ ticketId, amount, since, detail }) => [
      String(ticketId),
      amount === null ? 'no bound' : amount.toFixed(2),
      clock(since),
      (detail ?? '').slice(0, WIDEST),
    ]),
  );
  const { count, sum } = total(waiting);
  const open = waiting.filter(({ amount }) => amount === null).length;
  const beside = open === 0 ? '' : `, and ${open} without a bound`;
  console.log(`\n${count} ${count === 1 ? 'ticket waits' : 'tickets wait'}: ${sum.toFixed(2)} USD${beside}.`);
}

/** Asks on a terminal; elsewhere nobody can be asked. */
const agreed = (waiting: readonly Waiting[], json: boolean): Promise<boolean> =>
  agrees(`Approve ${waiting.length === 1 ? 'it' : `all ${waiting.length}`}?`, json);

async function approveEach({ operations }: CliContext, waiting: readonly Waiting[]): Promise<Outcome[]> {
  const approved = await operations.approve(waiting);
  return waiting.map((item) => ({ ...item, approved: approved.has(item.ticketId) }));
}
