/**
 * From an analytics call to an event that Temporal may keep: checked, gated, mapped and marked. Promise: nothing of a call
 * goes on but what the mapping takes from it. Shared by the intake and by imports.
 */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config/schema';
import type { ContactEvent, ContactEvents, DropReason } from '../contract/contact';
import {
  judgeCall,
  marksOf,
  readCall,
  type AcceptedContact,
  type AnalyticsCall,
  type CallType,
  type SharedEntries,
} from '../domain/contacts';
import type { ContactKeys } from './contact-keys';

/** What a list may show of a call. */
export interface SeenCall {
  type: CallType;
  event: string;
  /** Keyed hashes of user id and e-mail. */
  ids: string[];
}

export type Judgement =
  | { invalid: string[] }
  /** `withdrawal` goes to the contact's run, though nothing of the call is sent. */
  | { dropped: DropReason; notes: string[]; seen: SeenCall; withdrawal?: ContactEvents }
  | { accepted: ContactEvent; hash: string; older: string[]; seen: SeenCall };

export interface JudgeOptions {
  keys: ContactKeys;
  config: { current(): Config };
  /** In imports consent may be the text `true` as well. */
  textConsent?: boolean;
  now?: () => number;
}

/** `type` is what the route says; without it the call says so itself. `shared` is what a batch says for all of its events. */
export type JudgeEvent = (item: unknown, type?: CallType, shared?: SharedEntries) => Judgement;

export const createEventJudge =
  ({ keys, config, textConsent = false, now = Date.now }: JudgeOptions): JudgeEvent =>
  (item, type, shared) => {
    const read = readCall(item, type, shared);
    if ('errors' in read) return { invalid: read.errors };
    const { call } = read;
    const verdict = judgeCall(call, { ...config.current().contacts, textConsent });
    const seen: SeenCall = { type: call.type, event: call.event, ids: seenIds(call, keys) };
    if ('dropped' in verdict) {
      const { dropped, notes = [], withdrawal } = verdict;
      if (!withdrawal) return { dropped, notes, seen };
      const { event, ...names } = marked(withdrawal, call, keys, now());
      return { dropped, notes, seen, withdrawal: { ...names, events: [event] } };
    }
    const { event: accepted, ...names } = marked(verdict.accepted, call, keys, now());
    return { accepted, ...names, seen };
  };

function marked(
  accepted: AcceptedContact,
  { messageId, timestamp }: AnalyticsCall,
  keys: ContactKeys,
  receivedAt: number,
): { event: ContactEvent; hash: string; older: string[] } {
  const { type, event, action, contact, standInName, notes, identity, userId, email } = accepted;
  const [hash = '', ...older] = keys.identifiers(identity.kind, identity.value);
  const ids = new Set([hash, ...older]);
  if (userId !== null) for (const id of keys.identifiers('user', userId)) ids.add(id);
  if (email !== null) for (const id of keys.identifiers('email', email)) ids.add(id);
  const made: ContactEvent = {
    key: messageId === null ? randomUUID() : keys.mark(messageId),
    receivedAt,
    // A clock that runs ahead must not outlast every later yes or no.
    ...(timestamp === null ? {} : { at: Math.min(timestamp, receivedAt) }),
    type,
    name: event,
    action,
    contact,
    standInName,
    marks: marksOf(contact, standInName, (text) => keys.mark(text)),
    ids: [...ids],
    notes,
  };
  return { event: made, hash, older };
}

/** Of a dropped call too: who looks for a person's event finds why it went no further. */
function seenIds({ userId, traits }: AnalyticsCall, keys: ContactKeys): string[] {
  const email = Object.hasOwn(traits, 'email') ? traits.email : undefined;
  return [
    ...(userId === null ? [] : keys.anyOf(userId)),
    ...(typeof email === 'string' && email.length < 1000 ? keys.anyOf(email) : []),
  ];
}
