/** What a dispatch leaves in its memo for reconcile, so that a quiet sweep asks and tells nobody. Holds no personal data. */
import type { DispatchSync } from '../../contract/reconcile';
import { later } from '../sweep/ticket-drift';
import type { ReadCounts } from '../conversation/counts';
import type { Dispatch } from './dispatch';
import { isOrderOver } from './stages';
import type { Visit } from '../../contract/visit';

/** More visits with an order that is not final than any ticket has; memos stay small. */
const MOST_ORDERS = 20;

export function sweptMemo(dispatch: Dispatch): DispatchSync {
  const { memory } = dispatch;
  return {
    lookedAt: memory.lookedAt,
    writtenAt: later(memory.lastWriteAt, memory.notedAt),
    status: memory.known?.status ?? null,
    matches: memory.known?.matches ?? false,
    gone: memory.known?.gone ?? false,
    orders: memory.visits
      // What was cancelled by us is asked about until Field Nation has confirmed it.
      .filter((visit) => !isOrderOver(visit) || visit.cancelUnconfirmed)
      .flatMap((visit) => {
        const { workOrderId: id, status } = visit;
        return id === null
          ? []
          : [{ id, key: status?.key ?? 'draft', at: status?.at ?? null, ...readCountsOf(dispatch, visit) }];
      })
      .slice(-MOST_ORDERS),
  };
}

/** Only the newest visit takes in anything new; what is due to be read need not be told. */
function readCountsOf({ newest }: Dispatch, visit: Visit): ReadCounts {
  const { conversation, rules } = visit;
  if (!conversation || visit !== newest) return {};
  const { messages, files } =
    conversation.inDue === null && conversation.bringDue === null ? conversation.countsRead : conversation.countsSeen;
  return rules?.conversation.deliverables === true ? { messages, files } : { messages };
}
