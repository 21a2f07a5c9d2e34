/** Looks for the tickets that matched before, page by page, beside all else that the run does. */
import { ActivityFailure, condition } from '@temporalio/workflow';
import type { Baseline } from '../../src/contract/dispatching';
import { onFound, postponed } from '../../src/domain/dispatching/baseline';
import { sweptFreshdesk } from '../proxies';

const AGAIN_MS = 60_000;

/** Never ends. `current` is asked after each wait, as messages change it meanwhile. */
export async function searchBaseline(current: () => Baseline, change: (next: Baseline) => void): Promise<never> {
  for (;;) {
    await condition(() => current().searches.length > 0);
    const [search] = current().searches;
    if (!search) continue;
    const wait = Date.parse(search.dueAt) - Date.now();
    if (wait > 0) {
      await condition(() => current().searches[0] !== search, wait);
      continue;
    }
    const { triggers, from, to, page } = search;
    try {
      const found = await sweptFreshdesk.findMatching({ triggers, from, to, page });
      change(onFound(current(), search, found));
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      change(postponed(current(), search, Date.now() + AGAIN_MS));
    }
  }
}
