/**
 * From an analytics call to an event that Temporal may keep: checked, gated, mapped and marked. Promise: nothing of a call
 * goes on but what the mapping takes from it. Shared by the intake and by imports.
 */
import { randomUUID } from 'node:crypto';
import type { Config } from '../config/schema';
import type { ContactEvent, DropReason } from '../contract/contact';
import { judgeCall, marksOf, readCall, type AcceptedContact, type CallType } from '../domain/contacts';
import type { ContactKeys } from './contact-keys';

export type Judgement =
  | { invalid: string[] }
  | { dropped: DropReason }
  /** `hash` names the contact's workflow. */
  | { accepted: ContactEvent; hash: string };

export interface JudgeOptions {
  keys: ContactKeys;
  config: { current(): Config };
  /** In imports consent may be the text `true` as well. */
  textConsent?: boolean;
}

/** `type` is what the route says; without it the call says so itself. */
export type JudgeEvent = (item: unknown, type?: CallType) => Judgement;

export const createEventJudge =
  ({ keys, config, textConsent = false }: JudgeOptions): JudgeEvent =>
  (item, type) => {
    const read = readCall(item, type);
    if ('errors' in read) return { invalid: read.errors };
    const verdict = judgeCall(read.call, { ...config.current().contacts, textConsent });
    if ('dropped' in verdict) return verdict;
    return marked(verdict.accepted, read.call.messageId, keys);
  };

function marked(accepted: AcceptedContact, messageId: string | null, keys: ContactKeys): Judgement {
  const { event, action, contact, standInName, notes, identity, userId, email } = accepted;
  const hash = keys.identifier(identity.kind, identity.value);
  const ids = new Set([hash]);
  if (userId !== null) ids.add(keys.identifier('user', userId));
  if (email !== null) ids.add(keys.identifier('email', email));
  return {
    hash,
    accepted: {
      key: messageId === null ? randomUUID() : keys.mark(messageId),
      receivedAt: Date.now(),
      name: event,
      action,
      contact,
      standInName,
      marks: marksOf(contact, standInName, (text) => keys.mark(text)),
      ids: [...ids],
      notes,
    },
  };
}
