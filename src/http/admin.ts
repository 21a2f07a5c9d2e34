/** Who may operate: the bearer of the admin token, or, while there is none, somebody on this very machine. */
import type { Request, RequestHandler } from 'express';
import { isLoopbackHost } from '../config/loopback';
import { unauthorized } from './problem';
import { secretMatches } from './signatures';

/** Headers that proxies add, beside all of `X-Forwarded-…`: behind one, every caller seems to be on this machine. */
const FORWARDING = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
];

const isForwarding = (header: string): boolean => header.startsWith('x-forwarded') || FORWARDING.includes(header);

/** True for a request that was made on this machine, by no proxy and no page but our own and those of `origins`. */
function isLocal(request: Request, origins: readonly string[]): boolean {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  // A foreign page that rebinds its name to this machine still sends that name as host.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}` && !origins.includes(origin)) return false;
  return isLoopbackHost(peer) && isLoopbackHost(host) && !Object.keys(request.headers).some(isForwarding);
}

/**
 * Whether the request comes from an operator: by bearer, or from this machine while there is no token. Pages of `origins`
 * may ask too, where a person on this machine may.
 */
export function mayOperate(adminToken: string | null, request: Request, origins: readonly string[] = []): boolean {
  if (adminToken === null) return isLocal(request, origins);
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return secretMatches(bearer, [adminToken]);
}

/** Lets operators through and answers 401 to others (interface, section 3, `ADMIN_TOKEN`). */
export const requireOperator =
  (adminToken: string | null, origins: readonly string[] = []): RequestHandler =>
  (request, _response, next) => {
    next(mayOperate(adminToken, request, origins) ? undefined : unauthorized('Bearer realm="deskbridge"'));
  };
