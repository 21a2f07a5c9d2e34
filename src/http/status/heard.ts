/** When each source was last heard by this process, to the moment; what others heard is told by the watch, minutes later. */
import type { Source } from '../../contract/alerts';

export class Heard {
  private readonly times = new Map<Source, number>();

  constructor(private readonly now: () => number = Date.now) {}

  note(source: Source): void {
    this.times.set(source, this.now());
  }

  /** Ms since 1970; null when nothing came yet. */
  last(source: Source): number | null {
    return this.times.get(source) ?? null;
  }
}
