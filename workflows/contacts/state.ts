/**
 * What a run knows of one contact. Promise: every event that came in ends with exactly one outcome; memory is bounded,
 * however long a person lets the contact wait. JSON only, so that it can be carried into the next run.
 */
import type {
  ContactEvent,
  ContactEventOutcome,
  ContactMemory,
  ContactOutcome,
  ContactView,
} from '../../src/contract/contact';
import type { ContactPolicy } from '../../src/contract/policy';
import type { Attention } from '../../src/contract/dispatch';
import { boundedIds } from '../../src/domain/contacts/bounded-ids';
import { isUnchanged } from '../../src/domain/contacts/merge';
import { joined, toSend, type Sent, type ToSend } from './send';

/** An event that waits for its outcome; its values are merged into what is to be sent. */
export interface Waiting extends Pick<ContactEvent, 'name' | 'action' | 'notes'> {
  /** More than one: events of the same kind that came while a person let them wait. */
  times: number;
}

/** Events that go out together. */
export interface Parcel {
  content: ToSend;
  events: Waiting[];
  /** When the intake took the first of them, in ms since 1970. */
  since: number;
}

const BOUNDS = { outcomes: 100, waiting: 100, seen: 200 };

/** Everything that a new run needs of the one before. */
export interface CarriedContact {
  memory: ContactMemory;
  ids: string[];
  waiting: Parcel | null;
  outcomes: ContactEventOutcome[];
  attention: Attention | null;
  tries: number;
}

export interface ContactSyncInput {
  account: string;
  policy: ContactPolicy;
  /** What the last run left behind. */
  memory: ContactMemory;
  links: { contacts: string; workflow: string | null };
  /** Set when the run goes on as a new one. */
  carried?: CarriedContact;
}

/** One that came through a large batch can be overtaken on its way. */
const inOrder = (a: Parcel, b: Parcel): Parcel => (b.since < a.since ? together(b, a) : together(a, b));

/** Two parcels as one. Events of the same kind share an entry when there are too many to keep apart. */
function together(first: Parcel, then: Parcel): Parcel {
  const events = [...first.events];
  for (const event of then.events) {
    const alike = (known: Waiting): boolean => known.name === event.name && known.action === event.action;
    const at = events.length < BOUNDS.waiting ? -1 : events.findLastIndex(alike);
    const known = events[at];
    if (known) events[at] = { ...known, times: known.times + event.times };
    else events.push(event);
  }
  return { content: joined(first.content, then.content), events, since: first.since };
}

export class ContactState {
  private readonly known: CarriedContact;
  /** How often a person said so; counted, so that a word that comes during a try is not lost. */
  retries = 0;

  constructor(
    private readonly input: ContactSyncInput,
    private readonly workflowId: string,
    /** Told of each outcome as it is recorded. */
    private readonly onOutcome: (outcome: ContactOutcome, times: number) => void,
  ) {
    const { memory, carried } = input;
    this.known = carried ?? { memory, ids: [], waiting: null, outcomes: [], attention: null, tries: 0 };
  }

  get waiting(): Parcel | null {
    return this.known.waiting;
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

  /** Takes an event in; a message that was seen before ends here. */
  receive(event: ContactEvent, now: number): void {
    const { memory } = this.known;
    this.known.ids = boundedIds([...this.known.ids, ...event.ids]);
    if (memory.seen.includes(event.key)) {
      this.record({ ...event, times: 1 }, { outcome: 'duplicate', detail: null }, now);
      return;
    }
    memory.seen = [...memory.seen, event.key].slice(-BOUNDS.seen);
    const { name, action, notes, receivedAt } = event;
    const parcel: Parcel = { content: toSend(event), events: [{ name, action, notes, times: 1 }], since: receivedAt };
    this.known.waiting = this.known.waiting ? inOrder(this.known.waiting, parcel) : parcel;
  }

  /** Hands out what waits; null when nothing does. */
  take(): Parcel | null {
    const parcel = this.known.waiting;
    this.known.waiting = null;
    return parcel;
  }

  /** Puts a parcel back that could not be sent, in front of what has come since. */
  putBack(parcel: Parcel): void {
    this.known.waiting = this.known.waiting ? inOrder(parcel, this.known.waiting) : parcel;
  }

  isUnchanged({ content }: Parcel, now: number): boolean {
    return isUnchanged(content.all.marks, this.known.memory.sent, now, this.input.policy.unchangedWindow);
  }

  /** Ends the events of a parcel without a call. */
  endUnchanged(parcel: Parcel, now: number): void {
    for (const event of parcel.events) this.record(event, { outcome: 'unchanged', detail: null }, now);
    this.settled();
  }

  endSent(parcel: Parcel, sent: Sent, now: number): void {
    const { memory } = this.known;
    if (sent.contactId !== null) memory.contactId = sent.contactId;
    if (sent.marks !== null) memory.sent = { at: new Date(now).toISOString(), marks: sent.marks };
    for (const event of parcel.events) this.record(event, sent[event.action], now);
    this.settled();
  }

  /** Nobody is needed any more. */
  private settled(): void {
    this.known.attention = null;
    this.known.tries = 0;
  }

  needsPerson(attention: Attention): void {
    this.known.attention = attention;
    this.known.tries++;
  }

  /** How long until the next slow try, in ms. */
  slowWait(): number {
    const { first, most } = this.input.policy.slowRetry;
    return Math.min(first * 2 ** Math.min(this.known.tries - 1, 20), most);
  }

  /** What is left of the merge window, in ms; nothing waits longer because of it than it does for a person. */
  restOfWindow(now: number): number {
    if (this.known.waiting === null || this.known.attention) return 0;
    const { mergeWindow } = this.input.policy;
    // A machine whose clock runs ahead must not make anybody wait for it.
    return Math.min(this.known.waiting.since + mergeWindow - now, mergeWindow);
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

  /** How the newest event ended that was not just a repeat. */
  outcome(): ContactOutcome | null {
    const ended = this.known.outcomes;
    return (ended.findLast(({ outcome }) => outcome !== 'duplicate') ?? ended.at(-1))?.outcome ?? null;
  }

  view(): ContactView {
    const { account, links } = this.input;
    const { contactId } = this.known.memory;
    const outcome = this.waiting === null ? this.outcome() : null;
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

  private record(
    { name, notes, times }: Omit<Waiting, 'action'>,
    { outcome, detail }: { outcome: ContactOutcome; detail: string | null },
    now: number,
  ): void {
    this.onOutcome(outcome, times);
    const what = times === 1 ? detail : [detail, `${times} such events`].filter(Boolean).join('; ');
    const entry = { at: new Date(now).toISOString(), event: name, outcome, detail: what, notes };
    this.known.outcomes = [...this.known.outcomes, entry].slice(-BOUNDS.outcomes);
  }
}
