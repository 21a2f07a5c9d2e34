/** Who may see and use the pages: operators only, and forms only from the pages themselves. */
import type { Request, RequestHandler } from 'express';
import { mayOperate } from '../admin';
import { Problem } from '../problem';
import type { Sessions } from './session';

/** Nobody is signed in; the page that asks for it is the answer. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';
}

/** `sessions` is null while there is no admin token: then only this machine may. */
export const requirePageOperator =
  (adminToken: string | null, sessions: Sessions | null): RequestHandler =>
  (request, _response, next) =>
    next(mayOperate(adminToken, request) || sessions?.isSignedIn(request) ? undefined : new SignInNeeded());

/**
 * Forms of foreign pages are not taken. The cookie alone is not enough: it goes along from every port of this host.
 * Browsers name the origin of every form; a proxy may change the scheme and keeps the host.
 */
export const requireOwnForm: RequestHandler = (request, _response, next) => {
  next(isOwnForm(request) ? undefined : foreignForm());
};

function isOwnForm(request: Request): boolean {
  // A bearer is sent by no browser on its own.
  if (/^Bearer /i.test(request.headers.authorization ?? '')) return true;
  const { origin, host } = request.headers;
  const site = request.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

const foreignForm = (): Problem =>
  new Problem(
    403,
    'foreign-form',
    'Not taken',
    'This form was not sent from the page itself. Behind a proxy, let it pass the Host header on unchanged.',
  );
