/**
 * What a look at the ticket means for its dispatch. Promise: only an edge starts a visit, never a level. This is where an
 * unwanted work order would be born. Source: interface, section 8.
 */
import { hasEdge, isBarred, ruleMatches, valueIn, type KnownTicket, type TicketSight } from './trigger';

/** What a look means. `undecided`: no memory of this ticket, so only Field Nation can tell whether it had a visit. */
export type Meaning =
  | { kind: 'start' }
  | { kind: 'undecided' }
  | { kind: 'skip'; why: 'no-match' | 'closed' | 'gone' | 'linked' | 'barred' }
  | { kind: 'barred'; why: string }
  | { kind: 'lost'; how: 'closed' | 'removed'; what: string }
  | { kind: 'back' }
  | { kind: 'nothing' };

/** Where the newest visit stands, as far as a look at the ticket is concerned. */
export type VisitPhase = 'none' | 'before-order' | 'open' | 'over';

const GONE_WORDS = { deleted: 'deleted', spam: 'marked as spam', 'not-found': 'no longer found' } as const;

/** The ticket itself changed since the last look; without that a rule that no longer matches was changed in the config. */
const hasLeft = (known: KnownTicket, sight: TicketSight): boolean =>
  sight.status !== known.status ||
  known.tags.some((tag) => !sight.tags.includes(tag)) ||
  known.values.some((before) => {
    const now = valueIn(sight.values, before);
    return before.matches && now !== undefined && now.value !== before.value;
  });

/** The whole table of section 8 for a look at the ticket; `known` is null before the first look of this run. */
export function meaningOf(known: KnownTicket | null, sight: TicketSight, phase: VisitPhase): Meaning {
  const matches = ruleMatches(sight);
  if (phase === 'none') {
    if (sight.gone) return { kind: 'skip', why: 'gone' };
    if (!matches) return { kind: 'skip', why: 'no-match' };
    if (sight.closed) return { kind: 'skip', why: 'closed' };
    if (isBarred(known, sight)) return { kind: 'skip', why: 'barred' };
    return sight.link === null ? { kind: 'undecided' } : { kind: 'skip', why: 'linked' };
  }
  // A visit that a person called off before the first look: there is no level yet that a change could be seen against.
  if (known === null) return { kind: 'nothing' };
  if (phase === 'over') {
    if (sight.gone || !hasEdge(known, sight)) return { kind: 'nothing' };
    return sight.barred === null ? { kind: 'start' } : { kind: 'barred', why: sight.barred };
  }

  const wentAway = sight.gone && !known.gone ? GONE_WORDS[sight.gone] : null;
  // A ticket that is gone keeps its level: that it is closed as well must not be a loss at every look.
  const wasClosed = sight.closed && !known.closed && !sight.gone ? 'closed or resolved' : null;
  const lost = wentAway ?? wasClosed;
  if (lost !== null) return { kind: 'lost', how: 'closed', what: lost };
  if (sight.gone || sight.closed) return { kind: 'nothing' };
  if (known.matches && !matches) {
    return hasLeft(known, sight)
      ? { kind: 'lost', how: 'removed', what: 'taken out of the rule' }
      : { kind: 'nothing' };
  }
  if (known.gone) return { kind: 'back' };
  if ((known.closed || !known.matches) && matches) return { kind: 'back' };
  return { kind: 'nothing' };
}
