/**
 * The intake of product events, compatible with Segment's HTTP tracking API. Promise: 200 only once Temporal has every
 * accepted event of the request; an event that the gates drop never gets that far. Source: interface 4 and 6.
 */
import { setImmediate as othersFirst } from 'node:timers/promises';
import { type Router, type Request, type RequestHandler } from 'express';
import { exactRouter } from '../exact-router';
import type { Source } from '../contract/alerts';
import type { ContactEvents, DropReason } from '../contract/contact';
import { entriesAt, NOTHING_SHARED, type CallType, type SharedEntries } from '../domain/contacts';
import { inPieces } from '../domain/in-pieces';
import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import type { JudgeEvent, Judgement } from '../temporal/contact-intake';
import type { ContactStarter } from '../temporal/contacts';
import { bytesOf, jsonObjectOf, mediaTypeOf, own, rawBody } from './body';
import { DropLog } from './drop-log';
import type { EventLog } from './event-log';
import { inTime } from './in-time';
import { malformed, tooLarge, unauthorized } from './problem';
import { logOf } from './request-log';
import { secretMatches } from './signatures';

export interface IntakeDeps {
  contacts: Pick<ContactStarter, 'accept'>;
  judge: JudgeEvent;
  writeKeys: readonly string[];
  metrics: Pick<Metrics, 'event'>;
  /** What came in, for who asks why an event did not arrive. */
  events: Pick<EventLog, 'note'>;
  log: Logger;
  /** A request came whose write key is right. */
  came: (source: Source) => void;
  /** How long Temporal may take to store what came, in ms; absent: what the interface promises. */
  answerWithinMs?: number;
}

const EVENT_LIMIT = { bytes: 32_000, words: '32 kB' };
const BATCH_LIMIT = { bytes: 500_000, words: '500 kB' };
const JSON_TYPES = ['application/json'];

/** No batch of real events within the limit in bytes has so many; without it a small request makes a huge answer. */
const MOST_EVENTS = 10_000;

/** Thousands of events take seconds to judge; after so many, other requests get their turn. */
const AT_ONCE = 200;

/** Routes of single calls; those that never make a contact are taken so that a sender need not be changed. */
const CALLS: readonly CallType[] = ['identify', 'track', 'page', 'screen', 'group', 'alias'];

/** What a sender is told of one event of its batch. */
type EventResult =
  | { status: 'accepted'; notes?: string[] }
  | { status: 'dropped'; reason: DropReason; notes?: string[] }
  | { status: 'invalid'; errors: string[] };

/** What the events of one request come to. */
interface Taken {
  /** By contact. */
  contacts: Map<string, ContactEvents>;
  judgements: { judgement: Judgement; type: string }[];
}

