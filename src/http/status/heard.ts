/** When each source was last heard by this process. Promise: it says since when it listens, so that silence is no lie. */
import type { RequestHandler } from 'express';

export type Source = 'freshdesk' | 'field-nation' | 'events';

const SOURCES: [prefix: string, source: Source][] = [
  ['/webhooks/freshdesk', 'freshdesk'],
  ['/webhooks/field-nation', 'field-nation'],
  ['/v1/', 'events'],
];

export class Heard {
  readonly since: number;
  private readonly times = new Map<Source, number>();

  constructor(private readonly now: () => number = Date.now) {
    this.since = now();
  }

  /** Ms since 1970; null when nothing came yet. */
  last(source: Source): number | null {
    return this.times.get(source) ?? null;
  }

  /** Notes each request of a source that was accepted; the others prove nothing about who sent them. */
  readonly watch: RequestHandler = (request, response, next) => {
    const source = SOURCES.find(([prefix]) => request.path.startsWith(prefix))?.[1];
    if (source !== undefined && request.method === 'POST') {
      response.once('finish', () => {
        if (response.statusCode < 300) this.times.set(source, this.now());
      });
    }
    next();
  };
}
