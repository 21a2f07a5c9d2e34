/** Who may see and use the pages: operators only, and forms only from the pages themselves. */
import type { Request, RequestHandler } from 'express';
import { letIn, operatorIn } from '../admin';
import { Problem } from '../problem';
import type { Sessions } from './session';

/** Nobody is signed in; the page that asks for it is the answer. */
export class SignInNeeded extends Error {
  override readonly name = 'SignInNeeded';
}

/** `sessions` is null while there is no admin token: then only this machine may. */
export const requirePageOperator =
  (adminToken: string | null, sessions: Sessions | null): RequestHandler =>
  async (request, _response, next) => {
    const operator = operatorIn(adminToken, request) ?? (await sessions?.operatorIn(request)) ?? null;
    if (!operator) throw new SignInNeeded();
    letIn(request, operator);
    next();
  };

/**
 * Forms of foreign pages are not taken. The cookie alone is not enough: it goes along from every port of this host.
 * Browsers name the origin of every form; a proxy may change the scheme and keeps the host, or there is a public address.
 */
export const requireOwnForm =
  (publicUrl: string | null): RequestHandler =>
  (request, _response, next) =>
    next(isOwnForm(request, publicUrl) ? undefined : foreignForm());

function isOwnForm(request: Request, publicUrl: string | null): boolean {
  // A bearer is sent by no browser on its own.
  if (/^Bearer /i.test(request.headers.authorization ?? '')) return true;
  const { origin, host } = request.headers;
  const site = request.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host || (publicUrl !== null && origin === new URL(publicUrl).origin);
}

const foreignForm = (): Problem =>
  new Problem(
    403,
    'foreign-form',
    'Not taken',
    'This form was not sent from the page itself. Behind a proxy, set DESKBRIDGE_URL or pass the Host header on unchanged.',
  );
