/** What an event does when it comes in. Promise: a repeat ends here, and a no ends every older yes of the same person at once. */
import type { ContactEvent } from '../../contract/contact';
import { boundedIds } from './bounded-ids';
import { isOvertaken, noOf, timeOf, withNo } from './consent-order';
import type { ContactRun } from './contact-run';
import { inOrder, parcelOf, waitingOf } from './parcel';
import { LATER_NO, NEWER_EVENT } from './writing';

const MOST_SEEN = 200;

export function receive(run: ContactRun, event: ContactEvent): void {
  const { known, memory } = run;
  known.ids = boundedIds([...known.ids, ...event.ids]);
  if (memory.seen.includes(event.key)) return end(run, event, 'duplicate', null);
  memory.seen = [...memory.seen, event.key].slice(-MOST_SEEN);
  if (event.action === 'withdraw') return receiveNo(run, event);
  const parcel = parcelOf(event);
  if (run.isOver(parcel)) return end(run, event, 'withdrawn', LATER_NO);
  if (event.replay) {
    if (isOvertaken(memory, parcel.content.guard)) return end(run, event, 'unchanged', NEWER_EVENT);
    parcel.content.guard.replay = true;
  }
  known.waiting = known.waiting ? inOrder(known.waiting, parcel) : parcel;
}

function receiveNo(run: ContactRun, event: ContactEvent): void {
  const { known, memory } = run;
  memory.withdrawn = withNo(memory.withdrawn, noOf(event));
  // What Freshdesk was given has lost its tag.
  memory.sent = null;
  endWithdrawnParcel(run);
  // One that was told by another run has its end there; but what this one wrote meanwhile that look-up has not seen.
  const hasWritten = run.isSending || (memory.newestAt !== null && memory.newestAt <= timeOf(event));
  if (!event.told || hasWritten) known.noes.push(event);
}

/** What waits ends without a call when a no has ended its consent. */
export function endWithdrawnParcel(run: ContactRun): void {
  const { waiting } = run.known;
  if (!waiting || !run.isOver(waiting)) return;
  run.known.waiting = null;
  for (const one of waiting.events) run.record(one, { outcome: 'withdrawn', detail: LATER_NO, notes: [] });
}

function end(
  run: ContactRun,
  event: ContactEvent,
  outcome: 'duplicate' | 'withdrawn' | 'unchanged',
  detail: string | null,
): void {
  run.record(waitingOf(event), { outcome, detail, notes: [] });
}
