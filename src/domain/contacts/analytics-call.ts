/**
 * One call of a Segment-compatible sender, checked in form. Promise: only own properties are read, nothing is copied that
 * need not be (most calls end as dropped), and no error repeats what the sender wrote.
 */

export const CALL_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof CALL_TYPES)[number];

export type Entries = Record<string, unknown>;

/** One Segment call, checked in form. */
export interface AnalyticsCall {
  type: CallType;
  /** Name of a track call, `Identified` for identify, empty for the others. */
  event: string;
  /** Trimmed; null for nobody. It may still be too long to be used. */
  userId: string | null;
  messageId: string | null;
  traits: Entries;
  properties: Entries;
  /** What the paths of the config start at: context, consent, traits, properties, event, userId, integrations. */
  source: Entries;
}

/** Reads one call; `type` is that of the route, for calls that need not say it. */
export function readCall(item: unknown, type?: CallType): { call: AnalyticsCall } | { errors: string[] } {
  if (!isEntries(item)) return { errors: ['event: not an object; send one JSON object for each event'] };
  const errors: string[] = [];
  const known = typeOf(own(item, 'type'), type, errors);
  const event = eventOf(item, known, errors);
  const userId = userIdOf(own(item, 'userId'), errors);
  const messageId = messageIdOf(own(item, 'messageId'), errors);
  const properties = entriesAt(item, 'properties', 'properties', errors);
  const context = entriesAt(item, 'context', 'context', errors);
  const traits = traitsOf(item, context, known, errors);
  if (known === null || errors.length > 0) return { errors };
  const consent = own(item, 'consent');
  const integrations = own(item, 'integrations');
  const source = { context, consent, traits, properties, event, userId, integrations };
  return { call: { type: known, event, userId, messageId, traits, properties, source } };
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
  return event;
}

function userIdOf(value: unknown, errors: string[]): string | null {
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
  const text = String(value).trim();
  return text === '' || NOBODY.has(text.toLowerCase()) ? null : text;
}

/** What broken senders write for nobody. Taken as ids they would make one contact out of all these people. */
const NOBODY = new Set([
  ...['null', '(null)', '<null>', 'nil', 'none', 'undefined', 'nan', '[object object]'],
  ...['0', '00000000-0000-0000-0000-000000000000'],
]);

function messageIdOf(value: unknown, errors: string[]): string | null {
  if (isAbsent(value) || value === '') return null;
  if (typeof value !== 'string') errors.push('messageId: not a text; send it as text, or leave it out');
  else if (value.length <= LONGEST_NAME) return value;
  else errors.push(`messageId: longer than ${LONGEST_NAME} characters; send a shorter one, such as a UUID`);
  return null;
}

const LONGEST_NAME = 200;

const NONE: Entries = Object.freeze({});

function entriesAt(holder: Entries, field: string, label: string, errors: string[]): Entries {
  const value = own(holder, field);
  if (isAbsent(value)) return NONE;
  if (isEntries(value)) return value;
  errors.push(`${label}: not an object; send names with their values, or leave it out`);
  return NONE;
}

/** What identify says of the person stands in the call; the other calls may tell it in their context as well. */
function traitsOf(item: Entries, context: Entries, type: CallType | null, errors: string[]): Entries {
  const traits = entriesAt(item, 'traits', 'traits', errors);
  const inContext = entriesAt(context, 'traits', 'context.traits', errors);
  if (type === 'identify' || inContext === NONE) return traits;
  return traits === NONE ? inContext : { ...inContext, ...traits };
}
