/**
 * The calls of a run, as its history tells them: when, to whom, how long, how often, with what status. Promise: reads the
 * newest part of the history only, and no value that went out or came in but the names of what was mapped – and what a
 * contact's run gave to Freshdesk, since people ask for exactly that.
 */
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, type Payload, type ProtoFailure } from '@temporalio/common';
import { withDeadline } from './deadline';
import { decodeFailure, decodeFirst } from './decode';
import type { ContactWritten } from '../contract/contact-write';
import type { CallExchange, FailureDetail } from '../contract/failures';
import { answerText } from '../domain/contacts/answer-text';

export interface RunCall {
  /** When its first attempt was due, ISO 8601. */
  at: string;
  to: 'Freshdesk' | 'Field Nation';
  /** In words: `create work order`. */
  what: string;
  outcome: 'done' | 'failed' | 'under way' | 'waits for its next attempt' | 'called off';
  /** HTTP status of the last failed attempt; null when there was none, or no answer. */
  status: number | null;
  /** Of the last attempt that ended; null before one has. */
  ms: number | null;
  attempts: number;
  /** Why the last attempt failed; for a create, the names of what was mapped. */
  detail: string | null;
  /** ISO 8601; null unless it waits for one. */
  nextAttemptAt: string | null;
  /** Of the last failed attempt, masked; absent: none failed, or nothing was sent. */
  exchange?: CallExchange;
  /** Of a call that writes a contact: the body for Freshdesk, and what it answered once it has. */
  contact?: { body: object; answer: string | null };
}

const MOST_EVENTS = 1000;
/** Those whose answer is a {@link ContactWritten}. */
const CONTACT_CALLS = ['createContact', 'updateContact'];

const systemOf = (queue: string | null | undefined): RunCall['to'] | undefined =>
  queue?.endsWith('-freshdesk') ? 'Freshdesk' : queue?.endsWith('-field-nation') ? 'Field Nation' : undefined;

type History = Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistoryReverse']>>['history'];
type HistoryEvent = NonNullable<NonNullable<History>['events']>[number];
type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Failure = ProtoFailure | null | undefined;

/** Oldest first; empty when there is no such run. */
export async function readCalls(client: Client, workflowId: string, deadlineMs: number): Promise<RunCall[]> {
  try {
    const { raw } = await withDeadline(client, deadlineMs, () => client.workflow.getHandle(workflowId).describe());
    const execution = { workflowId, runId: raw.workflowExecutionInfo?.execution?.runId ?? '' };
    const { history } = await withDeadline(client, deadlineMs, () =>
      client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: client.options.namespace,
        execution,
        maximumPageSize: MOST_EVENTS,
      }),
    );
    return await callsOf(client, [...(history?.events ?? [])].reverse(), raw.pendingActivities ?? []);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

async function callsOf(client: Client, events: HistoryEvent[], pending: Pending[]): Promise<RunCall[]> {
  const calls = new Map<string, RunCall>();
  const started = new Map<string, HistoryEvent>();
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const to = systemOf(scheduled.taskQueue?.name);
      if (to === undefined) continue;
      const waiting = pending.find(({ activityId }) => activityId === scheduled.activityId);
      const name = scheduled.activityType?.name ?? '?';
      const call: RunCall = {
        ...{ at: new Date(msOf(event.eventTime)).toISOString(), to, what: inWords(name) },
        ...{ outcome: 'under way', status: null, ms: null, attempts: 1, detail: null, nextAttemptAt: null },
      };
      const body = CONTACT_CALLS.includes(name) ? await contactIn(client, scheduled.input?.payloads) : null;
      if (body) call.contact = { body, answer: null };
      if (name === 'createWorkOrder') call.detail = await mappedNames(client, scheduled.input?.payloads);
      if (waiting) await addPending(client, call, waiting);
      calls.set(String(event.eventId), call);
      continue;
    }
    const begun = event.activityTaskStartedEventAttributes;
    if (begun) started.set(String(begun.scheduledEventId), event);
    const ended = endOf(event);
    const call = ended && calls.get(String(ended.scheduledEventId));
    if (!ended || !call) continue;
    const start = started.get(String(ended.scheduledEventId));
    if (start) call.ms = msOf(event.eventTime) - msOf(start.eventTime);
    call.attempts = start?.activityTaskStartedEventAttributes?.attempt ?? 1;
    call.outcome = ended.outcome;
    if (call.contact) await addAnswer(client, call.contact, ended.result);
    await addFailure(client, call, ended.failure ?? start?.activityTaskStartedEventAttributes?.lastFailure);
  }
  return [...calls.values()];
}

interface End {
  scheduledEventId: unknown;
  outcome: RunCall['outcome'];
  failure?: Failure;
  result?: Payload[] | null | undefined;
}

function endOf(event: HistoryEvent): End | null {
  const done = event.activityTaskCompletedEventAttributes;
  if (done) return { scheduledEventId: done.scheduledEventId, outcome: 'done', result: done.result?.payloads };
  const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (failed) return { scheduledEventId: failed.scheduledEventId, outcome: 'failed', failure: failed.failure };
  const cancelled = event.activityTaskCanceledEventAttributes;
  return cancelled ? { scheduledEventId: cancelled.scheduledEventId, outcome: 'called off' } : null;
}

async function addPending(client: Client, call: RunCall, waiting: Pending): Promise<void> {
  const next = waiting.nextAttemptScheduleTime;
  call.attempts = waiting.attempt ?? 1;
  if (call.attempts > 1) await addFailure(client, call, waiting.lastFailure);
  if (!next?.seconds || msOf(next) <= Date.now()) return;
  call.outcome = 'waits for its next attempt';
  call.nextAttemptAt = new Date(msOf(next)).toISOString();
}

/** Null for what no key at hand reads: the call itself is told all the same. */
const readable = <T>(value: Promise<T>): Promise<T | null> => value.catch(() => null);

/** What the last failed attempt was told. */
async function addFailure(client: Client, call: RunCall, failure: Failure): Promise<void> {
  if (!failure) return;
  const error = await readable(decodeFailure(client.options.loadedDataConverter, failure));
  if (error === null) return;
  const [detail, exchange] = (error instanceof ApplicationFailure ? (error.details ?? []) : []) as [
    FailureDetail?,
    CallExchange?,
  ];
  call.status = detail?.status ?? null;
  call.detail = detail?.detail ?? error.message;
  if (exchange) call.exchange = exchange;
}

async function mappedNames(client: Client, payloads: Payload[] | null | undefined): Promise<string | null> {
  const input = await readable(decodeFirst(client.options.loadedDataConverter, payloads));
  const names = Object.keys((input as { payload?: object } | null | undefined)?.payload ?? {});
  return names.length === 0 ? null : `mapped: ${names.join(', ')}`;
}

async function contactIn(client: Client, payloads: Payload[] | null | undefined): Promise<object | null> {
  const input = await readable(decodeFirst(client.options.loadedDataConverter, payloads));
  return (input as { contact?: object } | null | undefined)?.contact ?? null;
}

async function addAnswer(
  client: Client,
  contact: NonNullable<RunCall['contact']>,
  payloads: End['result'],
): Promise<void> {
  const answer = (await readable(decodeFirst(client.options.loadedDataConverter, payloads))) as
    ContactWritten | null | undefined;
  if (!answer) return;
  contact.answer = answerText(answer);
  if (answer.result === 'updated') contact.body = answer.patch;
}

/** `createWorkOrder` → `create work order`. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;
const msOf = (time: Time): number => Number(time?.seconds ?? 0) * 1000 + Math.round((time?.nanos ?? 0) / 1e6);
