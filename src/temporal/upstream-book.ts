/**
 * What this process has seen of the upstreams' troubles: since when one has answered nothing, and which runs wait for it.
 * Promise: one success ends a trouble, so that a record that fails for ever is none; bounded, and kept in memory only.
 */
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ApplicationFailure } from '@temporalio/common';
import type { UpstreamSystem } from '../clients/upstream-error';
import type { UpstreamTrouble } from '../contract/alerts';
import type { FailureDetail } from '../contract/failures';

/** Shorter troubles heal before anybody has read of them. */
const TROUBLE_AFTER_MS = 60_000;
/** After this long without any call this process knows nothing of an upstream. */
const KNOWN_FOR_MS = 15 * 60_000;
const MOST_WAITING = 1000;

interface Seen {
  since: number | null;
  status: number | null;
  calledAt: number;
  /** When each run tries next. */
  waiting: Map<string, number>;
}

export class UpstreamBook {
  private readonly seen: Partial<Record<UpstreamSystem, Seen>> = {};

  constructor(private readonly now: () => number = Date.now) {}

  succeeded(system: UpstreamSystem, workflowId: string): void {
    const seen = this.of(system);
    seen.since = null;
    seen.waiting.delete(workflowId);
  }

  /** An attempt had no usable answer. `nextInMs`: when the run tries again; null: not by itself. */
  failed(system: UpstreamSystem, workflowId: string, nextInMs: number | null, status: number | null): void {
    const seen = this.of(system);
    seen.since ??= this.now();
    seen.status = status;
    if (seen.waiting.has(workflowId) || seen.waiting.size < MOST_WAITING) {
      seen.waiting.set(workflowId, this.now() + (nextInMs ?? 0));
    }
  }

  /** Null: it answers; undefined: this process has not called it lately. */
  trouble(system: UpstreamSystem): UpstreamTrouble | null | undefined {
    const seen = this.seen[system];
    if (!seen || this.now() - seen.calledAt > KNOWN_FOR_MS) return undefined;
    if (seen.since === null || this.now() - seen.since < TROUBLE_AFTER_MS) return null;
    const next = Math.min(...[...seen.waiting.values()].filter((at) => at > this.now()));
    return {
      since: new Date(seen.since).toISOString(),
      status: seen.status,
      waiting: seen.waiting.size,
      nextTry: Number.isFinite(next) ? new Date(next).toISOString() : null,
    };
  }

  private of(system: UpstreamSystem): Seen {
    const seen = (this.seen[system] ??= { since: null, status: null, calledAt: 0, waiting: new Map() });
    seen.calledAt = this.now();
    return seen;
  }
}

/** Books what became of each attempt of a call upstream. */
export const bookUpstreams =
  (book: UpstreamBook): ActivityInterceptorsFactory =>
  ({ info: { taskQueue, workflowExecution } }) => {
    const system = systemOf(taskQueue);
    const workflowId = workflowExecution?.workflowId ?? '';
    if (system === null) return {};
    return {
      inbound: {
        execute: async (input, next) => {
          try {
            const answer = await next(input);
            book.succeeded(system, workflowId);
            return answer;
          } catch (error) {
            if (error instanceof ApplicationFailure) {
              const status = (error.details?.[0] as FailureDetail | undefined)?.status ?? null;
              // Any other answer is one, too.
              if (error.type === 'UpstreamUnavailable') book.failed(system, workflowId, nextOf(error), status);
              else if (error.type !== 'RateLimited') book.succeeded(system, workflowId);
            }
            throw error;
          }
        },
      },
    };
  };

/** Where the upstream, or the activity itself, said nothing of it, the workflow's next step says when. */
const nextOf = ({ nextRetryDelay }: ApplicationFailure): number | null =>
  typeof nextRetryDelay === 'number' ? nextRetryDelay : null;

const systemOf = (taskQueue: string): UpstreamSystem | null =>
  taskQueue.endsWith('-field-nation') ? 'field-nation' : taskQueue.endsWith('-freshdesk') ? 'freshdesk' : null;
