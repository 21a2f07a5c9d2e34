import type { SandboxClock } from '../clock';
import type { Knobs } from '../knobs';
import type { Answer, Route } from '../pipeline';

const MINUTE = 60_000;
const SHOWN_WITHOUT_LIMIT = 700;

type FreshdeskKnobs = Knobs['freshdesk'];

/** Minute windows, fixed ones that start with the first call or sliding ones (Freshdesk contract, section 3). */
export class RateLimits {
  private started = 0;
  /** What was charged in the window, oldest first. */
  private charges: { at: number; credits: number }[] = [];
  private used = 0;
  private readonly usedByRoute = new Map<string, number>();

  constructor(
    private readonly clock: SandboxClock,
    private readonly knobs: () => FreshdeskKnobs,
  ) {}

  /** Charges a call; a 429 when the account's or the call's own limit is used up. */
  charge(route: Route | null, credits: number): Answer | null {
    const now = this.clock.now();
    this.move(now);
    const total = this.knobs().quotaPerMinute;
    const name = route?.name ?? '';
    const own = ownLimit(this.knobs(), name);
    const ownUsed = this.usedByRoute.get(name) ?? 0;
    const refused = (total !== null && this.used + credits > total) || (own !== null && ownUsed >= own);
    const charged = Math.max(0, Math.min(credits, (total ?? Number.POSITIVE_INFINITY) - this.used));
    this.used += charged;
    this.charges.push({ at: now, credits: charged });
    this.usedByRoute.set(name, ownUsed + 1);
    if (!refused) return null;
    const headers = { 'Retry-After': String(Math.max(1, Math.ceil((this.nextRoom(credits) - now) / 1000))) };
    return this.knobs().rateLimitBody === 'json'
      ? { status: 429, headers, body: { message: 'rate limit reached' } }
      : { status: 429, headers, raw: { type: 'text/plain', content: 'rate limit reached' } };
  }

  /** The routes' own limits keep to fixed windows. */
  private move(now: number): void {
    const isOver = now >= this.started + MINUTE;
    if (isOver) {
      this.started = now;
      this.usedByRoute.clear();
    }
    const isSliding = this.knobs().quotaWindow === 'sliding';
    const kept = this.charges.findIndex(({ at }) => (isSliding ? at > now - MINUTE : !isOver));
    const gone = this.charges.splice(0, kept < 0 ? this.charges.length : kept);
    this.used -= gone.reduce((sum, { credits }) => sum + credits, 0);
  }

  private nextRoom(credits: number): number {
    if (this.knobs().quotaWindow === 'fixed') return this.started + MINUTE;
    let free = (this.knobs().quotaPerMinute ?? 0) - this.used;
    const last = this.charges.find((charge) => (free += charge.credits) >= credits);
    return (last?.at ?? this.started) + MINUTE;
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
