import { z } from 'zod';

import { seededRandom } from './random';
import type { System } from './options';

/** What may go wrong with a matching request. */
export const faultSchema = z.strictObject({
  /** Given by the sandbox when left out. */
  id: z.string().optional(),
  system: z.enum(['freshdesk', 'field-nation']),
  method: z.string().optional(),
  /** A route name such as `createWorkOrder`, or a regular expression over the path. */
  path: z.string().optional(),
  /** How many requests it hits; without it, all. */
  times: z.int().positive().optional(),
  /** 0 to 1; with `seed` the same requests are hit in each run. */
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  /**
   * `status` answers with `status` in the system's own form; `html` the same with an HTML page (502 by default);
   * `slow` has its effect and answers after `delayMs`, `late-answer` has its effect at once and answers after `delayMs`,
   * `hang` has none and cuts the connection after `delayMs`; `reset-before` cuts the connection without effect;
   * `reset-after` and `lost-answer` store the effect and cut the connection without an answer.
   */
  kind: z.enum(['status', 'reset-before', 'reset-after', 'slow', 'late-answer', 'hang', 'html', 'lost-answer']),
  status: z.int().min(400).max(599).optional(),
  /** Value of the `Retry-After` header. */
  retryAfter: z.string().optional(),
  delayMs: z.number().min(0).optional(),
});

/** One rule of the fault list; the first that matches a request is applied. Source: Field Nation contract 18.6, Freshdesk contract 13.4. */
export type Fault = z.input<typeof faultSchema>;

interface ArmedFault {
  fault: Fault & { id: string };
  left: number;
  hits: number;
  random: () => number;
  pattern: RegExp | null;
}

/** The list of faults that are armed now. */
export class Faults {
  private armed: ArmedFault[] = [];
  private count = 0;

  /** Adds one and gives its id. */
  add(fault: Fault): string {
    const parsed = faultSchema.parse(fault);
    const id = parsed.id ?? `fault-${(this.count += 1)}`;
    this.armed.push({
      fault: { ...parsed, id },
      left: parsed.times ?? Number.POSITIVE_INFINITY,
      hits: 0,
      random: seededRandom(parsed.seed ?? 1),
      pattern: parsed.path === undefined ? null : new RegExp(parsed.path),
    });
    return id;
  }

  list(): (Fault & { id: string; hits: number })[] {
    return this.armed.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  clear(id?: string): void {
    this.armed = id === undefined ? [] : this.armed.filter(({ fault }) => fault.id !== id);
  }

  /** The fault that hits this request, counted as used. */
  take(request: { system: System; method: string; path: string; routeName: string }): Fault | null {
    for (const armed of this.armed) {
      const { fault } = armed;
      if (fault.system !== request.system || armed.left <= 0) continue;
      if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) continue;
      if (armed.pattern !== null && fault.path !== request.routeName && !armed.pattern.test(request.path)) continue;
      if (fault.probability !== undefined && armed.random() >= fault.probability) continue;
      armed.left -= 1;
      armed.hits += 1;
      return fault;
    }
    return null;
  }
}
