/**
 * A contact's run at one moment: what it knows, its policy and its clock. Promise: every event ends with exactly one outcome;
 * memory is bounded, however long a person lets it wait. The rules are the neighbours `receive`, `decide` and `evolve`; all of
 * them are pure but for what the run knows, which they change in place.
 */
import type { ContactMemory, ContactOutcome } from '../../contract/contact';
import type { CarriedContact, ContactSyncInput } from './carried';
import { isWithdrawn } from './consent-order';
import type { Parcel, Waiting } from './parcel';
import type { Ending } from './writing';

const MOST_OUTCOMES = 100;

export class ContactRun {
  readonly known: CarriedContact;
  /** How often a person said so; counted, so that a word that comes during a try is not lost. */
  retries = 0;
  /** A call with events of this contact is under way; a run goes on as a new one only between two calls. */
  isSending = false;

  constructor(
    readonly input: ContactSyncInput,
    readonly workflowId: string,
    /** In ms since 1970. */
    readonly now: () => number,
    /** Told of each outcome as it is recorded. */
    private readonly onOutcome: (outcome: ContactOutcome, times: number) => void,
  ) {
    const { memory, carried } = input;
    const empty = { ids: [], waiting: null, noes: [], tell: [], outcomes: [], kept: [], attention: null, tries: 0 };
    this.known = carried ?? { memory: { ...memory }, ...empty };
  }

  get memory(): ContactMemory {
    return this.known.memory;
  }

  get hasWork(): boolean {
    const { waiting, noes, tell } = this.known;
    return waiting !== null || noes.length + tell.length > 0;
  }

  /** A no has ended the consent of what is to be sent. */
  isOver({ content: { guard, all } }: Parcel): boolean {
    return isWithdrawn(this.memory.withdrawn, guard, all.contact.unique_external_id !== undefined);
  }

  /** The recorded end of one event. */
  record(one: Waiting, { outcome, detail, notes }: Ending): void {
    const { key, type, action, name: event, times, receivedAt } = one;
    this.onOutcome(outcome, times);
    const what = times === 1 ? detail : [detail, `${times} such events`].filter(Boolean).join('; ');
    const moments = { at: new Date(this.now()).toISOString(), cameAt: new Date(receivedAt).toISOString() };
    const entry = { key, ...moments, type, action, event, outcome, detail: what, notes: [...one.notes, ...notes] };
    this.known.outcomes = [...this.known.outcomes, entry].slice(-MOST_OUTCOMES);
  }

  /** Nobody is needed any more. */
  settle(): void {
    this.known.attention = null;
    this.known.tries = 0;
  }

  /** How long until the next slow try, in ms. */
  slowWait(): number {
    const { first, most } = this.input.policy.slowRetry;
    return Math.min(first * 2 ** Math.min(this.known.tries - 1, 20), most);
  }

  /** What is left of the merge window, in ms; nothing waits longer because of it than it does for a person. */
  restOfWindow(): number {
    const { waiting, noes, attention } = this.known;
    if (waiting === null || attention || noes.length > 0) return 0;
    const { mergeWindow } = this.input.policy;
    // A machine whose clock runs ahead must not make anybody wait for it.
    return Math.min(waiting.since + mergeWindow - this.now(), mergeWindow);
  }

  carry(): ContactSyncInput {
    return { ...this.input, carried: this.known };
  }
}
