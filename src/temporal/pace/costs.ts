/** What calls cost, learned from answers: the cost of a call is known only afterwards. */
import type { CallAdmission } from '../../clients/http-types';

export class LearnedCosts {
  private readonly seen = new Map<string, number>();

  /** Before the first answer: one credit, and one for each include (Freshdesk contract 3). */
  guess({ call, includes }: CallAdmission): number {
    return this.seen.get(keyOf(call, includes)) ?? 1 + includes.length;
  }

  learn({ call, includes }: CallAdmission, cost: number): void {
    this.seen.set(keyOf(call, includes), cost);
  }
}

const keyOf = (call: string, includes: readonly string[]): string => [call, ...includes].join(' ');
