/** The transport that both clients share: one call each, no retries, no redirects, faults as `UpstreamError`. */
import { Pool } from 'undici';
import { readBaseUrl } from './base-url';
import { exchangeOf } from './call-exchange';
import { asNumber } from './coerce';
import { exchange } from './exchange';
import type { Outcome } from './exchange';
import { encodeBody, encodeQuery, fillPath } from './encode';
import type {
  CallHook,
  HttpAnswer,
  HttpRequest,
  ToldQuota,
  Transport,
  TransportOptions,
  UpstreamCall,
} from './http-types';
import { UpstreamError } from './upstream-error';
import type { UpstreamPhase, UpstreamSystem } from './upstream-error';

const DEFAULT_TIMEOUT_MS = 20_000;
/** A file takes its time on a slow line: 20 MB in 100 s at 1.6 Mbit/s. */
const UPLOAD_FACTOR = 5;
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** The rate limits of the task queues keep the number of calls low; this only bounds a burst. */
const MAX_CONNECTIONS = 32;

/** The name of a call in errors, logs and metrics: method and path with placeholders. */
export function callName(request: HttpRequest): string {
  return `${request.method} ${request.path}`;
}

export function createTransport(options: TransportOptions): Transport {
  const { system, timeoutMs = DEFAULT_TIMEOUT_MS, maxBodyBytes = MAX_BODY_BYTES } = options;
  const base = readBaseUrl(system, options.baseUrl);
  const pool = new Pool(base.origin, {
    connections: MAX_CONNECTIONS,
    connect: { timeout: timeoutMs },
    // The one deadline below covers head and body; undici's own would only be coarser.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const request = async (given: HttpRequest): Promise<HttpAnswer> => {
    given.signal?.throwIfAborted();
    const call = callName(given);
    const { body, headers, form } = encodeBody(given);
    const includes = String(given.query?.include ?? '')
      .split(',')
      .filter(Boolean);
    const deadlineMs = given.multipart ? timeoutMs * UPLOAD_FACTOR : timeoutMs;
    const ended = await options.admit?.({ call, includes }, given.signal);
    const started = performance.now();
    const outcome = await exchange(
      pool,
      {
        method: given.method,
        path: base.prefix + (given.prefix ?? '') + fillPath(given) + encodeQuery(given.query),
        headers: { accept: 'application/json', 'accept-encoding': 'identity', ...headers, ...given.headers },
        body,
      },
      { signal: given.signal, timeoutMs: deadlineMs, maxBytes: maxBodyBytes },
    );
    const { sent, status } = outcome;
    ended?.({ sent, status, quota: status === null ? null : toldQuota(outcome.headers) });
    report(options.onCall, { system, call, status, ms: Math.round(performance.now() - started) });
    if (status !== null) options.onHeaders?.(outcome.headers);
    if (outcome.end === 'aborted') given.signal?.throwIfAborted();
    if (form?.failure) throw form.failure.error;
    // A broken error page changes nothing: its status has said all.
    if (status !== null && (outcome.end === 'complete' || status >= 300)) {
      return { request: given, call, status, headers: outcome.headers, body: outcome.body };
    }
    throw fault(system, given, outcome, deadlineMs);
  };

  return { request, close: () => pool.close() };
}

/** In the words of either upstream. */
export function toldQuota(headers: Readonly<Record<string, string>>): ToldQuota {
  const read = (name: string): number | null => asNumber(headers[`x-ratelimit-${name}`]);
  return { limit: read('total') ?? read('limit'), remaining: read('remaining'), used: read('used-currentrequest') };
}

const FAULTS: Record<Exclude<UpstreamPhase, 'answered'>, string> = {
  'not-sent': 'could not be sent',
  'no-answer': 'got no answer',
  unreadable: 'got too large an answer',
};

function fault(system: UpstreamSystem, request: HttpRequest, outcome: Outcome, timeoutMs: number): UpstreamError {
  const call = callName(request);
  const oversize = outcome.end === 'oversize';
  const phase = !outcome.sent ? 'not-sent' : oversize ? 'unreadable' : 'no-answer';
  const why = outcome.end === 'deadline' ? `within ${timeoutMs} ms` : outcome.faultCode;
  return new UpstreamError({
    system,
    phase,
    status: oversize ? outcome.status : null,
    code: null,
    message: `${call} ${FAULTS[phase]}${why === null ? '' : ` (${why})`}`,
    retryAfterMs: null,
    requestId: null,
    call,
    exchange: exchangeOf(request, null),
  });
}

/** A hook that fails must not make a finished call look failed. */
function report(hook: CallHook | undefined, call: UpstreamCall): void {
  try {
    hook?.(call);
  } catch {
    // Logging and metrics have their own alarms.
  }
}
