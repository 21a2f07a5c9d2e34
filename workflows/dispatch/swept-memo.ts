/** What a dispatch leaves in its memo for reconcile, so that a quiet sweep asks and tells nobody. Holds no personal data. */
import type { DispatchSync } from '../../src/contract/reconcile';
import { later } from '../../src/domain/sweep/ticket-drift';
import type { Dispatch } from './state';

/** More visits with an order that is not final than any ticket has; memos stay small. */
const MOST_ORDERS = 20;

export function syncOf(dispatch: Dispatch): DispatchSync {
  const { memory } = dispatch;
  return {
    lookedAt: memory.lookedAt ?? null,
    writtenAt: later(memory.lastWriteAt, memory.notedAt ?? null),
    status: memory.known?.status ?? null,
    matches: memory.known?.matches ?? false,
    gone: memory.known?.gone ?? false,
    orders: memory.visits
      .filter((visit) => !dispatch.visitIsFinal(visit))
      .flatMap(({ workOrderId, status }) =>
        workOrderId === null ? [] : [{ id: workOrderId, key: status?.key ?? 'draft', at: status?.at ?? null }],
      )
      .slice(-MOST_ORDERS),
  };
}
