/** What is true for all dispatches of the account, in words, for the Temporal UI. */
import type { Baseline, BaselineMemo, DispatchingMemory } from '../../src/contract/dispatching';
import { waitsBefore } from '../../src/domain/dispatching/baseline';

export const baselineMemo = (baseline: Baseline): BaselineMemo => ({
  waitsBefore: waitsBefore(baseline),
  count: baseline.ids.length,
  more: baseline.more,
});

export function dispatchingDetails(
  account: string,
  { pause, upstreams, orders, baseline }: DispatchingMemory,
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
    `* Tickets that matched before: ${baseline.ids.length}${waitsBefore(baseline) === null ? '' : ', still being searched for'}. They start nothing by themselves`,
    paused ? '* **What to do:** `deskbridge resume`' : '* To stop it: `deskbridge pause --reason TEXT`',
  ].join('\n');
}
