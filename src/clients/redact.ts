/** Keeps secrets, and addresses and numbers of people, out of what an upstream says, should it echo them. */
import { withoutPersonal } from '../personal';

const LONGEST = 1000;

/** Patterns of credentials that may be echoed even when the value itself is unknown here. */
const CREDENTIALS: readonly [RegExp, string][] = [
  [/\b(access_token|refresh_token|client_secret|password|api_?key)(["']?\s*[=:]\s*["']?)[^\s"'&,;<>)]+/gi, '$1$2***'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
];

export interface Redactor {
  /** Adds a secret that came later, such as a token. */
  add: (secret: string) => void;
  /** One line without control characters and known secrets, at most 1000 characters. */
  redact: (text: string) => string;
}

export function createRedactor(secrets: readonly string[]): Redactor {
  const known: string[] = [];
  const add = (secret: string): void => {
    // Shorter ones would blank out ordinary words and hide nothing.
    if (secret.length < 4) return;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      if (!known.includes(form)) known.push(form);
    }
    // Longest first: otherwise the rest of a secret that holds another one would stay.
    known.sort((a, b) => b.length - a.length);
  };
  secrets.forEach(add);
  return {
    add,
    redact(text) {
      const plain = known.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
      const masked = CREDENTIALS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), plain);
      return withoutPersonal(masked)
        .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
        .trim()
        .slice(0, LONGEST);
    },
  };
}
