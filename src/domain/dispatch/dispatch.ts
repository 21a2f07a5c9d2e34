/**
 * A dispatch at one moment: its memory, its policy and its clock, with the few questions that every rule asks. The rules
 * themselves are the other files of this folder; all of them are pure but for the memory, which they change in place.
 */
import { dispatchStateOf, isWorkOver } from '../status';
import type { DispatchState } from '../../contract/dispatch';
import type { DispatchLinks, TicketDispatchInput } from '../../contract/dispatch-input';
import type { DispatchMemory } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import { DEFAULT_POLICY, type DispatchPolicy } from '../../contract/policy';
import { cutText } from '../text/plain';
import type { VisitPhase } from '../ticket-meaning';

/** Bounds of what is remembered; the oldest goes first. What is carried to a new run must stay far below 2 MB. */
export const BOUNDS = {
  timeline: 100,
  seen: 500,
  detail: 500,
  attention: 2000,
  effects: 100,
  doubtful: 50,
  reason: 250,
  name: 100,
};

export class Dispatch {
  readonly account: string;
  readonly ticketId: number;
  readonly policy: DispatchPolicy;
  readonly links: DispatchLinks;
  /** Steps taken and signals received in this run, and signals alone: not carried. */
  turns = 0;
  signals = 0;

  constructor(
    readonly input: TicketDispatchInput,
    readonly memory: DispatchMemory,
    /** In ms since 1970. */
    readonly now: () => number,
  ) {
    this.account = input.account;
    this.ticketId = input.ticketId;
    this.policy = { ...DEFAULT_POLICY, ...input.policy };
    this.links = input.links ?? {
      ticket: `https://${input.account}.freshdesk.com/a/tickets/${input.ticketId}`,
      workOrders: 'https://app.fieldnation.com/workorders/',
      workflow: null,
    };
  }

  get newest(): Visit | null {
    return this.memory.visits.at(-1) ?? null;
  }

  /** The moment `ms` from now, ISO 8601. */
  at(ms = 0): string {
    return new Date(this.now() + ms).toISOString();
  }

  isDue(at: string | null): boolean {
    return at === null || Date.parse(at) <= this.now();
  }

  /** The page of a visit's work order for people; null while none is known. */
  orderUrl({ href, workOrderId }: Visit): string | null {
    return href ?? (workOrderId === null ? null : `${this.links.workOrders}${workOrderId}`);
  }

  /** `said`: the words of a note or message. */
  note(what: string, detail: string | null = null, said = ''): void {
    const { timeline } = this.memory;
    const words = said === '' ? {} : { said: cutText(said, BOUNDS.detail) };
    timeline.push({ at: this.at(), what, detail: detail === null ? null : cutText(detail, BOUNDS.detail), ...words });
    if (timeline.length > BOUNDS.timeline) timeline.shift();
  }

  phase(): VisitPhase {
    const visit = this.newest;
    if (!visit) return 'none';
    if (visit.stage === 'ended' || (visit.status && isWorkOver(visit.status.key))) return 'over';
    const isBefore = visit.stage === 'plan' || visit.stage === 'approval' || visit.stage === 'create';
    return isBefore && !visit.tried ? 'before-order' : 'open';
  }

  /** True while a visit is under way, so that a person's word must not start another. */
  isOpen(): boolean {
    const phase = this.phase();
    return phase === 'before-order' || phase === 'open';
  }

  /** The state of the newest visit, without regard to attention. */
  visitState(): DispatchState {
    if (this.memory.skipped !== null) return 'skipped';
    const visit = this.newest;
    if (!visit || visit.stage === 'plan' || visit.stage === 'approval') return 'starting';
    if (visit.stage === 'ended') return 'cancelled';
    if (visit.stage !== 'open' && !visit.fellBack) return 'creating';
    return (visit.status && dispatchStateOf(visit.status.key)) ?? 'dispatched';
  }

  state(): DispatchState {
    return this.memory.blocked.length > 0 ? 'attention' : this.visitState();
  }

  /** No call that was let go of can change the ticket any more. */
  mayWrite(): boolean {
    return this.isDue(this.memory.writeNotBefore);
  }
}
