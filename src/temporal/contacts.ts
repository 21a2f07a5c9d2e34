/**
 * How contact events enter Temporal and how their outcomes are found again. Promise: what `accept` resolves for is stored;
 * nothing is asked of a run that has ended but what it left behind. Source: interface 5 and 6, design 5.
 */
import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { ContactBatchInput } from '../../workflows/contact-batch';
import type { Config } from '../config/schema';
import type { ContactEvent, ContactEvents, ContactMemo, ContactMemory } from '../contract/contact';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { contactBatchWorkflowId, contactWorkflowId } from '../contract/run-ids';
import { DEFAULT_CONTACT_POLICY, type ContactPolicy } from '../contract/policy';
import { boundedIds } from '../domain/contacts/bounded-ids';
import { openEvent, type ContactSyncInput } from '../domain/contacts/carried';
import { NOTHING_KNOWN } from '../domain/contacts/carried';
import { noOf, withNo } from '../domain/contacts/consent-order';
import { waitingOf } from '../domain/contacts/parcel';
import { inLightPieces } from '../domain/in-pieces';
import { atMost } from './at-most';
import { withDeadline } from './deadline';
import { CONTACT } from '../contract/search-attributes';

/** Pages that a person is shown. */
export interface ContactLinks {
  /** Begin of the address of a contact's page; its id follows. Asked anew each time: a sandbox may begin later. */
  contacts: () => string;
  workflow: (workflowId: string) => string | null;
}

export interface ContactsDeps {
  client: Client;
  account: string;
  config: { current(): Config };
  links: ContactLinks;
  policy?: Partial<Omit<ContactPolicy, 'mergeWindow' | 'unchangedWindow'>>;
  /** For one whole request, in ms. */
  deadlineMs?: number;
}

export interface ContactStarter {
  /**
   * Stores the events of one request: each contact's workflow is started or told, side by side; those of a large request
   * are stored together and handed out from there. @throws TemporalUnavailableError
   */
  accept(contacts: readonly ContactEvents[]): Promise<void>;
  /** Starts or tells the workflow of each contact; safe to repeat, since events have keys. @throws TemporalUnavailableError */
  deliver(contacts: readonly ContactEvents[]): Promise<void>;
}

/** Starts under way at once: more of them only wait inside the server. */
const SIDE_BY_SIDE = 32;

/** More contacts than this are stored in one piece: no engine starts hundreds of runs within an answer's time. */
const MOST_DIRECT = 32;
/** Contacts in one piece. */
const PER_BATCH = 200;

/** Events in one piece: the engine refuses 2 MB, and many a small event is several times its size once it is mapped. */
const MOST_BYTES = 500_000;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const SIGNAL = 'contactEvents';

/** Between two hand-out runs of one request, in ms: one request never begins more than so many runs at once. */
const STAGGER_MS = 2000;

