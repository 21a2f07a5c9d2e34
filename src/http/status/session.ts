/**
 * Signed in by a form: a cookie that proves it. Promise: it holds no token and nothing that leads to one, ends by itself,
 * is known by every process with the same admin token, and ends for all when that token is changed.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

const COOKIE = 'deskbridge_session';
/** A working day: nobody signs in twice in a shift. */
const LASTS_MS = 12 * 60 * 60 * 1000;
const FORM = /^(\d{13})\.([\w-]{22})\.([\w-]{43})$/;

export interface Sessions {
  begin(request: Request, response: Response): void;
  end(request: Request, response: Response): void;
  isSignedIn(request: Request): boolean;
}

export function createSessions(adminToken: string, now: () => number = Date.now): Sessions {
  const key = Buffer.from(hkdfSync('sha256', adminToken, '', 'deskbridge sessions of the status page', 32));
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();

  return {
    begin: (request, response) => {
      const content = `${now() + LASTS_MS}.${randomBytes(16).toString('base64url')}`;
      setCookie(request, response, `${content}.${sign(content).toString('base64url')}`, LASTS_MS);
    },
    end: (request, response) => setCookie(request, response, '', 0),
    isSignedIn: (request) =>
      cookiesOf(request).some((value) => {
        const [, until = '', nonce = '', signature = ''] = FORM.exec(value) ?? [];
        if (until === '' || Number(until) <= now()) return false;
        const expected = sign(`${until}.${nonce}`);
        const given = Buffer.from(signature, 'base64url');
        return given.length === expected.length && timingSafeEqual(given, expected);
      }),
  };
}

function setCookie(request: Request, response: Response, value: string, lastsMs: number): void {
  // Whoever claims a proxy with TLS that is not there only keeps his own browser from sending the cookie.
  const secure = request.secure || /^https\b/i.test(request.header('x-forwarded-proto') ?? '');
  response.cookie(COOKIE, value, { httpOnly: true, sameSite: 'strict', path: '/', secure, maxAge: lastsMs });
}

/** All values under our name: a neighbour on the same host may have set one of its own. */
const cookiesOf = (request: Request): string[] =>
  (request.headers.cookie ?? '').split(';').flatMap((pair) => {
    const [name, value] = pair.trim().split('=');
    return name === COOKIE && value !== undefined ? [value] : [];
  });
