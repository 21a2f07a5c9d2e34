/** Signing in by token or link, and out. Promise: a link signs one browser in, whichever web process takes its code. */
import type { Request, RequestHandler, Response, Router } from 'express';
import type { OnceRecords } from '../../temporal/once-records';
import { pageHeaders } from '../../page/headers';
import { bearerOf, operatorOf } from '../admin';
import { operatorIs, type Audit } from '../audit';
import { textOf } from '../body';
import { exactRouter } from '../../exact-router';
import type { Passes } from '../passes';
import { logOf } from '../request-log';
import { linkPage, signInPage } from './frame';
import type { Sessions } from './session';

export interface SignInDeps {
  adminToken: string | null;
  /** Null while there is no token. */
  signing: { passes: Passes; sessions: Sessions } | null;
  records: OnceRecords;
  audit: Audit;
  /** What a form must pass, and its body; `operator` besides for whoever is signed in. */
  form: RequestHandler[];
  operator: RequestHandler;
  /** Where a link leads. */
  home: string;
}

export function signInRoutes({ adminToken, signing, records, audit, form, operator, home }: SignInDeps): Router {
  const router = exactRouter();

  /** By whom the code was made; null: it is none, is over, or was used, here or in another process. */
  const ownerOf = async (code: string): Promise<{ name: string | null } | null> => {
    const pass = (await signing?.passes.read('sign-in', code)) ?? null;
    return pass && (await records.record('sign-in', pass.id)) ? pass : null;
  };

  const begin = async (request: Request, response: Response, name: string | null, how: string): Promise<void> => {
    await signing?.sessions.begin(request, response, name);
    audit.note({ act: 'signed in', by: { who: name, via: 'session' }, detail: how });
    logOf(response).info('signed in');
  };

  const refuse = (response: Response, page: string): void => {
    audit.note({ act: 'sign-in refused', by: { who: null, via: null } });
    logOf(response).warn('sign-in refused');
    response.status(401).set('WWW-Authenticate', 'Bearer realm="deskbridge"').type('html').send(page);
  };

  // The code stands after the #, which no browser sends: the button posts it, and no log on the way holds it.
  router.get('/sign-in', pageHeaders, (_request, response) => {
    response.type('html').send(signing ? linkPage(false) : signInPage({ next: '/', wrong: false, form: false }));
  });

  router.post('/sign-in', [pageHeaders, ...form], async (request: Request, response: Response) => {
    const fields = new URLSearchParams(textOf(request));
    const code = fields.get('code');
    if (code !== null) {
      const owner = await ownerOf(code);
      if (!owner) return refuse(response, linkPage(true));
      await begin(request, response, owner.name, 'by a link');
      return response.redirect(303, home);
    }
    const next = ownPath(fields.get('next') ?? '');
    const owner = bearerOf(adminToken, fields.get('token')?.trim());
    if (!owner) return refuse(response, signInPage({ next, wrong: true, form: signing !== null }));
    await begin(request, response, owner.name, 'by the token');
    response.redirect(303, next);
  });

  router.post('/sign-out', [pageHeaders, operator, ...form], async (request: Request, response: Response) => {
    await signing?.sessions.end(request, response);
    audit.note({ act: 'signed out', by: operatorIs(operatorOf(request)) });
    response.redirect(303, '/');
  });

  return router;
}

/** Where to go after signing in: a path of ours, never an address elsewhere. */
export function ownPath(path: string): string {
  const base = 'http://here.invalid';
  const isOurs = /^\/(?![/\\])/.test(path) && URL.canParse(path, base) && new URL(path, base).origin === base;
  return isOurs && path.length <= 500 ? path : '/';
}
