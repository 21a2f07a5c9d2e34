import type { System } from './options';

/** One request that a fake upstream has received. */
export interface HistoryEntry {
  /** ISO 8601 in UTC. */
  at: string;
  system: System;
  method: string;
  /** Template without the API root, e.g. `POST /workorders/:id/publish`; `unknown` when there is no such route. */
  route: string;
  /** Path as asked, without query string. */
  path: string;
  /** Query without credentials. */
  query: string;
  /** null while it is being answered, and for ever when the connection was cut. */
  status: number | null;
  credits: number;
  /** Parsed JSON, form or multipart fields; text cut at 10 kB when it is longer. */
  body: unknown;
}

/** How often a route was answered with a status. */
export interface CallCount extends Pick<HistoryEntry, 'system' | 'route'> {
  status: number;
  count: number;
}

const MAX_ENTRIES = 100_000;
const MAX_BODY = 10_000;
const SECRETS = new Set(['access_token', 'client_secret', 'password', 'refresh_token']);

/** The newest 100,000 requests, without tokens or passwords. */
export class RequestHistory {
  private entries: HistoryEntry[] = [];
  private readonly answers = new Map<string, CallCount>();

  add(entry: HistoryEntry): HistoryEntry {
    this.entries.push(entry);
    // Cut in slices: shifting one entry per request would be quadratic.
    if (this.entries.length > MAX_ENTRIES * 1.1) this.entries = this.entries.slice(-MAX_ENTRIES);
    return entry;
  }

  answered(entry: HistoryEntry, status: number): void {
    entry.status = status;
    const { system, route } = entry;
    const key = `${system} ${route} ${status}`;
    const known = this.answers.get(key);
    if (known === undefined) this.answers.set(key, { system, route, status, count: 1 });
    else known.count += 1;
  }

  list(): HistoryEntry[] {
    return this.entries.slice(-MAX_ENTRIES);
  }

  counts(): CallCount[] {
    return structuredClone([...this.answers.values()]);
  }

  clear(): void {
    this.entries = [];
    this.answers.clear();
  }
}

/** A request body as the history keeps it. */
export function historyBody(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  const text = JSON.stringify(value, (key, inner: unknown) => (SECRETS.has(key) ? '(hidden)' : inner));
  return text.length > MAX_BODY ? text.slice(0, MAX_BODY) : (JSON.parse(text) as unknown);
}

/** A query string as the history keeps it. */
export function historyQuery(query: URLSearchParams): string {
  const kept = new URLSearchParams([...query].filter(([key]) => !SECRETS.has(key)));
  return kept.toString();
}
