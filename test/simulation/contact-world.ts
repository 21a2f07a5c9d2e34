/** The contacts' runs with the real rules and calls, over a model of Freshdesk, one turn at a time in any order. */
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { createContactActivities } from '../../activities/contacts';
import { UpstreamError } from '../../src/clients/upstream-error';
import type { Config } from '../../src/config/schema';
import type { ContactEvent, ContactEvents, ContactMemory, ContactOutcome } from '../../src/contract/contact';
import { DEFAULT_CONTACT_POLICY } from '../../src/contract/policy';
import { NOTHING_KNOWN, type ContactSyncInput } from '../../src/domain/contacts/carried';
import { ContactRun } from '../../src/domain/contacts/contact-run';
import { outcomeOf, resultOf } from '../../src/domain/contacts/contact-view';
import { begin, decide, type ContactStep } from '../../src/domain/contacts/decide';
import { evolve, type StepDone } from '../../src/domain/contacts/evolve';
import type { ToSend } from '../../src/domain/contacts/parcel';
import { receive } from '../../src/domain/contacts/receive';
import { beginWriting, goOnWriting, type Sent } from '../../src/domain/contacts/writing';
import { createContactKeys } from '../../src/temporal/contact-keys';
import { freshdeskModel, type CallEnd } from './contact-model';

export const KEYS = createContactKeys(['hash-key-of-the-test'], 'acme');

/** What happens is chosen from outside: the same choices are the same course. */
export interface Choices {
  /** A number from 0 up to, and without, `most`. */
  pick(most: number): number;
  /** How the next call of Freshdesk ends. */
  end(): CallEnd;
}

interface Active {
  hash: string;
  run: ContactRun;
  busy: boolean;
  /** All that it was sent, and what it knew after so many of them. */
  received: ContactEvent[];
  moments: { input: ContactSyncInput; received: number }[];
}

