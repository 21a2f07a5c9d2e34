/** The keys of `DESKBRIDGE_ENCRYPTION_KEYS`. Promise: a problem names the entry, never a byte of a key. */
import { createSecretKey, type KeyObject } from 'node:crypto';

export interface EncryptionKey {
  /** Stands beside everything that was encrypted with it, in plain text. */
  id: string;
  secret: KeyObject;
}

export interface KeyProblem {
  problem: string;
  remedy: string;
}

const ID = /^[\w.-]{1,64}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const KEY_BYTES = 32;
const FORM = 'Give id:key, such as k2026:$(openssl rand -base64 32); several, comma-separated, the newest first.';
const NEW_KEY = 'Make one with: openssl rand -base64 32';

/** Reads `id:base64 of 32 bytes`, comma-separated; null: no keys. `problems` tells of every entry that is wrong. */
export function readEncryptionKeys(text: string | null): { keys: EncryptionKey[]; problems: KeyProblem[] } {
  const keys: EncryptionKey[] = [];
  const problems: KeyProblem[] = [];
  const entries = text?.split(',').map((entry) => entry.trim()) ?? [];
  for (const [index, entry] of entries.entries()) {
    const which = `entry ${index + 1} of ${entries.length}`;
    const [, id, encoded = ''] = /^([^:]*):(.*)$/.exec(entry) ?? [];
    // What is no id may be a key: it is not repeated.
    if (id === undefined || !ID.test(id)) {
      const problem = `${which} has no id of letters, digits, dots, dashes and underscores before a colon`;
      problems.push({ problem, remedy: FORM });
      continue;
    }
    const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : null;
    if (bytes === null) problems.push({ problem: `${which} (${id}) is not base64`, remedy: NEW_KEY });
    else if (bytes.length !== KEY_BYTES) {
      problems.push({ problem: `${which} (${id}) has ${bytes.length} bytes instead of ${KEY_BYTES}`, remedy: NEW_KEY });
    }
    if (keys.some((key) => key.id === id)) {
      problems.push({ problem: `${which} repeats the id ${id}`, remedy: 'Give every key an id of its own.' });
    }
    // Kept although it is wrong, so that a repeated id is noticed; whoever has problems uses no key.
    keys.push({ id, secret: createSecretKey(bytes?.length === KEY_BYTES ? bytes : Buffer.alloc(KEY_BYTES)) });
  }
  return problems.length > 0 ? { keys: [], problems } : { keys, problems };
}
