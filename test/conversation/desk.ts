/** A dispatch with something to carry over, and what its calls can answer. */
import type { VisitConversation } from '../../src/contract/conversation';
import type { StepFailure } from '../../src/contract/failures';
import { DEFAULT_POLICY } from '../../src/contract/policy';
import { decide } from '../../src/domain/conversation/decide';
import { evolve } from '../../src/domain/conversation/evolve';
import { emptyConversation } from '../../src/domain/conversation/state';
import type { Outcome, Step } from '../../src/domain/conversation/steps';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';

export const NOW = '2027-01-27T08:00:00.000Z';
export const MINUTE = 60_000;
export const FETCHES = 4;

export const file = (id: number, name = 'photo.jpg') => ({ id, name, size: 1000, type: null });
export const entry = (id: number) => ({ id, kind: 'note' as const, head: 'Note:', text: 'Ring twice.' });
export const message = (id: number) => ({ id, author: 'Lee', role: 'provider', text: 'On my way.', isReply: false });
export const uploaded = (id: number, name?: string) => ({ ...file(id, name), page: null, tried: false });
export const brought = (id: number) => ({ ...file(id), tried: false, linksOnly: false, batch: null });
export const NO_MESSAGES = { messages: [], ours: [], carried: [], more: false, count: 1, self: 9 };
export const NOTE = { noteId: 77, createdAt: NOW };

export const failure = (type: StepFailure['type'], unsure = false): StepFailure => ({
  ...{ type, unsure, reason: 'rejected', detail: 'refused', remedy: 'mend it', retryAfterMs: null, status: 400 },
});
export const failed = (type: StepFailure['type'], unsure = false) =>
  ({ kind: 'failed', failure: failure(type, unsure) }) as const;
export const answered = (answer: unknown) => ({ kind: 'answered', answer }) as const;

/** A dispatch whose order is out, with what waits to be carried over. */
export class Desk {
  now = Date.parse(NOW);
  readonly conversation: VisitConversation = emptyConversation('2027-01-27T07:00:00.000Z');
  readonly dispatch: Dispatch;

  constructor(waiting: Partial<VisitConversation>) {
    const policy = { ...DEFAULT_POLICY, conversation: { ...DEFAULT_POLICY.conversation, fetches: FETCHES } };
    this.dispatch = new Dispatch({ account: 'acme', ticketId: 4711, policy }, emptyMemory(), () => this.now);
    const conversation = Object.assign(this.conversation, structuredClone(waiting));
    Object.assign(startVisit(this.dispatch, 1), { stage: 'open', workOrderId: 901, conversation });
  }

  step(): Step {
    const before = structuredClone(this.dispatch.memory);
    const step = decide(this.dispatch);
    expect(this.dispatch.memory).toEqual(before);
    if (!step) throw new Error('nothing to do');
    return step;
  }

  /** The call of the next step ends so; gives the step. */
  take(outcome: Outcome<unknown>): Step {
    const step = this.step();
    evolve(this.dispatch, step, step.input === null ? { kind: 'not called' } : outcome, this.now);
    return step;
  }

  input(): Record<string, unknown> {
    return this.step().input as unknown as Record<string, unknown>;
  }

  get timeline(): string[] {
    return this.dispatch.memory.timeline.map(({ what }) => what);
  }
}
