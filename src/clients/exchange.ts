/** One request and its answer on the wire, with what must be known to tell "surely not done" from "perhaps done". */
import type { Dispatcher } from 'undici';

export interface Outcome {
  /** `aborted` by the caller; the other three are faults of the call. */
  end: 'complete' | 'aborted' | 'deadline' | 'oversize' | 'fault';
  /** False only when not one byte of the request can have left. */
  sent: boolean;
  /** Null when no head came. */
  status: number | null;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Empty unless `complete`. */
  body: string;
  /** Of a fault: the error code, such as `ECONNRESET`. */
  faultCode: string | null;
}

export interface ExchangeLimits {
  signal: AbortSignal | undefined;
  /** For head and body together, connecting included. */
  timeoutMs: number;
  maxBytes: number;
}

/** Sends one request and collects the answer. Never rejects. Redirects are answers like any other. */
export function exchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { signal, timeoutMs, maxBytes }: ExchangeLimits,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined;
    let done = false;
    let size = 0;
    const chunks: Buffer[] = [];
    const outcome: Outcome = { end: 'fault', sent: false, status: null, headers: {}, body: '', faultCode: null };

    const finish = (rest: Partial<Outcome>): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve({ ...outcome, ...rest });
    };
    const stop = (end: Outcome['end']): void => {
      finish({ end });
      controller?.abort(new Error(end));
    };
    const fail = (error: unknown): void => finish({ end: 'fault', faultCode: codeOf(error) });
    const onAbort = (): void => stop('aborted');
    const timer = setTimeout(() => stop('deadline'), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      // Called when the connection (TLS included) stands and right before the head is written.
      onRequestStart(given) {
        controller = given;
        if (done) given.abort(new Error('stopped before sending'));
        else outcome.sent = true;
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return;
        outcome.status = status;
        outcome.headers = flatten(headers);
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > maxBytes) stop('oversize');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        finish({ end: 'complete', body: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    };
    try {
      dispatcher.dispatch(options, handler);
    } catch (error) {
      fail(error);
    }
  });
}

/** The code alone: messages of the network library may hold addresses with a token in the query. */
function codeOf(error: unknown): string | null {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : null;
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]),
  );
}
