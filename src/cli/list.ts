/** `list`: dispatches, newest first, page by page; never cut short without a word. */
import type { DispatchState } from '../contract/dispatch';
import type { DispatchRow } from '../temporal/dispatches';
import { withContext } from './context';
import { UsageError } from '../command-errors';
import { printDispatches, printJson } from './output';

export interface ListAsked {
  state?: DispatchState;
  /** 1 to 200. */
  limit: number;
  cursor?: string;
  all?: boolean;
}

const MOST_PER_PAGE = 200;

export async function listDispatches({ state, limit, cursor, all }: ListAsked, json: boolean): Promise<void> {
  if (all && cursor !== undefined) throw new UsageError('Give either --cursor or --all.');
  const filter = state ? { state } : {};
  const { rows, nextCursor, total } = await withContext(async ({ dispatches }) => {
    const found: DispatchRow[] = [];
    let next: string | null = cursor ?? null;
    do {
      const from: { cursor?: string } = next === null ? {} : { cursor: next };
      const page = await dispatches.rows({ ...filter, ...from, limit: all ? MOST_PER_PAGE : limit });
      found.push(...page.rows);
      next = page.nextCursor;
    } while (all && next !== null);
    // A count is of runs, and a ticket that was skipped before has several.
    const isWhole = cursor === undefined && next === null;
    return { rows: found, nextCursor: next, total: isWhole ? found.length : await dispatches.total(filter) };
  });
  if (json) return printJson({ items: rows.map(({ dispatch }) => dispatch), nextCursor, total });
  printDispatches(rows);
  if (rows.length === 0) return;
  console.log(`\n${rows.length} of ${Math.max(total, rows.length)}`);
  if (nextCursor !== null) console.log(`For the next ones, add --cursor ${nextCursor}. For all, add --all.`);
}
