/**
 * What a run knows of one contact, and what it does next: `next` decides, the others take in what came of it. Promise: every
 * event ends with exactly one outcome; memory is bounded, however long a person lets it wait. No I/O, no clock.
 */
import type {
  ContactEvent,
  ContactEvents,
  ContactMemory,
  ContactOutcome,
  ContactResult,
  ContactView,
  ListedEvent,
} from '../../contract/contact';
import type { ConsentWithdrawn, WithdrawConsentInput } from '../../contract/contact-write';
import type { Attention } from '../../contract/dispatch';
import { boundedIds } from './bounded-ids';
import { isWithdrawn, noOf, timeOf, withNo } from './consent-order';
import { isUnchanged } from './merge';
import { endOf, keptOf, listedOf, type CarriedContact, type ContactSyncInput } from './carried';
import { inOrder, parcelOf, waitingOf, type Parcel, type Waiting } from './parcel';
import { LATER_NO, NEWER_EVENT, type Ending, type Sent } from './writing';

const BOUNDS = { outcomes: 100, seen: 200, listed: 50, kept: 10 };

export type ContactStep =
  | { do: 'withdraw'; event: ContactEvent; input: WithdrawConsentInput }
  | { do: 'tell'; contacts: ContactEvents[] }
  | { do: 'send'; parcel: Parcel };

export const NOTHING_KNOWN: ContactMemory = { contactId: null, sent: null, seen: [], withdrawn: [], newestAt: null };

const NO_TAG = 'No contact of this person has the consent tag, or a newer event gives consent.';

export class ContactRun {
  private readonly known: CarriedContact;
  /** How often a person said so; counted, so that a word that comes during a try is not lost. */
  retries = 0;
  private isSending = false;

  constructor(
    private readonly input: ContactSyncInput,
    private readonly workflowId: string,
    /** Told of each outcome as it is recorded. */
    private readonly onOutcome: (outcome: ContactOutcome, times: number) => void,
  ) {
    const { memory, carried } = input;
    const empty = { ids: [], waiting: null, noes: [], tell: [], outcomes: [], kept: [], attention: null, tries: 0 };
    this.known = carried ?? { memory: { ...memory }, ...empty };
  }

  get attention(): Attention | null {
    return this.known.attention;
  }

  get ids(): string[] {
    return this.known.ids;
  }

  get contactId(): number | null {
    return this.known.memory.contactId;
  }

  get hasWork(): boolean {
    const { waiting, noes, tell } = this.known;
    return waiting !== null || noes.length + tell.length > 0;
  }

  /** How many withdrawals wait: each is worth a try at once. */
  get noes(): number {
    return this.known.noes.length;
  }

  /** Takes an event in; a message that was seen before ends here. */
  receive(event: ContactEvent, now: number): void {
    const { memory } = this.known;
    this.known.ids = boundedIds([...this.known.ids, ...event.ids]);
    if (memory.seen.includes(event.key)) return this.end(event, 'duplicate', null, now);
    memory.seen = [...memory.seen, event.key].slice(-BOUNDS.seen);
    if (event.action === 'withdraw') return this.receiveNo(event, now);
    const parcel = parcelOf(event);
    if (this.isOver(parcel)) return this.end(event, 'withdrawn', LATER_NO, now);
    if (event.replay) {
      if (memory.newestAt !== null && timeOf(event) <= memory.newestAt)
        return this.end(event, 'unchanged', NEWER_EVENT, now);
      parcel.content.guard.replay = true;
    }
    this.known.waiting = this.known.waiting ? inOrder(this.known.waiting, parcel) : parcel;
  }

  private receiveNo(event: ContactEvent, now: number): void {
    const { memory } = this.known;
    memory.withdrawn = withNo(memory.withdrawn, noOf(event));
    // What Freshdesk was given has lost its tag.
    memory.sent = null;
    this.endWithdrawnParcel(now);
    // One that was told by another run has its end there; but what this one wrote meanwhile that look-up has not seen.
    const hasWritten = this.isSending || (memory.newestAt !== null && memory.newestAt <= timeOf(event));
    if (!event.told || hasWritten) this.known.noes.push(event);
  }

  private endWithdrawnParcel(now: number): void {
    const { waiting } = this.known;
    if (!waiting || !this.isOver(waiting)) return;
    this.known.waiting = null;
    for (const one of waiting.events) this.record(one, { outcome: 'withdrawn', detail: LATER_NO, notes: [] }, now);
  }

  private isOver({ content: { guard, all } }: Parcel): boolean {
    return isWithdrawn(this.known.memory.withdrawn, guard, all.contact.unique_external_id !== undefined);
  }

  /** Takes out what is to be done next; null when nothing waits. A no goes before every yes. */
  next(now: number): ContactStep | null {
    const { known } = this;
    const contacts = known.tell;
    if (contacts.length > 0) return { do: 'tell', contacts };
    const event = known.noes[0];
    if (event) {
      const { contact } = event;
      const input = { contactId: known.memory.contactId, contact, at: timeOf(event) };
      return { do: 'withdraw', event, input };
    }
    const parcel = known.waiting;
    if (!parcel) return null;
    known.waiting = null;
    const { unchangedWindow } = this.input.policy;
    if (!isUnchanged(parcel.content.all.marks, known.memory.sent, now, unchangedWindow)) {
      this.isSending = true;
      return { do: 'send', parcel };
    }
    this.applied(parcel);
    for (const one of parcel.events) this.record(one, { outcome: 'unchanged', detail: null, notes: [] }, now);
    this.settled();
    return this.next(now);
  }

