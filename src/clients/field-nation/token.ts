/** The access token of one set of credentials: cached, and asked for by one call at a time (contract 2). */
import { z } from 'zod';
import { filledText } from '../../filled-text';
import { isSuccess, parseAnswer } from '../answer';
import type { Transport } from '../http-types';
import { number } from '../lenient';
import { UpstreamError, type UpstreamErrorInit } from '../upstream-error';
import type { Redactor } from '../redact';
import { fieldNationError } from './errors';
import type { FieldNationCredentials } from './types';

/** A token is not used in its last minute, so that none expires under way. */
const EARLY_MS = 60_000;
const DOCUMENTED_LIFETIME_S = 3600;

const tokenSchema = z.looseObject({ access_token: filledText, expires_in: number });

const NO_CREDENTIALS: UpstreamErrorInit = {
  system: 'field-nation',
  phase: 'not-sent',
  ...{ status: null, code: null, retryAfterMs: null, requestId: null },
  call: 'POST /authentication/api/oauth/token',
  message: 'Field Nation is not set up in this process',
};

export interface TokenSource {
  /** The cached token, or a new one. Callers share one request; a caller's signal ends only its own wait. */
  get(signal?: AbortSignal): Promise<string>;
  /** Forgets this token, unless it has been replaced already. */
  drop(token: string): void;
}

export function createTokenSource(
  transport: Transport,
  credentials: FieldNationCredentials | null,
  redactor: Redactor,
  now: () => number,
): TokenSource {
  let cached: { token: string; until: number } | null = null;
  let pending: Promise<string> | null = null;

  // Refresh tokens are said not to work (contract 2.1): it is always the password grant.
  const fetchToken = async (): Promise<string> => {
    if (!credentials) throw new UpstreamError(NO_CREDENTIALS);
    const asked = now();
    const answer = await transport.request({
      method: 'POST',
      path: '/authentication/api/oauth/token',
      json: {
        grant_type: 'password',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        username: credentials.username,
        password: credentials.password,
      },
    });
    if (!isSuccess(answer)) throw fieldNationError(answer, redactor);
    const { access_token: token, expires_in: seconds } = parseAnswer('field-nation', answer, tokenSchema, redactor);
    redactor.add(token);
    cached = { token, until: asked + (seconds ?? DOCUMENTED_LIFETIME_S) * 1000 - EARLY_MS };
    return token;
  };

  return {
    async get(signal) {
      if (cached && now() < cached.until) return cached.token;
      pending ??= fetchToken().finally(() => {
        pending = null;
      });
      return unlessAborted(pending, signal);
    },
    drop(token) {
      if (cached?.token === token) cached = null;
    },
  };
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const first = await Promise.race([promise.then((value) => ({ value })), aborted]);
    if (first) return first.value;
    signal.throwIfAborted();
    return await promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
