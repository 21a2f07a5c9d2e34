/**
 * Keyed hashes that stand for identifiers and values of people in ids, search attributes and memos, which Temporal keeps
 * in plain text. Promise: the same in every process with the same keys; nobody without them can tell whose they are.
 */
import { createHmac, hkdfSync } from 'node:crypto';
import { toAsciiLower, withoutInvisible } from '../domain/contacts/values';

export type IdentifierKind = 'user' | 'email' | 'phone';

export interface ContactKeys {
  /** Of an identifier: 32 hex characters, part of a workflow id and value of a search attribute. */
  identifier(kind: IdentifierKind, value: string): string;
  /** The same under every key, the newest first: older ones still find what waits. */
  identifiers(kind: IdentifierKind, value: string): string[];
  /** Of what an operator typed, which may be a user id or an e-mail. */
  anyOf(who: string): string[];
  /** Of a value or message id: 16 characters, compared but never looked up. */
  mark(text: string): string;
}

/** `secrets`: the first one names, older ones still find. @throws RangeError when there is none */
export function createContactKeys(secrets: string | readonly string[], account: string): ContactKeys {
  const keys = [secrets]
    .flat()
    .map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `deskbridge contacts of ${account}`, 32)));
  const [first] = keys;
  if (!first) throw new RangeError('no key for the hashes of contacts');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const hash = (key: Buffer, kind: IdentifierKind, value: string): string =>
    hmac(key, `${kind}:${value}`).subarray(0, 16).toString('hex');
  const identifiers: ContactKeys['identifiers'] = (kind, value) => keys.map((key) => hash(key, kind, value));
  return {
    identifier: (kind, value) => hash(first, kind, value),
    identifiers,
    anyOf: (who) => {
      const value = withoutInvisible(who);
      return [...identifiers('user', value), ...identifiers('email', toAsciiLower(value))];
    },
    mark: (text) => hmac(first, `mark:${text}`).subarray(0, 12).toString('base64url'),
  };
}