  endTold(): void {
    this.known.tell = [];
  }

  endWithdrawn(event: ContactEvent, answer: ConsentWithdrawn, now: number): void {
    this.known.noes = this.known.noes.filter((one) => one !== event);
    if (answer.result === 'withdrawn') this.known.memory.contactId ??= answer.contactIds[0] ?? null;
    this.settled();
    if (event.told) return;
    this.end(
      event,
      answer.result,
      answer.result === 'withdrawn' ? null : 'detail' in answer ? answer.detail : NO_TAG,
      now,
    );
    if (answer.result === 'conflict') return;
    const own = this.workflowId.split('-').at(-1);
    const others = new Set([...event.ids, ...answer.ids].filter((hash) => hash !== own));
    const told: ContactEvent = { ...event, key: `${event.key}.told`, told: true };
    this.known.tell = [...others].map((hash) => ({ hash, events: [told] }));
  }

  endSent(parcel: Parcel, sent: Sent, now: number): void {
    const { memory } = this.known;
    this.isSending = false;
    if (sent.contactId !== null) memory.contactId = sent.contactId;
    if (sent.marks !== null) {
      memory.sent = { at: new Date(now).toISOString(), marks: sent.marks };
      this.applied(parcel);
    }
    for (const event of parcel.events) this.record(event, endOf(event, sent), now);
    this.known.kept = [...this.known.kept, ...keptOf(parcel, sent)].slice(-BOUNDS.kept);
    this.settled();
  }

  private applied({ content: { guard } }: Parcel): void {
    const { memory } = this.known;
    memory.newestAt = Math.max(memory.newestAt ?? guard.at, guard.at);
  }

  /** It could not be done: a parcel goes back, in front of what has come since. */
  failed(step: ContactStep, attention: Attention, now: number): void {
    const { known } = this;
    this.isSending = false;
    if (step.do === 'send') {
      known.waiting = known.waiting ? inOrder(step.parcel, known.waiting) : step.parcel;
      this.endWithdrawnParcel(now);
    }
    known.attention = attention;
    known.tries++;
  }

  /** Nobody is needed any more. */
  settled(): void {
    this.known.attention = null;
    this.known.tries = 0;
  }

  /** How long until the next slow try, in ms. */
  slowWait(): number {
    const { first, most } = this.input.policy.slowRetry;
    return Math.min(first * 2 ** Math.min(this.known.tries - 1, 20), most);
  }

  /** What is left of the merge window, in ms; nothing waits longer because of it than it does for a person. */
  restOfWindow(now: number): number {
    const { waiting, noes, attention } = this.known;
    if (waiting === null || attention || noes.length > 0) return 0;
    const { mergeWindow } = this.input.policy;
    // A machine whose clock runs ahead must not make anybody wait for it.
    return Math.min(waiting.since + mergeWindow - now, mergeWindow);
  }

  /** A person's word. */
  retry(): void {
    this.retries++;
  }

  carry(): ContactSyncInput {
    return { ...this.input, carried: this.known };
  }

  memory(): ContactMemory {
    return this.known.memory;
  }

  /** For lists. */
  listed(): ListedEvent[] {
    return listedOf(this.known).slice(-BOUNDS.listed);
  }

  /** How the newest event ended that was not just a repeat; a run that only remembers a no counts as that. */
  outcome(): ContactOutcome | null {
    const { outcomes, memory } = this.known;
    const last = outcomes.findLast(({ outcome }) => outcome !== 'duplicate') ?? outcomes.at(-1);
    return last?.outcome ?? (memory.withdrawn.length > 0 ? 'withdrawn' : null);
  }

  view(): ContactView {
    const { account, links } = this.input;
    const { contactId } = this.known.memory;
    const outcome = this.hasWork ? null : this.outcome();
    return {
      workflowId: this.workflowId,
      account,
      state: this.attention ? 'attention' : (outcome ?? 'waiting'),
      contactId,
      attention: this.attention,
      events: [...this.known.outcomes],
      links: { contact: contactId === null ? null : `${links.contacts}${contactId}`, workflow: links.workflow },
    };
  }

  result(): ContactResult {
    return { ...this.view(), kept: this.known.kept };
  }

  private end(event: ContactEvent, outcome: ContactOutcome, detail: string | null, now: number): void {
    this.record(waitingOf(event), { outcome, detail, notes: [] }, now);
  }

  private record(one: Waiting, { outcome, detail, notes }: Ending, now: number): void {
    const { key, type, action, name: event, times, receivedAt } = one;
    this.onOutcome(outcome, times);
    const what = times === 1 ? detail : [detail, `${times} such events`].filter(Boolean).join('; ');
    const times_ = { at: new Date(now).toISOString(), cameAt: new Date(receivedAt).toISOString() };
    const entry = { key, ...times_, type, action, event, outcome, detail: what, notes: [...one.notes, ...notes] };
    this.known.outcomes = [...this.known.outcomes, entry].slice(-BOUNDS.outcomes);
  }
}
