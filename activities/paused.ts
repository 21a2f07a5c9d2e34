/** The pause, as the calls that may cost money see it. */
import type { MoneyGate } from '../src/contract/dispatching';
import type { Held } from '../src/contract/order-calls';

/** Null while dispatching goes on. */
export async function pausedNow(gate: Pick<MoneyGate, 'pause'>): Promise<Held | null> {
  const { paused, reason } = await gate.pause();
  return paused ? { held: 'paused', reason: reason ?? '' } : null;
}