export function intakeRoutes(deps: IntakeDeps): Router {
  const { contacts, judge, writeKeys, metrics, events: log, came, answerWithinMs } = deps;
  const router = exactRouter();
  const dropLog = new DropLog(deps.log);

  const add = (taken: Taken, { hash, older, events }: ContactEvents): void => {
    const known = taken.contacts.get(hash);
    if (known) known.events.push(...events);
    else taken.contacts.set(hash, { hash, ...(older && older.length > 0 ? { older } : {}), events: [...events] });
  };

  /** Judges one event and, when something of it goes on, adds it to its contact's. */
  const take = (taken: Taken, item: unknown, type?: CallType, shared?: SharedEntries): Judgement => {
    const judgement = judge(item, type, shared);
    taken.judgements.push({ judgement, type: type ?? typeIn(item) });
    if ('accepted' in judgement) {
      const { accepted, hash, older } = judgement;
      add(taken, { hash, older, events: [accepted] });
    } else if ('dropped' in judgement && judgement.withdrawal) add(taken, judgement.withdrawal);
    return judgement;
  };

  const store = async ({ contacts: some, judgements }: Taken): Promise<void> => {
    if (some.size > 0) await inTime(contacts.accept([...some.values()]), answerWithinMs);
    // Only now: a request that is sent again is counted once.
    for (const { judgement, type } of judgements) {
      log.note(judgement, type);
      if (!('dropped' in judgement)) metrics.event('accepted' in judgement ? 'accepted' : 'invalid');
      else {
        metrics.event('dropped', judgement.dropped);
        dropLog.note(judgement.dropped);
      }
    }
  };

  const single =
    (type: CallType): RequestHandler =>
    async (request, response) => {
      const body = bodyOf(request, writeKeys);
      came('events');
      const taken: Taken = { contacts: new Map(), judgements: [] };
      const judgement = take(taken, body, type);
      await store(taken);
      if ('invalid' in judgement) throw malformed(judgement.invalid.join('; '));
      if ('accepted' in judgement) {
        const { notes } = judgement.accepted;
        logOf(response).info({ notes }, 'event accepted');
        response.json({ success: true, outcome: 'accepted', reason: null, notes });
      } else response.json({ success: true, outcome: 'dropped', reason: judgement.dropped, notes: judgement.notes });
    };

  for (const type of CALLS) router.post(`/v1/${type}`, packedJson, ...rawBody(JSON_TYPES, EVENT_LIMIT), single(type));

  const batch: RequestHandler = async (request, response) => {
    const body = bodyOf(request, writeKeys);
    const items = own(body, 'batch');
    came('events');
    if (!Array.isArray(items)) throw malformed('batch: is not a list; send {"batch": [event, …]}.');
    if (items.length > MOST_EVENTS) throw tooLarge(`${MOST_EVENTS} events`);
    const shared = sharedOf(body);
    // Only a large body can hold an event that is too large.
    const mayBeTooLarge = bytesOf(request).length > EVENT_LIMIT.bytes;
    const taken: Taken = { contacts: new Map(), judgements: [] };
    const judged = (item: unknown): EventResult => {
      if (!mayBeTooLarge || Buffer.byteLength(JSON.stringify(item)) <= EVENT_LIMIT.bytes) {
        return resultOf(take(taken, item, undefined, shared));
      }
      const judgement = { invalid: [`is larger than ${EVENT_LIMIT.words}`] };
      taken.judgements.push({ judgement, type: typeIn(item) });
      return resultOf(judgement);
    };
    const results: EventResult[] = [];
    for (const piece of inPieces(items, AT_ONCE)) {
      for (const item of piece) results.push(judged(item));
      if (piece.length === AT_ONCE) await othersFirst();
    }
    await store(taken);
    const counts = { accepted: 0, dropped: 0, invalid: 0 };
    for (const { status } of results) counts[status]++;
    if (counts.accepted + counts.invalid > 0) logOf(response).info(counts, 'batch of events taken');
    response.json({ success: true, results });
  };
  for (const route of ['/v1/batch', '/v1/import'])
    router.post(route, packedJson, ...rawBody(JSON_TYPES, BATCH_LIMIT), batch);

  return router;
}

/** RudderStack's library for Node packs its JSON and leaves the type to its HTTP client, which says that it is a form. */
const packedJson: RequestHandler = (request, _response, next) => {
  const isForm = mediaTypeOf(request) === 'application/x-www-form-urlencoded';
  if (isForm && request.headers['content-encoding'] === 'gzip') request.headers['content-type'] = 'application/json';
  next();
};

function resultOf(judgement: Judgement): EventResult {
  if ('invalid' in judgement) return { status: 'invalid', errors: judgement.invalid };
  const notes = 'dropped' in judgement ? judgement.notes : judgement.accepted.notes;
  const told = notes.length > 0 ? { notes } : {};
  return 'dropped' in judgement
    ? { status: 'dropped', reason: judgement.dropped, ...told }
    : { status: 'accepted', ...told };
}

const typeIn = (item: unknown): string => CALLS.find((type) => type === own(item, 'type')) ?? '';

/** It is copied into each of the events, so it may be no larger than one. @throws Problem 400 */
function sharedOf(body: Record<string, unknown>): SharedEntries {
  const errors: string[] = [];
  const shared = {
    context: entriesAt(body, 'context', 'context', errors),
    integrations: entriesAt(body, 'integrations', 'integrations', []),
  };
  if (errors.length > 0) throw malformed(errors.join('; '));
  if (shared.context === NOTHING_SHARED.context && shared.integrations === NOTHING_SHARED.integrations) {
    return NOTHING_SHARED;
  }
  if (Buffer.byteLength(JSON.stringify(shared)) > EVENT_LIMIT.bytes) {
    throw malformed(`context: of a batch, with integrations, is larger than ${EVENT_LIMIT.words}`);
  }
  return shared;
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
