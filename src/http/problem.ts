/** Refusals as `application/problem+json` (RFC 9457). Promise: no stack trace, no secret, always an answer. */
import type { Response } from 'express';

/** A refusal with its own status; thrown anywhere in a route and answered by the last handler. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    detail: string,
    readonly options: { retryAfterSeconds?: number } = {},
  ) {
    super(detail);
  }
}

const CREDENTIAL = 'The credential or signature is missing or wrong.';

export const unauthorized = (): Problem => new Problem(401, 'unauthorized', 'Unauthorized', CREDENTIAL);

export const malformed = (detail: string): Problem => new Problem(400, 'malformed', 'Malformed request', detail);

export const notFound = (detail: string): Problem => new Problem(404, 'not-found', 'Not found', detail);

export const conflict = (detail: string): Problem => new Problem(409, 'conflict', 'Conflict', detail);

export const unsupportedType = (allowed: string): Problem =>
  new Problem(415, 'unsupported-type', 'Unsupported content type', `Send ${allowed}.`);

export const tooLarge = (limit: string): Problem =>
  new Problem(413, 'too-large', 'Too large', `The body may have at most ${limit}.`);

export const unavailable = (): Problem =>
  new Problem(503, 'temporal-unavailable', 'Not now', 'Temporal is out of reach; nothing was stored. Send it again.', {
    retryAfterSeconds: 5,
  });

/** Ends the response with the problem. */
export function sendProblem(response: Response, problem: Problem): void {
  const { status, code, title, message, options } = problem;
  if (options.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(options.retryAfterSeconds));
  const body = { type: 'about:blank', title, status, detail: message, code, retryable: status === 503 };
  response.status(status).type('application/problem+json').send(JSON.stringify(body));
}
