/**
 * How a ticket's dispatch stands, judged by the memo that it shows. Promise: what is not surely without a visit, or surely
 * over, is left alone. Source: interface, section 8, *In bulk*.
 */
import type { BatchStanding, BatchStepAnswer } from '../../contract/dispatch-batch';
import type { DispatchMemo } from '../../contract/memo';

/** A run as it stands; null: there is none. `memo` null: it has not shown anything yet; `unreadable`: no key at hand reads it. */
export type SeenRun = { running: boolean; ended: boolean; memo: DispatchMemo | 'unreadable' | null } | null;

const NOTHING: BatchStanding = { visit: 0, is: 'none', attention: null };

export function standingOf(run: SeenRun): BatchStanding {
  if (run === null) return NOTHING;
  const { running, memo } = run;
  if (memo === 'unreadable') return { ...NOTHING, is: 'unreadable' };
  if (memo === null) return running ? { ...NOTHING, is: 'beginning' } : NOTHING;
  const attention = memo.attention?.reason ?? null;
  // No visit has begun, or it was withdrawn before it had an order.
  if (memo.times.triggeredAt === null) {
    if (!running || memo.state === 'skipped') return NOTHING;
    return { visit: 0, is: attention === null ? 'beginning' : 'waiting', attention };
  }
  return { visit: memo.visit, is: running && memo.open ? 'open' : 'over', attention };
}

/** Why the ticket is not dispatched with others; null: it is. */
export function leftOutAs({ is, visit, attention }: BatchStanding, nextVisit: boolean): string | null {
  switch (is) {
    case 'none':
      return null;
    case 'beginning':
      return 'Its dispatch has just begun.';
    case 'unreadable':
      return UNREADABLE;
    case 'open':
      return `Visit ${visit} is under way.`;
    case 'waiting':
      return `Its dispatch waits for a person: ${attention}.`;
    case 'over':
      return nextVisit ? null : `It has had visit ${visit}. To send somebody again, add --next-visit.`;
  }
}

type Ended = Omit<BatchStepAnswer['ended'][number], 'ticketId'>;

/** What became of a visit that was asked for after visit `after`; null: nothing yet. */
export function endOf(run: SeenRun, after: number): Ended | null {
  if (run === null) return { stage: 'failed', why: 'Its dispatch is not there any more.' };
  const { running, ended, memo } = run;
  if (!running && ended) return { stage: 'failed', why: 'Its dispatch was ended in Temporal.' };
  if (memo === 'unreadable') return { stage: 'failed', why: UNREADABLE };
  if (memo === null) return null;
  const isBegun = memo.times.triggeredAt !== null && memo.visit > after;
  if (!isBegun && !running && memo.state === 'skipped') return { stage: 'left-out', why: SKIPPED };
  const isAboutVisit = isBegun || memo.times.triggeredAt === null;
  if (memo.attention !== null && isAboutVisit)
    return { stage: 'attention', why: `${memo.attention.reason}: ${memo.attention.detail}` };
  if (!isBegun || memo.state === 'starting' || memo.state === 'creating') return null;
  return memo.state === 'cancelled' ? { stage: 'left-out', why: CANCELLED } : { stage: 'dispatched', why: null };
}

const UNREADABLE =
  'Its dispatch cannot be read: the encryption key is missing. Put it into DESKBRIDGE_ENCRYPTION_KEYS of the workers.';
const SKIPPED = 'Deskbridge found a work order of it, or the ticket is gone: `deskbridge show` says which.';
const CANCELLED = 'Its visit was called off.';
