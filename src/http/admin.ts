/** Who may operate: the bearer of the admin token, or, while there is none, somebody on this very machine. */
import type { Request, RequestHandler } from 'express';
import { isLoopbackHost } from '../config/settings';
import { unauthorized } from './problem';
import { secretMatches } from './signatures';

const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True for a request that was made on this machine, by no proxy and no foreign page. */
function isLocal(request: Request): boolean {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}`) return false;
  return (
    isLoopbackHost(peer) && isLoopbackHost(host) && !FORWARDING.some((name) => request.headers[name] !== undefined)
  );
}

/** Lets operators through and answers 401 to others (interface, section 3, `ADMIN_TOKEN`). */
export const requireOperator =
  (adminToken: string | null): RequestHandler =>
  (request, _response, next) => {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const allowed = adminToken === null ? isLocal(request) : secretMatches(bearer, [adminToken]);
    next(allowed ? undefined : unauthorized());
  };