/** A reset goes back into the beginning of a run, where the create is. */
const MOST_MOMENTS = 20;
const ATTENTION = { reason: 'unauthorized', detail: 'refused', remedy: 'none' } as const;
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export class ContactWorld {
  clock = 1_800_000_000_000;
  readonly freshdesk = freshdeskModel(
    () => new Promise((resolve) => this.turns.push(resolve)),
    () => this.clock,
  );
  /** Each event's key with its outcomes. */
  readonly outcomes = new Map<string, ContactOutcome[]>();
  /** What the runs keep to be sent again, by run. */
  readonly kept = new Map<string, ContactEvent[]>();
  private readonly turns: ((end: CallEnd) => void)[] = [];
  private readonly memos = new Map<string, ContactMemory>();
  private readonly active = new Map<string, Active>();
  private failure: Error | null = null;
  private readonly activities;

  constructor(
    private readonly choices: Choices,
    private readonly rules: Pick<Config, 'contacts'>,
    private readonly mergeWindow = 0,
  ) {
    this.activities = createContactActivities({
      freshdesk: this.freshdesk.client,
      config: { current: () => rules },
      consents: {
        known: async (ids) => {
          const found = ids.flatMap((id) => this.memos.get(id) ?? []);
          const newest = found.flatMap(({ newestAt }) => newestAt ?? []);
          return {
            withdrawn: found.flatMap(({ withdrawn }) => withdrawn),
            newestAt: newest.length > 0 ? Math.max(...newest) : null,
          };
        },
        idsOf: ({ userId, emails }) => [
          ...(userId === null ? [] : KEYS.identifiers('user', userId)),
          ...emails.flatMap((email) => KEYS.identifiers('email', email)),
        ],
      },
      upstream: (_system, call) => call(new AbortController().signal),
    });
  }

  memory(hash: string): ContactMemory {
    return this.memos.get(hash) ?? NOTHING_KNOWN;
  }

  /** Hands events to the contact's run, as the starter does. */
  deliver(contacts: readonly ContactEvents[]): void {
    for (const { hash, events } of contacts) {
      const one = this.active.get(hash) ?? this.start(hash);
      for (const event of events) {
        one.received.push(event);
        receive(one.run, copy(event));
      }
      if (events.some(({ action }) => action === 'withdraw')) this.remember(one);
    }
  }

  private start(hash: string): Active {
    const { unchangedWindow } = this.rules.contacts;
    const policy = { ...DEFAULT_CONTACT_POLICY, mergeWindow: this.mergeWindow, unchangedWindow };
    const links = { contacts: '', workflow: null };
    const run = this.runOf(hash, { account: 'acme', policy, memory: copy(this.memory(hash)), links });
    const one = { hash, run, busy: false, received: [], moments: [] };
    this.active.set(hash, one);
    return one;
  }

  private runOf(hash: string, input: ContactSyncInput): ContactRun {
    return new ContactRun(
      input,
      `contact-acme-${hash}`,
      () => this.clock,
      () => undefined,
    );
  }

  private remember({ hash, run }: Active): void {
    this.memos.set(hash, copy(run.memory));
  }

  /** One random thing happens; false: nothing is left to happen. */
  async step(): Promise<boolean> {
    if (this.failure !== null) throw this.failure;
    this.clock += this.choices.pick(1000);
    const waiting = [...this.active.values()].filter(
      ({ busy, run }) => !busy && (run.hasWork || outcomeOf(run) !== null),
    );
    const idle = waiting.filter(({ run }) => run.restOfWindow() <= 0);
    const count = idle.length + this.turns.length;
    if (count === 0) {
      this.clock += this.mergeWindow;
      return waiting.length > 0;
    }
    const at = this.choices.pick(count);
    const one = idle[at];
    if (one) void this.turn(one);
    else this.turns.splice(at - idle.length, 1)[0]?.(this.choices.end());
    // What goes on by itself now does so before anything else happens.
    await new Promise(setImmediate);
    return true;
  }

  async drain(): Promise<void> {
    while (await this.step());
  }

  /** One turn of the workflow's loop. */
  private async turn(one: Active): Promise<void> {
    const { hash, run } = one;
    one.busy = true;
    if (one.moments.length < MOST_MOMENTS)
      one.moments.push({ input: copy(run.carry()), received: one.received.length });
    const wasWaiting = run.known.attention !== null;
    const step = decide(run);
    if (step) {
      begin(run, step);
      evolve(run, await this.made(step));
    } else run.settle();
    one.busy = false;
    if (run.known.attention || wasWaiting || !run.hasWork) this.remember(one);
    if (run.hasWork) return;
    this.active.delete(hash);
    const { events, kept } = resultOf(run);
    for (const { key, outcome } of events) this.outcomes.set(key, [...(this.outcomes.get(key) ?? []), outcome]);
    this.kept.set(hash, kept);
  }

  private async made(step: ContactStep): Promise<StepDone> {
    try {
      switch (step.kind) {
        case 'tell':
          this.deliver(step.contacts);
          return step;
        case 'withdraw':
          return { ...step, answer: await this.call(this.activities.withdrawConsent, step.input) };
        case 'send':
          return { ...step, answer: await this.send(step.parcel.content, step.contactId) };
        case 'skip':
          return step;
      }
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 401)) this.failure = error as Error;
      return { kind: 'failed', step, attention: ATTENTION };
    }
  }

  private async send(content: ToSend, knownId: number | null): Promise<Sent> {
    let writing = beginWriting(content, knownId);
    while (writing.call !== null) {
      const answer =
        writing.call === 'create'
          ? await this.call(this.activities.createContact, writing.input)
          : await this.call(this.activities.updateContact, writing.input);
      writing = goOnWriting(content, writing, answer);
    }
    return writing.sent;
  }

  /** The engine makes further attempts until there is an answer. */
  private async call<Input, Answer>(activity: (input: Input) => Promise<Answer>, input: Input): Promise<Answer> {
    const scheduledTimestampMs = this.clock;
    for (let attempt = 1; ; attempt++) {
      try {
        // All that the calls ask of their engine; the SDK's own stand-in costs more than the life itself.
        const context = { info: { attempt, scheduledTimestampMs } } as Context;
        return await asyncLocalStorage.run(context, () => activity(copy(input)));
      } catch (error) {
        if (!(error instanceof UpstreamError && error.status === null)) throw error;
      }
    }
  }

  /** A run goes on as a new one, which has nothing but what the old one carried. False: there is none. */
  continueAsNew(): boolean {
    const idle = [...this.active.values()].filter(({ busy }) => !busy);
    const one = idle[this.choices.pick(Math.max(idle.length, 1))];
    if (one) one.run = this.runOf(one.hash, copy(one.run.carry()));
    return one !== undefined;
  }

  /**
   * `temporal workflow reset`: what came of later steps is forgotten; events that came since are sent once more. Between two
   * calls: nobody can order one that is under way, which may still have its effect, before those of the new run.
   */
  reset(): boolean {
    const running = [...this.active.values()].filter(({ busy }) => !busy);
    const one = running[this.choices.pick(Math.max(running.length, 1))];
    const moment = one?.moments[this.choices.pick(Math.max(one.moments.length, 1))];
    if (!one || !moment) return false;
    const again = { ...one, run: this.runOf(one.hash, copy(moment.input)), busy: false };
    for (const event of again.received.slice(moment.received)) receive(again.run, copy(event));
    this.active.set(one.hash, again);
    return true;
  }
}
