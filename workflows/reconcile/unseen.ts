/** New tickets that their dispatch could not find. Promise: asked about again for a day, within the budget, then let go. */
import { unseenNow } from '../../src/domain/sweep/unseen';
import type { Sweep } from './sweep';

export async function sweepUnseen(sweep: Sweep): Promise<void> {
  const { marks } = sweep;
  const since = new Date(sweep.now() - (sweep.ago ?? sweep.input.interval) - LAG_MS).toISOString();
  const found = await sweep.calls.engine.unseenTickets({ since });
  const before = marks.unseen;
  marks.unseen = unseenNow(before, found, sweep.now());
  if (before.length === 0) return;
  const standings = await sweep.calls.engine.sweptStandings({ ticketIds: before.map(({ ticketId }) => ticketId) });
  for (const { ticketId } of before) {
    const standing = standings.find((one) => one.ticketId === ticketId);
    const isThere = standing?.running === true || standing?.sync?.gone === false;
    if (isThere) marks.unseen = marks.unseen.filter((one) => one.ticketId !== ticketId);
    else if (sweep.spend('freshdesk')) {
      // The look is the dispatch's, but it is the sweep that causes it.
      await sweep.calls.engine.takeOver({ ticketId, events: [] });
      sweep.result.soughtAgain += 1;
    }
  }
}

/** The engine's index shows an end a little later. */
const LAG_MS = 60_000;
