/**
 * A person's word for a visit. Promise: said of many tickets at once it begins one visit however often it is heard, never one
 * beside what came meanwhile, and is no yes to money above the limit. Source: interface, section 8, *In bulk*.
 */
import type { WantedVisit } from '../../contract/memory';
import type { Dispatch } from './dispatch';
import { startVisit } from './empty-memory';

/** A signal's argument, typed by hand perhaps: what is not understood counts as absent. */
export function readWanted(hint: { by?: unknown; bulk?: unknown } | null | undefined): WantedVisit {
  const by = typeof hint?.by === 'string' ? hint.by.slice(0, 100) : null;
  const { after, first } = (hint?.bulk ?? {}) as { after?: unknown; first?: unknown };
  return typeof after === 'number' && typeof first === 'boolean' ? { by, bulk: { after, first } } : { by };
}

/** The visit that was meant, or a later one, is there already. */
export function isSaidAgain(dispatch: Dispatch, { bulk }: WantedVisit): boolean {
  const newest = dispatch.newest?.number ?? 0;
  if (!bulk || newest <= bulk.after) return false;
  dispatch.note('Dispatch in bulk ignored', `The ticket has visit ${newest} already`);
  return true;
}

/** Of many at once, none gets an order beside one that only Field Nation or the ticket's link knows. */
export const isKeptFrom = ({ bulk }: WantedVisit, known: { hasOrders: boolean; isLinked: boolean }): boolean =>
  bulk !== undefined && (known.isLinked || (bulk.first && known.hasOrders));

/** The next look maps it. */
export function beginWanted(dispatch: Dispatch, number: number, { by, bulk }: WantedVisit): void {
  const visit = startVisit(dispatch, number);
  dispatch.note(`Visit ${number}`, `${by ?? 'A person'} asked for it`);
  // A yes to their number: to no sum.
  if (bulk) visit.approved = { amount: 0, by, at: dispatch.at(), beyondHour: true, print: null, inBulk: true };
  dispatch.memory.look.wanted = true;
}

/** Until its order is out, a visit that was asked for with many others lets every other ticket go first. */
export function isInBulk({ memory, newest }: Dispatch): boolean {
  if (memory.commands.visit?.bulk !== undefined || memory.ownership?.wanted?.bulk !== undefined) return true;
  const isOut = newest?.stage === 'open' || newest?.stage === 'ended';
  // Who calls it off does not wait behind the others.
  return newest?.approved?.inBulk === true && !isOut && newest.cancel === null;
}
