/**
 * Who may operate: the bearer of an admin token, or, while there is none because both accounts are the sandbox, somebody
 * on this very machine. Promise: an address proves nothing where an account is real (interface, section 3, `ADMIN_TOKEN`).
 */
import type { Request, RequestHandler } from 'express';
import { adminTokens } from '../config/admin-tokens';
import { isLoopbackHost } from '../config/loopback';
import { cameThroughProxy } from './forwarding';
import { unauthorized } from './problem';
import { secretMatches } from './signatures';

export interface Operator {
  /** As `ADMIN_TOKEN` names the token; null: it has no name. */
  name: string | null;
  via: 'token' | 'session' | 'this machine';
}

const operators = new WeakMap<Request, Operator>();

/** Notes who was let in; `operatorOf` gives it to whatever is done for the request. */
export const letIn = (request: Request, operator: Operator): void => void operators.set(request, operator);

/** Who it is. @throws Error on a route that lets everybody in. */
export function operatorOf(request: Request): Operator {
  const operator = operators.get(request);
  if (!operator) throw new Error(`Nobody was let in to ${request.path}`);
  return operator;
}

/** Who stands in the timeline: as the request says, else the operator's name; undefined: a person without a name. */
export const byOf = (request: Request, given?: string | null): string | null =>
  given ?? operatorOf(request).name ?? null;

/** True for a request that was made on this machine, by no proxy and no page but our own and those of `origins`. */
function isLocal(request: Request, origins: readonly string[]): boolean {
  const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  // A foreign page that rebinds its name to this machine still sends that name as host.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}` && !origins.includes(origin)) return false;
  return isLoopbackHost(peer) && isLoopbackHost(host) && !cameThroughProxy(request);
}

/** The name that goes with a token; null: it is none. The time does not tell which one it was, or how near. */
export function bearerOf(adminToken: string | null, given: string | undefined): { name: string | null } | null {
  const found = adminTokens(adminToken).map(({ name, token }) => (secretMatches(given, [token]) ? { name } : null));
  return found.find((one) => one !== null) ?? null;
}

/**
 * The operator that sends the request, by bearer, or from this machine while there is no token; null: a stranger. Pages of
 * `origins` may ask too, where a person on this machine may.
 */
export function operatorIn(
  adminToken: string | null,
  request: Request,
  origins: readonly string[] = [],
): Operator | null {
  if (adminToken === null) return isLocal(request, origins) ? { name: null, via: 'this machine' } : null;
  const found = bearerOf(adminToken, /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]);
  return found && { name: found.name, via: 'token' };
}

/** Lets operators through and answers 401 to others. */
export const requireOperator =
  (adminToken: string | null, origins: readonly string[] = []): RequestHandler =>
  (request, _response, next) => {
    const operator = operatorIn(adminToken, request, origins);
    if (operator) letIn(request, operator);
    next(operator ? undefined : unauthorized('Bearer realm="deskbridge"'));
  };
