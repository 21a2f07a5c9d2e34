/**
 * Rows of Temporal's index. Promise: a row whose memo cannot be read – its key is gone – is a row that says so, and stops
 * no other; each page is asked for within its own deadline. The SDK's own list ends at the first such row.
 */
import { createHash } from 'node:crypto';
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { DispatchMemo } from '../../contract/memo';
import type { ContactMemo } from '../../contract/contact';
import type { DispatchingMemo } from '../../contract/dispatching';
import type { DispatchSync } from '../../contract/reconcile';
import { withDeadline } from '../deadline';
import { decodePayload } from '../decode';
import type { Key } from './query';

/** What our runs leave in their memos; all of it may be missing. */
export interface RunMemo {
  dispatch?: DispatchMemo;
  sync?: DispatchSync;
  contact?: ContactMemo;
  dispatching?: DispatchingMemo;
  /** No key at hand reads it: nothing of the above is known. */
  unreadable: boolean;
}

export interface Row {
  workflowId: string;
  runId: string;
  running: boolean;
  completed: boolean;
  startedAt: Date;
  /** Null while it runs. */
  closedAt: Date | null;
  /** Decoded when it is asked for. */
  memo: () => Promise<RunMemo>;
  /** A search attribute, times as ISO 8601; null when it is not set. Never encrypted. */
  text: (key: Key) => string | null;
  number: (key: Key) => number | null;
}

export interface PageQuery {
  query: string;
  /** 1 to 1,000. */
  size: number;
  /** `nextCursor` of the page before. */
  cursor?: string | null;
}

export interface RowPage {
  rows: Row[];
  nextCursor: string | null;
}

/** The cursor is none that a list gave out. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor() {
    super('The cursor is not one of this list');
  }
}

const MOST_PER_PAGE = 1000;
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
/** Numbers of `temporal.api.enums.v1.WorkflowExecutionStatus`. */
const RUNNING = 1;
const COMPLETED = 2;

/** Newest first. @throws CursorError, TemporalUnavailableError */
export async function readPage(client: Client, asked: PageQuery, deadlineMs: number): Promise<RowPage> {
  const { query, size, cursor } = asked;
  const token = cursor ? tokenOf(cursor) : null;
  const answer = await withDeadline(client, deadlineMs, () =>
    client.workflowService.listWorkflowExecutions({
      ...{ namespace: client.options.namespace, query, pageSize: size },
      ...(token ? { nextPageToken: token } : {}),
    }),
  ).catch((error: unknown) => {
    if (token && isGrpcServiceError(error) && Number(error.code) === INVALID_ARGUMENT) throw new CursorError();
    throw error;
  });
  const next = answer.nextPageToken;
  return {
    rows: (answer.executions ?? []).map((raw) => rowOf(client, raw)),
    nextCursor: next && next.length > 0 ? cursorOf(next) : null,
  };
}

/** In bytes. On an SQL store Temporal says of a token that is none only that something went wrong, as when it is away. */
const SUM = 4;
const sumOf = (token: Uint8Array): Buffer => createHash('sha256').update(token).digest().subarray(0, SUM);
const cursorOf = (token: Uint8Array): string => Buffer.concat([sumOf(token), token]).toString('base64url');

function tokenOf(cursor: string): Buffer {
  const bytes = Buffer.from(cursor, 'base64url');
  const token = bytes.subarray(SUM);
  if (token.length === 0 || !bytes.subarray(0, SUM).equals(sumOf(token))) throw new CursorError();
  return token;
}

/** All rows, newest first, page by page as they are taken. */
export async function* readRows(client: Client, query: string, deadlineMs: number): AsyncGenerator<Row> {
  let cursor: string | null = null;
  do {
    const page: RowPage = await readPage(client, { query, size: MOST_PER_PAGE, cursor }, deadlineMs);
    yield* page.rows;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** The newest run of an id as it stands at this moment, which the index shows later; null when there is none. */
export async function readNewest(client: Client, workflowId: string, deadlineMs: number): Promise<Row | null> {
  const { namespace } = client.options;
  try {
    const answer = await withDeadline(client, deadlineMs, () =>
      client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } }),
    );
    return answer.workflowExecutionInfo ? rowOf(client, answer.workflowExecutionInfo) : null;
  } catch (error) {
    if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return null;
    throw error;
  }
}

type Raw = NonNullable<Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions']>[number];

function rowOf(client: Client, raw: Raw): Row {
  const { execution, status, startTime, closeTime, memo, searchAttributes } = raw;
  const attribute = (name: string): unknown => {
    const payload = searchAttributes?.indexedFields?.[name];
    return payload ? defaultPayloadConverter.fromPayload(payload) : null;
  };
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    running: Number(status) === RUNNING,
    completed: Number(status) === COMPLETED,
    startedAt: dateOf(startTime) ?? new Date(0),
    closedAt: dateOf(closeTime),
    memo: () => memoOf(client, memo?.fields ?? {}),
    text: ({ name }) => {
      const value = attribute(name);
      return typeof value === 'string' ? value : null;
    },
    number: ({ name }) => {
      const value = attribute(name);
      return typeof value === 'number' ? value : null;
    },
  };
}

const dateOf = (time: Raw['startTime']): Date | null =>
  time ? new Date(Number(time.seconds ?? 0) * 1000 + Math.round((time.nanos ?? 0) / 1e6)) : null;

async function memoOf(client: Client, fields: Record<string, Payload>): Promise<RunMemo> {
  const { loadedDataConverter } = client.options;
  try {
    const decoded = await Promise.all(
      Object.entries(fields).map(async ([name, payload]) => [name, await decodePayload(loadedDataConverter, payload)]),
    );
    return { ...(Object.fromEntries(decoded) as Partial<RunMemo>), unreadable: false };
  } catch {
    return { unreadable: true };
  }
}
