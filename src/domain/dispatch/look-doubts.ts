/** Looks that are not believed yet: older than our own last write, of its second, incomplete, or before it is known what there was. */
import type { TicketLook } from '../../contract/ticket-calls';
import type { Meaning } from '../ticket-meaning';
import { block } from './blocks';
import type { Dispatch } from './dispatch';
import { lookLater, type Asked } from './look-request';
import type { StepOf } from './steps';

/** A look may be older than our last write when a replica answers; after so many, each later than the one before, a person is asked. */
const STALE_LOOKS = 12;

/** A look that is older than our own last write would take that write for a person's change: it is never believed. */
export const isStale = ({ memory: { lastWriteAt } }: Dispatch, { updatedAt }: TicketLook): boolean =>
  updatedAt !== null && lastWriteAt !== null && updatedAt < lastWriteAt;

export function repeatStale(dispatch: Dispatch, look: TicketLook, asked: Asked): void {
  const { memory, policy } = dispatch;
  lookLater(dispatch, asked, Math.min(policy.staleLook * 2 ** memory.look.stale, policy.backoff.most));
  memory.look.stale += 1;
  if (memory.look.stale < STALE_LOOKS) return;
  const detail = `Freshdesk shows the ticket as of ${look.updatedAt}, older than our own change of ${memory.lastWriteAt}`;
  const remedy = 'Look at the ticket. When it is as it should be, retry: the next look is then believed.';
  block(dispatch, 'ticket', { reason: 'ambiguous', detail, remedy }, 'Freshdesk shows an older ticket than we wrote');
  memory.look.stale = 0;
  memory.lastWriteAt = null;
}

/** Freshdesk's times have whole seconds: a look of the second of our write may still lack it. The next one is believed. */
export function mayLackOurWrite({ memory }: Dispatch, { updatedAt }: TicketLook, meaning: Meaning): boolean {
  const wasDoubted = memory.look.startDoubted;
  const isOfOurSecond = updatedAt !== null && updatedAt === memory.lastWriteAt;
  const isStart = meaning.kind === 'start' && memory.commands.visit === null;
  memory.look.startDoubted = isStart && isOfOurSecond && !wasDoubted;
  return memory.look.startDoubted;
}

/** A ticket that was born a moment ago: it may not be found yet, or lack what Freshdesk fills in by itself. */
export function isIncomplete(
  dispatch: Dispatch,
  look: TicketLook,
  step: StepOf<'fetch-ticket'>,
  asked: Asked,
): boolean {
  const { memory, policy } = dispatch;
  const isMissing = step.input.first && look.sight.gone === 'not-found' && memory.commands.visit === null;
  const wait = policy.incomplete[memory.look.incomplete];
  if (!(isMissing || look.plan?.mayComeByItself === true) || wait === undefined) {
    memory.look.incomplete = 0;
    return false;
  }
  memory.look.incomplete += 1;
  const what = isMissing ? 'The ticket is not found yet' : 'The ticket is not complete yet';
  if (memory.look.incomplete === 1) dispatch.note(what, 'Freshdesk is asked again');
  lookLater(dispatch, asked, wait);
  return true;
}

/** Whether the ticket matched before is still being searched for. */
export function isTooEarly({ memory }: Dispatch, { matchedBefore }: TicketLook, meaning: Meaning): boolean {
  return (
    meaning.kind === 'undecided' &&
    matchedBefore === null &&
    memory.commands.visit === null &&
    memory.unknownOrder === null
  );
}
