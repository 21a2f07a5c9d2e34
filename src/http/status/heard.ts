/** When each source was last heard by this process, to the moment; what others heard is told by the watch, minutes later. */
import { randomUUID } from 'node:crypto';
import type { Source } from '../../contract/alerts';

export class Heard {
  private readonly times = new Map<Source, number>();
  /** Test webhooks that were sent from here, and whether each has come. */
  private readonly tests = new Map<string, boolean>();

  constructor(private readonly now: () => number = Date.now) {}

  note(source: Source): void {
    this.times.set(source, this.now());
  }

  /** Ms since 1970; null when nothing came yet. */
  last(source: Source): number | null {
    return this.times.get(source) ?? null;
  }

  /** Sends a test webhook by `send`, and says whether it came to this very process. */
  async test<T>(send: (id: string) => Promise<T>): Promise<{ answer: T; came: boolean }> {
    const id = randomUUID();
    this.tests.set(id, false);
    try {
      return { answer: await send(id), came: this.tests.get(id) === true };
    } finally {
      this.tests.delete(id);
    }
  }

  noteTest(id: string): void {
    if (this.tests.has(id)) this.tests.set(id, true);
  }
}
