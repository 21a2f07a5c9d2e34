/**
 * What a look at the ticket means for its dispatch. Promise: only an edge starts a visit, never a level, and nothing that
 * Deskbridge wrote itself counts as a person's change. This is where an unwanted work order would be born. Source:
 * interface, section 8.
 */

/** What the rule looks at beside status and tags: `priority`, `type`, or a ticket field by its key. */
export interface RuleValue {
  key: string;
  /** As it is compared: text without blanks around it, in lower case; empty when the ticket has none. */
  value: string;
  /** It is one of the rule's. */
  matches: boolean;
}

/** The ticket as one look saw it, with the rule of the config of that moment applied to it. */
export interface TicketSight {
  status: number;
  /** In lower case: Freshdesk's tags know none. */
  tags: string[];
  /** Deleted, spam or not found: nothing can be read from or written to it. */
  gone: 'deleted' | 'spam' | 'not-found' | null;
  /** Resolved or Closed. */
  closed: boolean;
  /** The status is one of the rule's. */
  statusMatches: boolean;
  /** Those of the rule's tags that the ticket has. */
  matchingTags: string[];
  values: RuleValue[];
  /** Why `dispatch.only` lets no visit begin, in words; null when it does. */
  barred: string | null;
  /** What the link field holds; null when empty or when no link field is configured. */
  link: string | null;
}

/** What is known of the ticket since the last look or write: the level that edges are measured against. */
export interface KnownTicket {
  status: number;
  tags: string[];
  gone: boolean;
  closed: boolean;
  /** It was a person who closed it, not a status of ours. */
  closedByPerson: boolean;
  /** It came into a trigger status and is still in one. */
  statusMatches: boolean;
  values: RuleValue[];
  matches: boolean;
  /** `dispatch.only` let nothing begin when it came to match: that this comes to hold later is no edge. */
  barred: boolean;
}

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

export const ruleMatches = (sight: Pick<TicketSight, 'statusMatches' | 'matchingTags' | 'values'>): boolean =>
  sight.statusMatches || sight.matchingTags.length > 0 || sight.values.some(({ matches }) => matches);

/** Freshdesk's Open: the status that a customer's reply gives to a ticket, wherever it was. */
const OPEN = 2;

/** A reply to a closed or pending ticket cannot be told from a person who opens it, so neither sends anybody again. */
const isReopened = (sight: TicketSight): boolean => sight.status === OPEN;

const valueIn = (values: readonly RuleValue[], { key }: RuleValue): RuleValue | undefined =>
  values.find((value) => value.key === key);

/**
 * The ticket came into a trigger status, got a trigger tag that the last look did not see, or a value of it came to match.
 * What the config has begun to look at since then is no change of the ticket.
 */
export function hasEdge(known: KnownTicket, sight: TicketSight): boolean {
  const cameIn = sight.statusMatches && !known.statusMatches && sight.status !== known.status;
  const statusEdge = cameIn && !isReopened(sight);
  const tagEdge = sight.matchingTags.some((tag) => !known.tags.includes(tag));
  const valueEdge = sight.values.some((now) => {
    const before = valueIn(known.values, now);
    return now.matches && before !== undefined && !before.matches && before.value !== now.value;
  });
  return statusEdge || tagEdge || valueEdge;
}

const GONE_WORDS = { deleted: 'deleted', spam: 'marked as spam', 'not-found': 'no longer found' } as const;

/** The ticket itself changed since the last look; without that a rule that no longer matches was changed in the config. */
const hasLeft = (known: KnownTicket, sight: TicketSight): boolean =>
  sight.status !== known.status ||
  known.tags.some((tag) => !sight.tags.includes(tag)) ||
  known.values.some((before) => {
    const now = valueIn(sight.values, before);
    return before.matches && now !== undefined && now.value !== before.value;
  });

/** `dispatch.only` keeps a visit from beginning, now or since the ticket came to match. */
const isBarred = (known: KnownTicket | null, sight: TicketSight): boolean =>
  ruleMatches(sight) && (sight.barred !== null || (known?.barred === true && !hasEdge(known, sight)));

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

/** Reopened into a trigger status the ticket is not in the trigger yet: the next trigger status is an edge. */
const isInByEdge = (known: KnownTicket, sight: TicketSight): boolean =>
  sight.status === known.status ? known.statusMatches : !isReopened(sight);

/** The level that the next look is measured against, after a look. */
export function knownAfterLook(known: KnownTicket | null, sight: TicketSight): KnownTicket {
  // A deleted ticket keeps its level, so that restoring it is no edge.
  if (sight.gone && known) return { ...known, gone: true, matches: false };
  return {
    status: sight.status,
    tags: sight.tags,
    gone: sight.gone !== null,
    closed: sight.closed,
    closedByPerson: sight.closed && (known?.closed ? known.closedByPerson : true),
    statusMatches: sight.statusMatches && (known === null || isInByEdge(known, sight)),
    values: sight.values,
    matches: ruleMatches(sight),
    barred: isBarred(known, sight),
  };
}

/** What a write of ours changed on the ticket, and what the rule says of it. */
export interface OwnWrite {
  /** The status written; null when it was left alone. */
  status: number | null;
  closed: boolean;
  statusMatches: boolean;
  addedTags: string[];
  removedTags: string[];
  /** Trigger tags that the ticket has after the write. */
  matchingTags: string[];
  /** As the ticket has them after the write, and the keys of those that the write itself set. */
  values: RuleValue[];
  setKeys: string[];
}

/** The ticket is in no trigger that was not known before: the write set its status, and its tags came with the answer. */
export const showsNoTrigger = (known: KnownTicket | null, { status, matchingTags, values }: OwnWrite): boolean =>
  status !== null &&
  matchingTags.every((tag) => known?.tags.includes(tag)) &&
  values.every((now) => !now.matches || valueIn(known?.values ?? [], now)?.value === now.value);

/** The level after a write of our own: taken over at once, so that its echo is no edge and no loss. */
export function knownAfterWrite(known: KnownTicket, write: OwnWrite): KnownTicket {
  const tags = [...new Set([...known.tags.filter((tag) => !write.removedTags.includes(tag)), ...write.addedTags])];
  const wroteStatus = write.status !== null;
  const statusMatches = wroteStatus ? write.statusMatches : known.statusMatches;
  // A trigger tag that a person took off since the last look is for the next look to notice, not for the echo to hide.
  const matchedByValue = known.values.some(({ matches }) => matches);
  const matchedByTag = known.matches && !known.statusMatches && !matchedByValue && write.removedTags.length === 0;
  const values = known.values.map((before) =>
    write.setKeys.includes(before.key) ? (valueIn(write.values, before) ?? before) : before,
  );
  return {
    status: write.status ?? known.status,
    tags,
    gone: known.gone,
    closed: wroteStatus ? write.closed : known.closed,
    closedByPerson: !wroteStatus && known.closedByPerson,
    statusMatches,
    values,
    matches:
      statusMatches ||
      matchedByTag ||
      write.matchingTags.some((tag) => tags.includes(tag)) ||
      values.some(({ matches }) => matches),
    barred: known.barred,
  };
}
