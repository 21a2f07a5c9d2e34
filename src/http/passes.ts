/**
 * Signed words that stand for a signed-in browser, or for the right to sign one in: sessions and sign-in codes. Promise:
 * every process with the same admin token makes and knows them, one kind is no other, and they end with the token. They
 * hold no token, and trying tokens against one costs a tenth of a second and 32 MB each: a key is stretched by scrypt.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { adminTokens } from '../config/admin-tokens';

export type PassKind = 'session' | 'sign-in';

export interface Pass {
  /** Of the token that signed it; null: the plain one. */
  name: string | null;
  /** 128 random bits as hex: what records its use or its end. */
  id: string;
  /** In ms since 1970. */
  until: number;
}

export interface Passes {
  /** @throws Error when no token has the name. */
  make(kind: PassKind, name: string | null, lastsMs: number): Promise<string>;
  /** Null for what is none, or is over. */
  read(kind: PassKind, text: string): Promise<Pass | null>;
}

const FORM = /^(\d{13})\.([0-9a-f]{32})\.([\w-]{0,400})\.([\w-]{43})$/;
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };

const stretched = (token: string, salt: string): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(token, salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key))),
  );

export function createPasses(adminToken: string, account: string, now: () => number = Date.now): Passes {
  const tokens = adminTokens(adminToken);
  const keys = new Map<string, Promise<Buffer>>();
  const keyOf = (token: string): Promise<Buffer> => {
    const known = keys.get(token) ?? stretched(token, `deskbridge operators of ${account}`);
    keys.set(token, known);
    return known;
  };
  const sign = async (token: string, kind: PassKind, text: string): Promise<Buffer> =>
    createHmac('sha256', await keyOf(token))
      .update(`${kind} ${text}`)
      .digest();

  return {
    make: async (kind, name, lastsMs) => {
      const owner = tokens.find((one) => one.name === name);
      if (!owner) throw new Error('There is no admin token of this name.');
      const content = [now() + lastsMs, randomBytes(16).toString('hex'), encoded(name)].join('.');
      return `${content}.${(await sign(owner.token, kind, content)).toString('base64url')}`;
    },
    read: async (kind, text) => {
      const [, until = '', id = '', name = '', signature = ''] = FORM.exec(text) ?? [];
      if (until === '' || Number(until) <= now()) return null;
      const owner = tokens.find((one) => encoded(one.name) === name);
      if (!owner) return null;
      const expected = await sign(owner.token, kind, `${until}.${id}.${name}`);
      const given = Buffer.from(signature, 'base64url');
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
      return isOurs ? { name: owner.name, id, until: Number(until) } : null;
    },
  };
}

const encoded = (name: string | null): string => Buffer.from(name ?? '').toString('base64url');
