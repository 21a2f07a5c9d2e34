import type { SandboxClock } from '../clock';
import type { Knobs } from '../knobs';
import type { Answer, Route } from '../pipeline';

const MINUTE = 60_000;
const SHOWN_WITHOUT_LIMIT = 700;

type FreshdeskKnobs = Knobs['freshdesk'];

/** Fixed minute windows that start with the first call (Freshdesk contract, section 3). */
export class RateLimits {
  private started = 0;
  private used = 0;
  private readonly usedByRoute = new Map<string, number>();

  constructor(
    private readonly clock: SandboxClock,
    private readonly knobs: () => FreshdeskKnobs,
  ) {}

  /** Charges a call; a 429 when the account's or the call's own limit is used up. */
  charge(route: Route | null, credits: number): Answer | null {
    const now = this.clock.now();
    if (now >= this.started + MINUTE) {
      this.started = now;
      this.used = 0;
      this.usedByRoute.clear();
    }
    const total = this.knobs().quotaPerMinute;
    const name = route?.name ?? '';
    const own = ownLimit(this.knobs(), name);
    const ownUsed = this.usedByRoute.get(name) ?? 0;
    const refused = (total !== null && this.used + credits > total) || (own !== null && ownUsed >= own);
    this.used = Math.min(this.used + credits, total ?? Number.POSITIVE_INFINITY);
    this.usedByRoute.set(name, ownUsed + 1);
    if (!refused) return null;
    const headers = { 'Retry-After': String(Math.max(1, Math.ceil((this.started + MINUTE - now) / 1000))) };
    return this.knobs().rateLimitBody === 'json'
      ? { status: 429, headers, body: { message: 'rate limit reached' } }
      : { status: 429, headers, raw: { type: 'text/plain', content: 'rate limit reached' } };
  }

  headers(credits: number): Record<string, string> {
    const total = this.knobs().quotaPerMinute ?? SHOWN_WITHOUT_LIMIT;
    return {
      'X-RateLimit-Total': total.toFixed(1),
      'X-RateLimit-Remaining': Math.max(0, total - this.used).toFixed(1),
      'X-RateLimit-Used-CurrentRequest': String(credits),
    };
  }
}

function ownLimit(knobs: FreshdeskKnobs, routeName: string): number | null {
  switch (routeName) {
    case 'createTicket':
      return knobs.ticketCreatePerMinute;
    case 'updateTicket':
    case 'patchTicket':
      return knobs.ticketUpdatePerMinute;
    case 'listTickets':
      return knobs.ticketListPerMinute;
    case 'listContacts':
      return knobs.contactListPerMinute;
    default:
      return null;
  }
}
