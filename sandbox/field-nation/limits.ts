import type { SandboxClock } from '../clock';
import type { Knobs } from '../knobs';

const MINUTE = 60_000;

/** A token bucket per API user (Field Nation contract, section 16). */
export class TokenBucket {
  private level: number | null = null;
  private filledAt = 0;

  constructor(
    private readonly clock: SandboxClock,
    private readonly knobs: () => Knobs['fieldNation'],
  ) {}

  /** Takes one; gives the seconds to wait when there is none. */
  take(): number | null {
    const { quotaPerMinute: rate, quotaBurst: burst } = this.knobs();
    if (rate === null) {
      this.level = null;
      return null;
    }
    const now = this.clock.now();
    const refilled = (this.level ?? burst) + (this.level === null ? 0 : ((now - this.filledAt) * rate) / MINUTE);
    this.level = Math.min(burst, refilled);
    this.filledAt = now;
    if (this.level < 1) return Math.max(1, Math.ceil(((1 - this.level) * MINUTE) / rate / 1000));
    this.level -= 1;
    return null;
  }

  headers(): Record<string, string> {
    const { quotaPerMinute: rate, quotaBurst: burst } = this.knobs();
    return {
      'X-RateLimit-Limit': String(rate ?? 100),
      'X-RateLimit-Remaining': String(Math.floor(this.level ?? burst)),
      'X-RateLimit-Reset': String(Math.ceil((this.clock.now() + MINUTE) / 1000)),
    };
  }
}
