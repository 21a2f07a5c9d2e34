/** What is true for all dispatches of the account, in words, for the Temporal UI. */
import type { DispatchingMemory } from '../../src/contract/dispatching';

export function dispatchingDetails(
  account: string,
  { pause, upstreams, orders }: DispatchingMemory,
  hour: number,
): string {
  const { paused, reason, by, since } = pause;
  return [
    paused
      ? `**Dispatching of ${account} is paused** since ${since}: ${reason} (${by ?? 'a person, no name given'})`
      : `**Dispatching of ${account} is on**`,
    '',
    `* Orders in the last hour: ${hour}${orders.length === 0 ? '' : `, the last one at ${new Date(orders.at(-1)?.[0] ?? 0).toISOString()}`}`,
    `* Freshdesk: ${upstreams.freshdesk ?? 'not set yet'}, Field Nation: ${upstreams.fieldNation ?? 'not set yet'}`,
    paused ? '* **What to do:** `deskbridge resume`' : '* To stop it: `deskbridge pause --reason TEXT`',
  ].join('\n');
}
