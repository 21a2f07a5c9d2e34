/** Checks of what callers prove themselves with. Each compares in constant time, against every secret, and never throws. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * Whether `X-FN-Signature` (`sha256=<lower-case hex>`) signs these raw bytes with one of the secrets; several allow for
 * rotation (Field Nation contract 15.3). A repeated header, upper-case hex and any other form are refused.
 */
export function verifyFieldNationSignature(
  rawBody: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): boolean {
  if (typeof header !== 'string') return false;
  const [algorithm, signature] = splitFirst(header, '=');
  if (algorithm !== 'sha256' || !SHA256_HEX.test(signature)) return false;
  const expected = usable(secrets).map((secret) => createHmac('sha256', secret).update(rawBody).digest('hex'));
  return equalsAny(signature, expected);
}

/** Whether this is one of the secrets. An empty secret matches nothing. */
export function secretMatches(given: string | undefined, secrets: readonly string[]): boolean {
  return typeof given === 'string' && given !== '' && equalsAny(given, usable(secrets));
}

/**
 * Whether a request of a Freshdesk rule carries one of the secrets: in `X-Webhook-Secret`, as Basic password, or as
 * Basic user, which is how a rule sends an API key (Freshdesk contract 12.1).
 */
export function verifyFreshdeskSecret(headers: IncomingHttpHeaders, secrets: readonly string[]): boolean {
  const header = headers['x-webhook-secret'];
  const basic = /^Basic +([\w+/=-]+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const [user, password] = splitFirst(Buffer.from(basic, 'base64').toString('utf8'), ':');
  const given = [Array.isArray(header) ? undefined : header, password, user];
  return given.map((value) => secretMatches(value, secrets)).includes(true);
}

function splitFirst(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function usable(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret !== '');
}

/** Hashes first: `timingSafeEqual` throws on unequal lengths. No early end: the time must not tell which one matched. */
function equalsAny(given: string, expected: readonly string[]): boolean {
  const hash = sha256(given);
  return expected.map((value) => timingSafeEqual(hash, sha256(value))).includes(true);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
