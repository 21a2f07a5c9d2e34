/**
 * Numbers from Temporal's index, for metrics and pages together. Promise: one question is asked once for as long as its
 * answer may be old, and no more questions a second than a process may ask: Temporal Cloud allows a namespace thirty.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

export interface Counts {
  /** How many runs a query finds, at most `maxAgeMs` old. */
  count(query: string, maxAgeMs: number): Promise<number>;
}

export interface CountsDeps {
  /** What is asked; a count of the client when left out. */
  ask: (query: string) => Promise<number>;
  perSecond?: number;
  now?: () => number;
  wait?: (ms: number) => Promise<unknown>;
}

/** Leaves room for other processes, sweeps and people. */
const PER_SECOND = 15;
const SECOND = 1000;
/** Questions name moments, so that old ones never come again. */
const MOST_KEPT = 500;

interface Kept {
  at: number;
  answer: Promise<number>;
}

export const countsOf = (client: Client): Counts =>
  createCounts({ ask: async (query) => (await client.workflow.count(query)).count });

export function createCounts({ ask, perSecond = PER_SECOND, now = Date.now, wait = delay }: CountsDeps): Counts {
  const kept = new Map<string, Kept>();
  /** When the last questions went out, or will go out. */
  const asked: number[] = [];

  const inTurn = async (query: string): Promise<number> => {
    const turn = Math.max(now(), (asked.at(-perSecond) ?? -Infinity) + SECOND);
    asked.push(turn);
    asked.splice(0, asked.length - perSecond);
    if (turn > now()) await wait(turn - now());
    return ask(query);
  };

  return {
    count: (query, maxAgeMs) => {
      const known = kept.get(query);
      if (known && now() - known.at < maxAgeMs) return known.answer;
      const answer = inTurn(query);
      kept.delete(query);
      kept.set(query, { at: now(), answer });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(oldest);
      }
      answer.catch(() => {
        if (kept.get(query)?.answer === answer) kept.delete(query);
      });
      return answer;
    },
  };
}
