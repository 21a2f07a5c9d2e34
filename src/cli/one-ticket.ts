/** `retry` and `dispatch` of one ticket. Promise: says what came of it, as far as that shows within seconds. */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkFailedError } from '../command-errors';
import type { DispatchView } from '../contract/dispatch';
import type { Dispatches } from '../temporal/dispatches';
import { withContext } from './context';
import { printJson } from './output';

const SHOWS_WITHIN_MS = 10_000;
const LOOK_MS = 250;

export async function retryTicket(ticketId: number, json: boolean): Promise<void> {
  const before = await withContext(async ({ starter, dispatches }) => {
    const view = await dispatches.view(ticketId);
    await starter.retry(ticketId);
    return view;
  });
  if (json) return printJson({ ticketId, accepted: true });
  const follow = `Follow it with \`deskbridge show ${ticketId}\`.`;
  if (!before || before.attention) console.log(`Trying ticket ${ticketId} again. ${follow}`);
  else
    console.log(
      `Ticket ${ticketId} needs no person. ${before.waitingFor === null ? 'It waits for nothing.' : `It waits for ${before.waitingFor}.`} Calls that wait are tried now.`,
    );
}

/** @throws WorkFailedError when no visit was begun. */
export async function dispatchTicket(ticketId: number, json: boolean): Promise<void> {
  const view = await withContext(async ({ starter, dispatches }) => {
    const before = await dispatches.view(ticketId);
    await starter.dispatchVisit(ticketId);
    return json ? null : whatCame(dispatches, ticketId, before);
  });
  if (json) return printJson({ ticketId, accepted: true });
  const follow = `Follow it with \`deskbridge show ${ticketId}\`.`;
  if (!view) return console.log(`Starting a visit for ticket ${ticketId}. ${follow}`);
  if (view.state === 'skipped')
    throw new WorkFailedError(`No visit of ticket ${ticketId} was begun. ${view.timeline.at(-1)?.detail ?? follow}`);
  if (view.attention)
    return console.log(`The visit of ticket ${ticketId} needs a person: ${view.attention.detail} ${follow}`);
  const order = view.workOrderId === null ? '' : `, work order ${view.workOrderId}`;
  console.log(`Visit ${view.visit} of ticket ${ticketId}: ${view.state}${order}. ${follow}`);
}

/** Null while it does not show. */
async function whatCame(
  dispatches: Pick<Dispatches, 'view'>,
  ticketId: number,
  before: DispatchView | null,
): Promise<DispatchView | null> {
  for (const deadline = Date.now() + SHOWS_WITHIN_MS; Date.now() < deadline; await delay(LOOK_MS)) {
    const view = await dispatches.view(ticketId);
    const isNews = view && JSON.stringify(view.timeline) !== JSON.stringify(before?.timeline);
    if (isNews && view.state !== 'starting' && view.state !== 'creating') return view;
  }
  return null;
}
