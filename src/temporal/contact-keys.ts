/**
 * Keyed hashes that stand for identifiers and values of people in ids, search attributes and memos, which Temporal keeps
 * in plain text. Promise: the same in every process with the same key; nobody without it can tell whose they are.
 */
import { createHmac, hkdfSync } from 'node:crypto';

export type IdentifierKind = 'user' | 'email' | 'phone';

export interface ContactKeys {
  /** Of an identifier: 32 hex characters, part of a workflow id and value of a search attribute. */
  identifier(kind: IdentifierKind, value: string): string;
  /** Of a value or message id: 16 characters, compared but never looked up. */
  mark(text: string): string;
}

/** `secret` is the write key of events: all processes have it, and who has it may send events anyway. */
export function createContactKeys(secret: string, account: string): ContactKeys {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `deskbridge contacts of ${account}`, 32));
  const hmac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    identifier: (kind, value) => hmac(`${kind}:${value}`).subarray(0, 16).toString('hex'),
    mark: (text) => hmac(`mark:${text}`).subarray(0, 12).toString('base64url'),
  };
}
