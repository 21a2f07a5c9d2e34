/** The tokens of `ADMIN_TOKEN`: one plain one, or `name:token,name:token`. Promise: a problem shows no byte of a token. */
import { LEAST_SECRET, type Reader } from './settings-reader';

export interface AdminToken {
  /** Stands in timelines and in the audit trail; null: the one plain token, whose bearer has no name. */
  name: string | null;
  token: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u;
const FORM = 'Give one token, or name:token,name:token – each token with at least 16 characters.';

/** Reads a text that `readAdminTokens` found nothing wrong with; null: there is no token. */
export function adminTokens(text: string | null): AdminToken[] {
  if (text === null) return [];
  if (!/[:,]/.test(text)) return [{ name: null, token: text.trim() }];
  return text.split(',').map((entry) => {
    const at = entry.indexOf(':');
    return { name: entry.slice(0, Math.max(at, 0)).trim(), token: entry.slice(at + 1).trim() };
  });
}

/** The text of `ADMIN_TOKEN`; null when there is none. Notes everything that is wrong with it. */
export function readAdminTokens(reader: Reader): string | null {
  const text = reader.secret('ADMIN_TOKEN');
  const tokens = adminTokens(text);
  const fault = (problem: string): null => reader.fault('ADMIN_TOKEN', problem, FORM);
  for (const [index, { name, token }] of tokens.entries()) {
    const which = tokens.length > 1 ? `entry ${index + 1} of ${tokens.length} ` : '';
    // What is no name may be a token: it is not repeated.
    if (name !== null && !NAME.test(name)) fault(`${which}has no name before a colon`);
    if (token.length < LEAST_SECRET) fault(`${which}has a token of fewer than ${LEAST_SECRET} characters`);
    const earlier = tokens.slice(0, index);
    if (earlier.some((one) => one.name === name)) fault(`${which}repeats a name`);
    if (earlier.some((one) => one.token === token)) fault(`${which}repeats a token`);
  }
  return text;
}
