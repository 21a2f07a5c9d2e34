/** Refusals as `application/problem+json` (RFC 9457). Promise: no stack trace, no secret, no address of a person, always an answer. */
import type { ServerResponse } from 'node:http';
import { withoutPersonal } from '../personal';

/** A refusal with its own status; thrown anywhere in a route and answered by the last handler. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    /** `challenge` names the scheme that would do; RFC 9110 wants one beside each 401. */
    readonly options: { retryAfterSeconds?: number; challenge?: string } = {},
  ) {
    // A caller's own words come back in it.
    super(withoutPersonal(detail));
  }
}

const CREDENTIAL = 'The credential or signature is missing or wrong.';

export const unauthorized = (challenge: string): Problem =>
  new Problem(401, 'unauthorized', 'Unauthorized', CREDENTIAL, { challenge });

export const malformed = (detail: string): Problem => new Problem(400, 'malformed', 'Malformed request', detail);

export const notFound = (detail: string): Problem => new Problem(404, 'not-found', 'Not found', detail);

export const conflict = (detail: string): Problem => new Problem(409, 'conflict', 'Conflict', detail);

export const unsupportedType = (allowed: string): Problem =>
  new Problem(415, 'unsupported-type', 'Unsupported content type', `Send ${allowed}.`);

export const tooLarge = (limit: string): Problem =>
  new Problem(413, 'too-large', 'Too large', `The body may have at most ${limit}.`);

export const unavailable = (
  detail = 'Temporal is out of reach; nothing is known to be stored. Send it again.',
): Problem => new Problem(503, 'temporal-unavailable', 'Not now', detail, { retryAfterSeconds: 5 });

/** What Temporal keeps cannot be decrypted; the right key heals it. */
export const unreadable = (detail: string): Problem =>
  new Problem(503, 'unreadable', 'Not now', detail, { retryAfterSeconds: 60 });

/** Whatever failed unexpectedly may heal, and a sender takes 4xx as final. */
export const unexpected = (): Problem =>
  new Problem(503, 'internal', 'Not now', 'Something failed; send it again.', { retryAfterSeconds: 5 });

/** Headers and body of the answer. */
export function render({ status, code, title, message, options }: Problem): {
  headers: Record<string, string>;
  body: string;
} {
  const body = JSON.stringify({
    ...{ type: 'about:blank', title, status, detail: message, code },
    retryable: status === 503,
  });
  const headers = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...(options.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(options.retryAfterSeconds) }),
    ...(options.challenge === undefined ? {} : { 'WWW-Authenticate': options.challenge }),
  };
  return { headers, body };
}

/** Ends the response with the problem. */
export function sendProblem(response: ServerResponse, problem: Problem): void {
  const { headers, body } = render(problem);
  response.writeHead(problem.status, headers).end(body);
}
