/** Most of a site's events are dropped: a line each would bury the log. Promise: at most one line in ten seconds, with all counts. */
import type { DropReason } from '../contract/contact';
import type { Logger } from '../log';

const EVERY_MS = 10_000;

export class DropLog {
  private counts: Partial<Record<DropReason, number>> = {};
  private lastAt = -Infinity;

  constructor(
    private readonly log: Logger,
    private readonly now: () => number = Date.now,
  ) {}

  note(reason: DropReason): void {
    this.counts[reason] = (this.counts[reason] ?? 0) + 1;
    if (this.now() - this.lastAt < EVERY_MS) return;
    this.log.info({ dropped: this.counts }, 'events dropped by the gates');
    this.counts = {};
    this.lastAt = this.now();
  }
}
