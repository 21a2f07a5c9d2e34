/**
 * The ticket as a look sees it, the level that is known of it, and the edge between the two. Promise: only a change of the
 * ticket is an edge, never a level. Source: interface, section 8.
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

export const ruleMatches = (sight: Pick<TicketSight, 'statusMatches' | 'matchingTags' | 'values'>): boolean =>
  sight.statusMatches || sight.matchingTags.length > 0 || sight.values.some(({ matches }) => matches);

/** Freshdesk's Open: the status that a customer's reply gives to a ticket, wherever it was. */
const OPEN = 2;

/** A reply to a closed or pending ticket cannot be told from a person who opens it, so neither sends anybody again. */
export const isReopened = (sight: TicketSight): boolean => sight.status === OPEN;

export const valueIn = (values: readonly RuleValue[], { key }: RuleValue): RuleValue | undefined =>
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

/** `dispatch.only` keeps a visit from beginning, now or since the ticket came to match. */
export const isBarred = (known: KnownTicket | null, sight: TicketSight): boolean =>
  ruleMatches(sight) && (sight.barred !== null || (known?.barred === true && !hasEdge(known, sight)));
