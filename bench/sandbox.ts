/** The sandbox's control, over HTTP: what the upstreams were asked, and how late they answer. */
import { request } from 'undici';

export interface CallCount {
  system: string;
  route: string;
  status: number;
  count: number;
}

export interface HistoryEntry {
  at: string;
  route: string;
  status: number | null;
  body: Record<string, unknown> | null;
}

export interface SandboxClient {
  /** How often each route was answered with each status. */
  calls(): Promise<CallCount[]>;
  /** The newest 100,000 requests. */
  history(): Promise<HistoryEntry[]>;
  clearHistory(): Promise<void>;
  /** From now on every call is answered so much later. */
  slowDown(ms: number): Promise<void>;
}

export function sandboxClient(url: string): SandboxClient {
  const call = async <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> => {
    const { statusCode, body: answer } = await request(`${url}/sandbox/api${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`The sandbox answered ${method} ${path} with ${statusCode}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    calls: () => call('GET', '/calls'),
    history: () => call('GET', '/history'),
    clearHistory: () => call('DELETE', '/history'),
    slowDown: async (delayMs) => {
      for (const system of ['freshdesk', 'field-nation'])
        await call('POST', '/faults', { system, kind: 'slow', delayMs });
    },
  };
}
