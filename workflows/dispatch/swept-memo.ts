/** What a dispatch leaves in its memo for reconcile, so that a quiet sweep asks and tells nobody. Holds no personal data. */
import type { DispatchSync } from '../../src/contract/reconcile';
import { later } from '../../src/domain/sweep/ticket-drift';
import type { TalkKnown } from '../../src/domain/talk-counts';
import type { Dispatch } from './state';
import type { Visit } from '../../src/contract/memory';

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
      .flatMap((visit) => {
        const { workOrderId: id, status } = visit;
        return id === null
          ? []
          : [{ id, key: status?.key ?? 'draft', at: status?.at ?? null, ...talkOf(dispatch, visit) }];
      })
      .slice(-MOST_ORDERS),
  };
}

/** Only the newest visit takes in anything new; what is due to be read need not be told. */
function talkOf({ newest }: Dispatch, visit: Visit): TalkKnown {
  const { talk, rules } = visit;
  if (!talk || visit !== newest) return {};
  const { messages, files } = talk.inDue === null && talk.bringDue === null ? talk.known : talk.told;
  return rules?.talk?.deliverables === true ? { messages, files } : { messages };
}
