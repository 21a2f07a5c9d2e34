/**
 * The level that the next look is measured against. Promise: what Deskbridge wrote itself never counts as a person's change,
 * and nothing that a person did is taken for our own write. Source: interface, section 8.
 */
import {
  isBarred,
  isReopened,
  ruleMatches,
  valueIn,
  type KnownTicket,
  type RuleValue,
  type TicketSight,
} from './trigger';

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
