/** A gate that lets everything through, for tests of what lies behind it. */
import type { MoneyGate } from '../contract/dispatching';

export const OPEN_GATE: MoneyGate = {
  pause: async () => ({ paused: false, reason: null, by: null, since: null }),
  admit: async () => 'admitted',
  matchedBefore: async () => false,
  triggerGone: async () => undefined,
};
