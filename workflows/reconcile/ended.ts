/**
 * Dispatches that did not end by themselves: terminated, failed, timed out. Promise: each gets a new run, the longest ago
 * first, within the budget; what its ticket and its work order are by then is for that run to find out.
 */
import type { Sweep } from './sweep';

/** The engine's index shows an end a little later, in ms. */
const LAG_MS = 60_000;

export async function sweepEnded(sweep: Sweep): Promise<void> {
  const { marks } = sweep;
  const ended = await sweep.calls.engine.endedFromOutside({ since: marks.endedBefore });
  for (const { ticketId, at } of ended) {
    // The look is the new run's, but it is the sweep that causes it.
    if (!sweep.spend('freshdesk')) return;
    await sweep.calls.engine.takeOver({ ticketId, events: [] });
    marks.endedBefore = at;
    sweep.result.restarted += 1;
  }
  marks.endedBefore = new Date(sweep.now() - LAG_MS).toISOString();
}