export function createContactStarter(deps: ContactsDeps): ContactStarter {
  const { client, account, config, links, policy, deadlineMs = 2000 } = deps;

  const start = async (workflowId: string, events: ContactEvent[], memory: ContactMemory): Promise<void> => {
    const { mergeWindow, unchangedWindow } = config.current().contacts;
    const input: ContactSyncInput = {
      account,
      policy: { ...DEFAULT_CONTACT_POLICY, ...policy, mergeWindow, unchangedWindow },
      memory,
      links: { contacts: links.contacts(), workflow: links.workflow(workflowId) },
    };
    await client.workflow.signalWithStart(WORKFLOW_TYPES.contactSync, {
      workflowId,
      taskQueue: taskQueues(account).workflows,
      args: [input],
      signal: SIGNAL,
      signalArgs: [events],
      staticSummary: 'Product events of one contact',
      priority: { priorityKey: PRIORITY.contacts },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: CONTACT, value: boundedIds(events.flatMap(({ ids }) => ids)) },
      ]),
      // A run that somebody terminates leaves behind what it was told; what others must know is seen at once.
      memo: { contact: memoAtStart(memory, events) },
      // The window costs no event in the history this way; a no does not wait.
      ...(mergeWindow > 0 && !events.some(isNo) ? { startDelay: mergeWindow } : {}),
    });
  };

  /** A run that has just ended must be read again before the next one starts: it may have left something behind. */
  const startOrTell = async (workflowId: string, older: readonly string[], events: ContactEvent[]): Promise<void> => {
    for (;;) {
      const last = await describe(client, workflowId);
      if (last?.status.name !== 'RUNNING') {
        const before = last ? { memory: memoryOf(last), isTold: false } : await underOlderKeys(older, events);
        return before.isTold ? undefined : start(workflowId, events, before.memory);
      }
      if (await told(client, workflowId, events)) return;
    }
  };

  /** After a change of the key: a run that still waits is told, one that has ended hands on what it knew. */
  const underOlderKeys = async (
    older: readonly string[],
    events: ContactEvent[],
  ): Promise<{ isTold: boolean; memory: ContactMemory }> => {
    for (const hash of older) {
      const workflowId = contactWorkflowId(account, hash);
      const run = await describe(client, workflowId);
      const isTold = run?.status.name === 'RUNNING' && (await told(client, workflowId, events));
      if (run) return { isTold, memory: memoryOf(run) };
    }
    return { isTold: false, memory: NOTHING_KNOWN };
  };

  /** In several pieces, one after the other, when they are too many for one. */
  const hand = async ({ hash, older = [], events }: ContactEvents): Promise<void> => {
    for (const piece of inLightPieces(events, { most: MOST_BYTES, weigh: bytesOf })) {
      await startOrTell(contactWorkflowId(account, hash), older, piece);
    }
  };

  const store = async (contacts: readonly ContactEvents[], delayMs: number): Promise<void> => {
    const input: ContactBatchInput = { contacts };
    await client.workflow.start(WORKFLOW_TYPES.contactBatch, {
      workflowId: contactBatchWorkflowId(account, randomUUID()),
      taskQueue: taskQueues(account).workflows,
      args: [input],
      staticSummary: `Hands product events out to ${contacts.length} contacts`,
      ...(delayMs > 0 ? { startDelay: delayMs } : {}),
      priority: { priorityKey: PRIORITY.contacts },
    });
  };

  const deliver = (contacts: readonly ContactEvents[]): Promise<void> =>
    withDeadline(client, deadlineMs, () => atMost(SIDE_BY_SIDE, contacts, hand));

  /** Those few that are too large for a piece themselves are handed out at once. */
  const storeAll = async (contacts: readonly ContactEvents[]): Promise<void> => {
    const pieces = inLightPieces(contacts, { size: PER_BATCH, most: MOST_BYTES, weigh: bytesOf });
    await withDeadline(client, deadlineMs, () =>
      atMost(SIDE_BY_SIDE, [...pieces.entries()], ([index, piece]) =>
        piece.length === 1 ? hand(piece[0] as ContactEvents) : store(piece, index * STAGGER_MS),
      ),
    );
  };

  return {
    accept: (contacts) => (contacts.length <= MOST_DIRECT ? deliver(contacts) : storeAll(contacts)),
    deliver,
  };
}

const isNo = ({ action }: ContactEvent): boolean => action === 'withdraw';

function memoAtStart(memory: ContactMemory, events: readonly ContactEvent[]): ContactMemo {
  const withdrawn = events.filter(isNo).map(noOf).reduce(withNo, memory.withdrawn);
  const listed = events.filter(({ told }) => !told).map((event) => openEvent(waitingOf(event)));
  return { ...memory, withdrawn, state: 'waiting', events: listed.slice(-MOST_LISTED) };
}

const MOST_LISTED = 50;

function memoryOf(last: WorkflowExecutionDescription): ContactMemory {
  const memo = last.memo?.contact as ContactMemo | undefined;
  if (!memo) return NOTHING_KNOWN;
  const { state: _state, events: _events, ...memory } = memo;
  return memory;
}

/** False when no run is there any more. */
async function told(client: Client, workflowId: string, events: ContactEvent[]): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).signal(SIGNAL, events);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Null when there was no such run, or none that is still kept. */
export async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
