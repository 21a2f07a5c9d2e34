/**
 * The intake of product events, compatible with Segment's HTTP tracking API. Promise: 200 only once Temporal has every
 * accepted event of the request; an event that the gates drop never gets that far. Source: interface 4 and 6.
 */
import { setImmediate as othersFirst } from 'node:timers/promises';
import { type Router, type Request, type RequestHandler } from 'express';
import { exactRouter } from './exact-router';
import type { Source } from '../contract/alerts';
import type { ContactEvents, DropReason } from '../contract/contact';
import type { CallType } from '../domain/contacts';
import { inPieces } from '../domain/in-pieces';
import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import type { JudgeEvent } from '../temporal/contact-intake';
import type { ContactStarter } from '../temporal/contacts';
import { bytesOf, jsonObjectOf, own, rawBody } from './body';
import { DropLog } from './drop-log';
import { inTime } from './in-time';
import { malformed, unauthorized } from './problem';
import { logOf } from './request-log';
import { secretMatches } from './signatures';

export interface IntakeDeps {
  contacts: Pick<ContactStarter, 'accept'>;
  judge: JudgeEvent;
  writeKeys: readonly string[];
  metrics: Pick<Metrics, 'event'>;
  log: Logger;
  /** A request came whose write key is right. */
  came: (source: Source) => void;
  /** How long Temporal may take to store what came, in ms; absent: what the interface promises. */
  answerWithinMs?: number;
}

const EVENT_LIMIT = { bytes: 32_000, words: '32 kB' };
const BATCH_LIMIT = { bytes: 500_000, words: '500 kB' };
const JSON_TYPES = ['application/json'];

/** Thousands of events take seconds to judge; after so many, other requests get their turn. */
const AT_ONCE = 200;

/** Routes of single calls; those that never make a contact are taken so that a sender need not be changed. */
const CALLS: readonly CallType[] = ['identify', 'track', 'page', 'screen', 'group', 'alias'];

/** What a sender is told of one event of its batch. */
type EventResult =
  | { status: 'accepted'; notes?: string[] }
  | { status: 'dropped'; reason: DropReason }
  | { status: 'invalid'; errors: string[] };

export function intakeRoutes({ contacts, judge, writeKeys, metrics, log, came, answerWithinMs }: IntakeDeps): Router {
  const router = exactRouter();
  const dropLog = new DropLog(log);

  /** Judges one event and, when it is accepted, adds it to its contact's. */
  const take = (item: unknown, type: CallType | undefined, accepted: Map<string, ContactEvents>): EventResult => {
    const verdict = judge(item, type);
    if ('invalid' in verdict) return { status: 'invalid', errors: verdict.invalid };
    if ('dropped' in verdict) return { status: 'dropped', reason: verdict.dropped };
    const { hash, accepted: event } = verdict;
    const known = accepted.get(hash);
    if (known) known.events.push(event);
    else accepted.set(hash, { hash, events: [event] });
    return { status: 'accepted', ...(event.notes.length > 0 ? { notes: event.notes } : {}) };
  };

  const store = async (accepted: Map<string, ContactEvents>, results: EventResult[]): Promise<void> => {
    if (accepted.size > 0) await inTime(contacts.accept([...accepted.values()]), answerWithinMs);
    // Only now: a request that is sent again is counted once.
    for (const result of results) {
      if (result.status !== 'dropped') metrics.event(result.status);
      else {
        metrics.event('dropped', result.reason);
        dropLog.note(result.reason);
      }
    }
  };

  const single =
    (type: CallType): RequestHandler =>
    async (request, response) => {
      const body = bodyOf(request, writeKeys);
      came('events');
      const accepted = new Map<string, ContactEvents>();
      const result = take(body, type, accepted);
      if (result.status === 'invalid') {
        metrics.event('invalid');
        throw malformed(result.errors.join('; '));
      }
      await store(accepted, [result]);
      if (result.status === 'accepted') logOf(response).info({ notes: result.notes }, 'event accepted');
      response.json({ success: true });
    };

  for (const type of CALLS) router.post(`/v1/${type}`, ...rawBody(JSON_TYPES, EVENT_LIMIT), single(type));

  router.post('/v1/batch', ...rawBody(JSON_TYPES, BATCH_LIMIT), async (request, response) => {
    const items = own(bodyOf(request, writeKeys), 'batch');
    came('events');
    if (!Array.isArray(items)) throw malformed('batch: is not a list; send {"batch": [event, …]}.');
    // Only a large body can hold an event that is too large.
    const mayBeTooLarge = bytesOf(request).length > EVENT_LIMIT.bytes;
    const accepted = new Map<string, ContactEvents>();
    const judged = (item: unknown): EventResult => {
      if (mayBeTooLarge && Buffer.byteLength(JSON.stringify(item)) > EVENT_LIMIT.bytes) {
        return { status: 'invalid', errors: [`is larger than ${EVENT_LIMIT.words}`] };
      }
      return take(item, undefined, accepted);
    };
    const results: EventResult[] = [];
    for (const piece of inPieces(items, AT_ONCE)) {
      for (const item of piece) results.push(judged(item));
      if (piece.length === AT_ONCE) await othersFirst();
    }
    await store(accepted, results);
    const counts = { accepted: 0, dropped: 0, invalid: 0 };
    for (const { status } of results) counts[status]++;
    if (counts.accepted + counts.invalid > 0) logOf(response).info(counts, 'batch of events taken');
    response.json({ success: true, results });
  });

  return router;
}

/** The write key comes as Basic user, as analytics libraries send it, or in the body. @throws Problem 400, 401 */
function bodyOf(request: Request, writeKeys: readonly string[]): Record<string, unknown> {
  const basic = /^Basic +([\w+/=-]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const [user = ''] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString('utf8').split(':');
  const isKnown = secretMatches(user, writeKeys);
  // Who has no key is not told what is wrong with the body.
  const body = isKnown ? jsonObjectOf(request) : (jsonOrNothing(request) ?? {});
  const inBody = own(body, 'writeKey');
  if (isKnown || (typeof inBody === 'string' && secretMatches(inBody, writeKeys))) return body;
  throw unauthorized('Basic realm="deskbridge"');
}

function jsonOrNothing(request: Request): Record<string, unknown> | null {
  try {
    return jsonObjectOf(request);
  } catch {
    return null;
  }
}
