import type { SandboxClock } from '../clock';
import type { DeliveryPolicy } from '../delivery-types';
import type { Knobs } from '../knobs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** After 5 minutes, 30 minutes later, 60 minutes later (Freshdesk contract 12.3). */
const RETRY_DELAYS = [5 * MINUTE, 30 * MINUTE, 60 * MINUTE];

/** Retries at 5, 30 and 60 minutes; an hourly cap, and a drop after 24 hours of waiting (12.3). */
export function freshdeskDeliveryPolicy(clock: SandboxClock, knobs: Knobs): DeliveryPolicy {
  let hour = 0;
  let sent = 0;
  return {
    timeoutMs: 10_000,
    headers: () => ({}),
    retryDelayMs: (_delivery, attempt) => RETRY_DELAYS[attempt - 1] ?? null,
    admit(delivery) {
      const cap = knobs.freshdesk.webhooksPerHour;
      if (cap === null) return 'send';
      const now = clock.now();
      if (now - delivery.createdAt > 24 * HOUR) return 'drop';
      const current = Math.floor(now / HOUR);
      if (current !== hour) {
        hour = current;
        sent = 0;
      }
      if (sent >= cap) return { waitUntil: (hour + 1) * HOUR };
      sent += 1;
      return 'send';
    },
  };
}
