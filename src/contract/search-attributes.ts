/** The search attributes of all runs: typed keys, and the names under which the service registers them at its start. Source: interface, section 5. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const TICKET_ID = defineSearchAttributeKey('DeskbridgeTicketId', SearchAttributeType.INT);
export const WORK_ORDER_ID = defineSearchAttributeKey('DeskbridgeWorkOrderId', SearchAttributeType.INT);
export const STATE = defineSearchAttributeKey('DeskbridgeState', SearchAttributeType.KEYWORD);
export const ATTENTION = defineSearchAttributeKey('DeskbridgeAttention', SearchAttributeType.KEYWORD);
/** What holds the newest visit back though nothing is wrong with it: `paused`. Unset while nothing does. */
export const HELD = defineSearchAttributeKey('DeskbridgeHeld', SearchAttributeType.KEYWORD);
/** Of the newest visit: when it was asked for, and when its work was done or called off. */
export const TRIGGERED_AT = defineSearchAttributeKey('DeskbridgeTriggeredAt', SearchAttributeType.DATETIME);
export const ENDED_AT = defineSearchAttributeKey('DeskbridgeEndedAt', SearchAttributeType.DATETIME);
/** When the newest visit starts, as Field Nation has it now, in seconds since 1970: SQLite's index holds three dates at most. */
export const START = defineSearchAttributeKey('DeskbridgeStart', SearchAttributeType.INT);
/** As {@link START} holds a moment given in ms. */
export const startSeconds = (ms: number): number => Math.floor(ms / 1000);
/** Since when the state is what it is. */
export const SINCE = defineSearchAttributeKey('DeskbridgeSince', SearchAttributeType.DATETIME);
/** Keyed hashes of the identifiers of a contact's events. */
export const CONTACT = defineSearchAttributeKey('DeskbridgeContact', SearchAttributeType.KEYWORD_LIST);

/** Type by name, as the engine spells it. */
export const SEARCH_ATTRIBUTES = {
  DeskbridgeTicketId: 'Int',
  DeskbridgeWorkOrderId: 'Int',
  DeskbridgeState: 'Keyword',
  DeskbridgeAttention: 'Keyword',
  DeskbridgeHeld: 'Keyword',
  DeskbridgeTriggeredAt: 'Datetime',
  DeskbridgeEndedAt: 'Datetime',
  DeskbridgeStart: 'Int',
  DeskbridgeSince: 'Datetime',
  DeskbridgeContact: 'KeywordList',
} as const;
