/** Calls with a token; the one place where a call is made twice (contract 2.3). */
import { isSuccess } from '../answer';
import { callName } from '../http';
import type { HttpAnswer, HttpRequest, Transport } from '../http-types';
import type { Redactor } from '../redact';
import { UpstreamError } from '../upstream-error';
import { fieldNationError, readComplaint } from './errors';
import type { TokenSource } from './token';

export interface Session {
  /** A 2xx answer, or an `UpstreamError`. */
  rest(request: HttpRequest): Promise<HttpAnswer>;
  webhooks(request: HttpRequest): Promise<HttpAnswer>;
}

export function createSession(transport: Transport, tokens: TokenSource, redactor: Redactor): Session {
  const attempt = async (request: HttpRequest, sign: Sign): Promise<{ token: string; answer: HttpAnswer }> => {
    const token = await tokens.get(request.signal).catch((error: unknown) => {
      throw withoutToken(error, request);
    });
    return { token, answer: await transport.request(sign(request, token)) };
  };
  const call = async (request: HttpRequest, sign: Sign): Promise<HttpAnswer> => {
    let { token, answer } = await attempt(request, sign);
    if (meansBadToken(answer)) {
      // Refused before anything was done, so that even a create can be repeated.
      tokens.drop(token);
      ({ token, answer } = await attempt(request, sign));
    }
    if (!isSuccess(answer)) throw fieldNationError(answer, redactor);
    return answer;
  };
  return {
    rest: (request) => call({ ...request, prefix: '/api/rest/v2' }, inQuery),
    webhooks: (request) => call({ ...request, prefix: '/api/v1' }, inHeader),
  };
}

type Sign = (request: HttpRequest, token: string) => HttpRequest;

const inQuery: Sign = (request, token) => ({ ...request, query: { ...request.query, access_token: token } });

const inHeader: Sign = (request, token) => ({
  ...request,
  headers: { ...request.headers, authorization: `Bearer ${token}` },
});

/** Old deployments answer 400 with a text about the token. */
function meansBadToken({ status, body }: HttpAnswer): boolean {
  return status === 401 || (status === 400 && /token/i.test(readComplaint(body).message ?? ''));
}

/** Whatever happened to the token request, the call itself has surely not been made. */
function withoutToken(error: unknown, request: HttpRequest): unknown {
  if (!(error instanceof UpstreamError)) return error;
  return new UpstreamError({
    system: error.system,
    phase: 'not-sent',
    status: error.status,
    code: error.code,
    message: `no access token: ${error.message}`,
    retryAfterMs: error.retryAfterMs,
    requestId: error.requestId,
    retryable: error.retryable,
    errors: error.errors,
    call: callName(request),
    ...(error.exchange && { exchange: error.exchange }),
  });
}
