/**
 * Signed in by a form or a link: a cookie that proves it. Promise: it holds no token and nothing that leads to one, ends by
 * itself, by signing out, or with its token, and every process of the account knows it. Signed out in another process, it
 * is believed for up to ten seconds more.
 */
import type { Request, Response } from 'express';
import type { OnceRecords } from '../../temporal/once-records';
import type { Operator } from '../admin';
import type { Pass, Passes } from '../passes';

const COOKIE = 'deskbridge_session';
/** A working day: nobody signs in twice in a shift. */
const LASTS_MS = 12 * 60 * 60 * 1000;
/** How long an answer of Temporal is believed, and how many of them are remembered. */
const BELIEVED_MS = 10_000;
const MOST_REMEMBERED = 10_000;

export interface Sessions {
  begin(request: Request, response: Response, name: string | null): Promise<void>;
  /** @throws TemporalUnavailableError when other processes could not be told; this one knows, and the cookie is gone. */
  end(request: Request, response: Response): Promise<void>;
  /** Null: nobody is signed in. @throws TemporalUnavailableError */
  operatorIn(request: Request): Promise<Operator | null>;
}

export interface SessionDeps {
  passes: Passes;
  records: OnceRecords;
  /** `Secure` whatever the request says. */
  httpsOnly: boolean;
  now?: () => number;
}

export function createSessions({ passes, records, httpsOnly, now = Date.now }: SessionDeps): Sessions {
  /** Since when a session is known to go on; infinite: it has ended. */
  const known = new Map<string, number>();
  const remember = (id: string, at: number): void => {
    if (known.size >= MOST_REMEMBERED) known.delete([...known.keys()][0] ?? '');
    known.set(id, at);
  };
  const hasEnded = async ({ id }: Pass): Promise<boolean> => {
    const askedAt = known.get(id) ?? 0;
    if (askedAt === Infinity || now() - askedAt < BELIEVED_MS) return askedAt === Infinity;
    const ended = await records.isRecorded('sign-out', id);
    remember(id, ended ? Infinity : now());
    return ended;
  };
  const passesOf = async (request: Request): Promise<Pass[]> => {
    const read = await Promise.all(cookiesOf(request).map((value) => passes.read('session', value)));
    return read.filter((pass) => pass !== null);
  };
  const setCookie = (request: Request, response: Response, value: string, maxAge: number): void => {
    // Whoever claims a proxy with TLS that is not there only keeps his own browser from sending the cookie.
    const secure = httpsOnly || request.secure || /^https\b/i.test(request.header('x-forwarded-proto') ?? '');
    response.cookie(COOKIE, value, { httpOnly: true, sameSite: 'strict', path: '/', secure, maxAge });
  };

  return {
    begin: async (request, response, name) =>
      setCookie(request, response, await passes.make('session', name, LASTS_MS), LASTS_MS),
    end: async (request, response) => {
      setCookie(request, response, '', 0);
      for (const { id } of await passesOf(request)) {
        remember(id, Infinity);
        await records.record('sign-out', id);
      }
    },
    operatorIn: async (request) => {
      for (const pass of await passesOf(request)) {
        if (!(await hasEnded(pass))) return { name: pass.name, via: 'session' };
      }
      return null;
    },
  };
}

/** The first values under our name: a neighbour on the same host may have set one of its own. */
const cookiesOf = (request: Request): string[] =>
  (request.headers.cookie ?? '')
    .split(';')
    .flatMap((pair) => {
      const [name, value] = pair.trim().split('=');
      return name === COOKIE && value !== undefined ? [value] : [];
    })
    .slice(0, 5);
