/**
 * How many calls one ticket may cause by what others write on it. Promise: a burst goes out at once, then calls go out evenly;
 * nothing is dropped, and the timeline says once that it waits. What leads to an order or a person's word never waits here.
 */
import type { CallShare } from '../../contract/policy';
import type { Dispatch } from './dispatch';

/** Reads of the ticket while its order is out; and calls for notes, messages and files. */
export type Shared = 'looks' | 'conversation';

const WORDS: Record<Shared, string> = { looks: 'Reads of the ticket', conversation: 'Notes, messages and files' };

/** Where all that was used is regained, in ms since 1970. */
const regained = ({ memory, now }: Dispatch, of: Shared): number =>
  Math.max(now(), Date.parse(memory.shares?.[of] ?? '1970-01-01T00:00:00Z'));

/** When the next call has room; null: now. */
export function shareWait(dispatch: Dispatch, of: Shared): string | null {
  const { burst, every } = limitOf(dispatch, of);
  const at = regained(dispatch, of) - (burst - 1) * every;
  return at > dispatch.now() ? new Date(at).toISOString() : null;
}

/** A call is about to go out. */
export function spendShare(dispatch: Dispatch, of: Shared): void {
  const { memory } = dispatch;
  const { every } = limitOf(dispatch, of);
  const hadRoom = shareWait(dispatch, of) === null;
  memory.shares = { ...memory.shares, [of]: new Date(regained(dispatch, of) + every).toISOString() };
  if (!hadRoom || shareWait(dispatch, of) === null) return;
  const slowed = memory.shares.slowed?.[of];
  memory.shares.slowed = { ...memory.shares.slowed, [of]: memory.shares[of] ?? null };
  // Until all is regained it is one and the same wait.
  if (slowed && !dispatch.isDue(slowed)) return;
  const pace = `${WORDS[of]} now go one every ${every / 1000} s`;
  dispatch.note('Slowed down', `The ticket has used its share of calls. ${pace}; nothing is lost`);
}

const limitOf = ({ policy }: Dispatch, of: Shared): CallShare => policy.share[of];

/** The order is out: what is read of the ticket now is what somebody changed or wrote. */
export function looksAreShared({ newest, memory }: Dispatch): boolean {
  return (newest?.stage === 'open' || newest?.stage === 'ended') && memory.commands.visit === null;
}
