/**
 * One call of a Segment-compatible sender, checked in form. Promise: only own properties are read, nothing is copied that
 * need not be (most calls end as dropped), and no error repeats what the sender wrote.
 */

import { isNobody } from './nobody';
import { withoutInvisible } from './values';

export const CALL_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof CALL_TYPES)[number];

export type Entries = Record<string, unknown>;

/** One Segment call, checked in form. */
export interface AnalyticsCall {
  type: CallType;
  /** Name of a track call, `Identified` for identify, empty for the others. */
  event: string;
  /** Trimmed, without invisible characters; null for nobody. It may still be too long to be used. */
  userId: string | null;
  messageId: string | null;
  /** When it happened by its sender's clock, in ms since 1970; null when it does not say so. */
  timestamp: number | null;
  /** What of it is left out already. */
  notes: string[];
  traits: Entries;
  properties: Entries;
  /** What the paths of the config start at: context, consent, traits, properties, event, userId, integrations. */
  source: Entries;
  /** What the event's own values hide; a no counts here too. */
  hidden: Entries[];
}

/** What a batch says for each of its events. */
export interface SharedEntries {
  context: Entries;
  integrations: Entries;
}

/**
 * Reads one call; `type` is that of the route, for calls that need not say it. An empty list counts as absent where names
 * with values are expected: some languages have one word for both.
 */
export function readCall(
  item: unknown,
  type?: CallType,
  shared: SharedEntries = NOTHING_SHARED,
): { call: AnalyticsCall } | { errors: string[] } {
  if (!isEntries(item)) return { errors: ['event: not an object; send one JSON object for each event'] };
  const errors: string[] = [];
  const known = typeOf(own(item, 'type'), type, errors);
  const event = eventOf(item, known, errors);
  const notes: string[] = [];
  const userId = userIdOf(own(item, 'userId'), errors, notes);
  const messageId = messageIdOf(own(item, 'messageId'), errors);
  const timestamp = timestampOf(item, notes);
  const properties = entriesAt(item, 'properties', 'properties', errors);
  const context = over(shared.context, entriesAt(item, 'context', 'context', errors));
  const inContext = entriesAt(context, 'traits', 'context.traits', errors);
  const traits = over(inContext, entriesAt(item, 'traits', 'traits', errors));
  if (known === null || errors.length > 0) return { errors };
  const consent = own(item, 'consent');
  const integrations = over(shared.integrations, entriesAt(item, 'integrations', 'integrations', []));
  const source = { context, consent, traits, properties, event, userId, integrations };
  const hidden = [
    ...(inContext === NONE || inContext === traits ? [] : [{ traits: inContext }]),
    ...(shared.context === NONE ? [] : [{ context: shared.context }, { traits: own(shared.context, 'traits') }]),
  ];
  return { call: { type: known, event, userId, messageId, timestamp, notes, traits, properties, source, hidden } };
}

export const own = (holder: Entries, field: string): unknown =>
  Object.hasOwn(holder, field) ? holder[field] : undefined;

const isEntries = (value: unknown): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function typeOf(value: unknown, expected: CallType | undefined, errors: string[]): CallType | null {
  if (isAbsent(value)) {
    if (expected === undefined) errors.push(`type: missing; write one of ${CALL_TYPES.join(', ')}`);
    return expected ?? null;
  }
  const type = CALL_TYPES.find((known) => known === value);
  if (type === undefined) errors.push(`type: unknown; write one of ${CALL_TYPES.join(', ')}`);
  else if (expected !== undefined && type !== expected) {
    errors.push(`type: says ${type} where ${expected} is expected; leave it out or send the event as ${type}`);
  }
  return type ?? null;
}

function eventOf(item: Entries, type: CallType | null, errors: string[]): string {
  if (type === 'identify') return 'Identified';
  if (type !== 'track') return '';
  const event = own(item, 'event');
  if (typeof event !== 'string' || event.trim() === '') {
    errors.push('event: missing or not a text; name what happened, such as Signed Up');
    return '';
  }
  if (event.length > LONGEST_NAME) errors.push(`event: longer than ${LONGEST_NAME} characters; use a shorter name`);
  return event.trim();
}

function userIdOf(value: unknown, errors: string[], notes: string[]): string | null {
  if (isAbsent(value)) return null;
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    // Numbers this large are rounded when they are read, so that several people would share one id.
    errors.push('userId: too large for a number; send it as text');
    return null;
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    errors.push('userId: neither text nor a number; send the user id as text, or leave it out');
    return null;
  }
  const given = String(value).trim();
  const text = withoutInvisible(given);
  if (given === '') return null;
  if (isNobody(text)) {
    notes.push('userId: stands for nobody; left out');
    return null;
  }
  if (text !== given) notes.push('userId: invisible characters; taken off');
  return text;
}

function messageIdOf(value: unknown, errors: string[]): string | null {
  if (isAbsent(value) || value === '') return null;
  if (typeof value !== 'string' && typeof value !== 'number') {
    errors.push('messageId: neither text nor a number; send it as text, or leave it out');
  } else if (String(value).length <= LONGEST_NAME) return String(value);
  else errors.push(`messageId: longer than ${LONGEST_NAME} characters; send a shorter one, such as a UUID`);
  return null;
}

/** ISO 8601, as all libraries of this kind write it; some name it as it was before their server would correct it. */
function timestampOf(item: Entries, notes: string[]): number | null {
  const value = own(item, 'timestamp') ?? own(item, 'originalTimestamp');
  if (isAbsent(value) || value === '') return null;
  const text = typeof value === 'string' && ISO_TIME.test(value.trim()) ? value.trim() : '';
  // A time without a zone would be one of this machine.
  const time = Date.parse(text.length > 10 && !ZONE.test(text) ? `${text}Z` : text);
  if (Number.isFinite(time)) return time;
  notes.push('timestamp: not a time in ISO 8601; the time of arrival counts');
  return null;
}

const ZONE = /(?:Z|[+-]\d\d:?\d\d)$/;
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

const LONGEST_NAME = 200;

const NONE: Entries = Object.freeze({});
export const NOTHING_SHARED: SharedEntries = { context: NONE, integrations: NONE };

export function entriesAt(holder: Entries, field: string, label: string, errors: string[]): Entries {
  const value = own(holder, field);
  if (isAbsent(value) || (Array.isArray(value) && value.length === 0)) return NONE;
  if (isEntries(value)) return value;
  errors.push(`${label}: not an object; send names with their values, or leave it out`);
  return NONE;
}

/** Both, the second one's values winning; what holds names on both sides is joined in the same way. */
function over(first: Entries, second: Entries): Entries {
  if (first === NONE) return second;
  if (second === NONE) return first;
  const joined = new Map<string, unknown>(Object.entries(first));
  for (const [name, value] of Object.entries(second)) {
    const before = joined.get(name);
    joined.set(name, isEntries(before) && isEntries(value) ? over(before, value) : value);
  }
  return Object.fromEntries(joined);
}
