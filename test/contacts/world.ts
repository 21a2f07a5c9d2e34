/** The contacts' runs with the real rules and calls, over a model of Freshdesk, one turn at a time in any order. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createContactActivities } from '../../activities/contacts';
import { parseConfig } from '../../src/config/load';
import type { ContactEvent, ContactEvents, ContactMemory, ContactOutcome } from '../../src/contract/contact';
import { DEFAULT_CONTACT_POLICY } from '../../src/contract/policy';
import { NOTHING_KNOWN } from '../../src/domain/contacts/carried';
import { ContactRun } from '../../src/domain/contacts/contact-run';
import { outcomeOf, resultOf } from '../../src/domain/contacts/contact-view';
import { begin as beginStep, decide, type ContactStep } from '../../src/domain/contacts/decide';
import { evolve, type StepDone } from '../../src/domain/contacts/evolve';
import { receive } from '../../src/domain/contacts/receive';
import type { ToSend } from '../../src/domain/contacts/parcel';
import { beginWriting, goOnWriting, type Sent } from '../../src/domain/contacts/writing';
import { createContactKeys } from '../../src/temporal/contact-keys';
import { freshdeskModel, type FreshdeskModel } from './freshdesk-model';

export const KEYS = createContactKeys(['hash-key-of-the-test'], 'acme');

export interface World {
  freshdesk: FreshdeskModel;
  /** Hands events to the contact's run, as the starter does. */
  deliver(contacts: readonly ContactEvents[]): void;
  /** One random thing happens; false: nothing is left to happen. */
  step(): boolean | Promise<boolean>;
  drain(): Promise<void>;
  /** Each event's key with its outcome. */
  outcomes: Map<string, ContactOutcome[]>;
  memory(hash: string): ContactMemory;
  /** What the runs keep to be sent again, by run. */
  kept(): Map<string, ContactEvent[]>;
}

interface Active {
  hash: string;
  run: ContactRun;
  busy: boolean;
}

/** @param random gives numbers from 0 up to 1; `isAway`: Freshdesk refuses everything now. */
export function contactWorld(random: () => number, config = '', isAway: () => boolean = () => false): World {
  const turns: (() => void)[] = [];
  const freshdesk = freshdeskModel(() => new Promise((resolve) => turns.push(resolve)));
  const memos = new Map<string, ContactMemory>();
  const keptOf = new Map<string, ContactEvent[]>();
  const active = new Map<string, Active>();
  const outcomes: World['outcomes'] = new Map();
  const { contacts } = parseConfig(config, 'test.yaml');
  let clock = 1_800_000_000_000;
  let failure: Error | null = null;

  const activities = createContactActivities({
    freshdesk: freshdesk.client,
    config: { current: () => ({ contacts }) },
    consents: {
      known: async (ids) => {
        const found = ids.flatMap((id) => memos.get(id) ?? []);
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
  const call = async <Input, Answer>(activity: (input: Input) => Promise<Answer>, input: Input): Promise<Answer> => {
    if (isAway()) throw new Error('refused');
    return new MockActivityEnvironment({ attempt: 1 }).run(activity, structuredClone(input));
  };
  const send = async (content: ToSend, knownId: number | null): Promise<Sent> => {
    let writing = beginWriting(content, knownId);
    while (writing.call !== null) {
      const answer =
        writing.call === 'create'
          ? await call(activities.createContact, writing.input)
          : await call(activities.updateContact, writing.input);
      writing = goOnWriting(content, writing, answer);
    }
    return writing.sent;
  };
  const remember = ({ hash, run }: Active): void => void memos.set(hash, structuredClone(run.memory));
  const policy = { ...DEFAULT_CONTACT_POLICY, mergeWindow: 0, unchangedWindow: contacts.unchangedWindow };

  const deliver: World['deliver'] = (some) => {
    for (const { hash, events } of some) {
      let one = active.get(hash);
      if (!one) {
        const input = { account: 'acme', policy, memory: memos.get(hash) ?? NOTHING_KNOWN };
        const run = new ContactRun(
          { ...input, links: { contacts: '', workflow: null } },
          `contact-acme-${hash}`,
          () => clock,
          () => undefined,
        );
        one = { hash, run, busy: false };
        active.set(hash, one);
      }
      for (const event of events) receive(one.run, structuredClone(event));
      if (events.some(({ action }) => action === 'withdraw')) remember(one);
    }
  };
  const take = async (step: ContactStep): Promise<StepDone> => {
    try {
      switch (step.kind) {
        case 'tell':
          deliver(step.contacts);
          return step;
        case 'withdraw':
          return { ...step, answer: await call(activities.withdrawConsent, step.input) };
        case 'send':
          return { ...step, answer: await send(step.parcel.content, step.contactId) };
        case 'skip':
          return step;
      }
    } catch (error) {
      if ((error as Error).message !== 'refused') failure = error as Error;
      return { kind: 'failed', step, attention: { reason: 'unauthorized', detail: 'refused', remedy: 'none' } };
    }
  };
  const begin = async (one: Active): Promise<void> => {
    one.busy = true;
    const step = decide(one.run);
    if (step) {
      beginStep(one.run, step);
      evolve(one.run, await take(step));
    }
    one.busy = false;
    remember(one);
    if (one.run.hasWork) return;
    active.delete(one.hash);
    const { events, kept } = resultOf(one.run);
    for (const { key, outcome } of events) outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
    keptOf.set(one.hash, kept);
  };
  const step = async (): Promise<boolean> => {
    if (failure !== null) throw failure;
    clock += Math.floor(random() * 1000);
    const idle = [...active.values()].filter(({ busy, run }) => !busy && (run.hasWork || outcomeOf(run) !== null));
    const count = idle.length + turns.length;
    if (count === 0) return [...active.values()].some(({ busy }) => busy);
    const at = Math.floor(random() * count);
    const one = idle[at];
    if (one) void begin(one);
    else turns.splice(at - idle.length, 1)[0]?.();
    // What goes on by itself now does so before anything else happens.
    await new Promise(setImmediate);
    return true;
  };
  return {
    freshdesk,
    deliver,
    step,
    drain: async () => {
      while (await step());
    },
    outcomes,
    memory: (hash) => memos.get(hash) ?? NOTHING_KNOWN,
    kept: () => keptOf,
  };
}
