/** The sandbox's own time: real time plus what tests have advanced it by. */
export class SandboxClock {
  private offset = 0;
  private readonly listeners = new Set<() => void>();

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** `2026-02-02T09:14:30Z`, the form of Freshdesk. */
  iso(at: number = this.now()): string {
    return `${new Date(at).toISOString().slice(0, 19)}Z`;
  }

  /** Moves time forward; expiries, quotas, index lag and due deliveries follow at once. */
  advance(ms: number): void {
    this.offset += ms;
    for (const listener of this.listeners) listener();
  }

  onAdvance(listener: () => void): void {
    this.listeners.add(listener);
  }
}
