/** Temporal as a sweep sees it: runs with their memos and search attributes, an index that lags, and rows that no key reads. */
import { WorkflowNotFoundError, type Client, type SignalDefinition } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { taskQueues } from '../../src/contract/names';
import { INPUT } from './core-world';

const STATUSES = { Running: 1, Completed: 2, Failed: 3, Terminated: 5 } as const;

interface RunState {
  status: keyof typeof STATUSES;
  closedAt: number | null;
  memo: Record<string, unknown>;
  attributes: Record<string, string | number | null>;
  /** The key that it was written with is gone. */
  isUnreadable: boolean;
}

type Receive = (signal: string, args: unknown[]) => void;

export interface ModelRun {
  workflowId: string;
  runId: string;
  type: string;
  startedAt: number;
  /** What it was, the oldest first; the last one is what it is. */
  past: { at: number; state: RunState }[];
  result: unknown;
  receive: Receive;
}

export const stateOf = ({ past }: ModelRun): RunState => past.at(-1)!.state;
export const isRunning = (run: ModelRun | undefined): run is ModelRun =>
  run !== undefined && stateOf(run).status === 'Running';

const OPERATORS: Record<string, (a: number | string, b: number | string) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const valueOf = (text: string): number | string => (text.startsWith("'") ? text.slice(1, -1) : Number(text));

/** What the index knows of a run, by name. */
type Fields = (name: string) => string | number | null | undefined;

/** Of the questions that `index/query.ts` builds. */
function conditionOf(text: string): (fields: Fields) => boolean {
  const [, name = '', operator = '', value = ''] = /^(\w+) (\S+) (.+)$/.exec(text) ?? [];
  if (operator === 'IN') {
    const values = value.slice(1, -1).split(', ').map(valueOf);
    return (fields) => values.includes(fields(name) ?? '');
  }
  const holds = OPERATORS[operator];
  if (!holds) throw new Error(`the index does not know ${text}`);
  const wanted = valueOf(value);
  return (fields) => {
    const found = fields(name) ?? null;
    return found !== null && holds(found, wanted);
  };
}

const iso = (at: number): string => new Date(at).toISOString();
const timeOf = (at: number) => ({ seconds: Math.floor(at / 1000), nanos: (at % 1000) * 1e6 });
const LOST = 'lost';

export class EngineModel {
  runs: ModelRun[] = [];
  /** The index shows a change so much later, in ms. */
  lag = 0;

  constructor(private readonly now: () => number) {}

  start(type: string, workflowId: string, attributes: RunState['attributes'], receive: Receive): ModelRun {
    const state: RunState = { status: 'Running', closedAt: null, memo: {}, attributes, isUnreadable: false };
    const at = this.now();
    const runId = `${workflowId} ${this.runs.length}`;
    const run: ModelRun = {
      ...{ workflowId, runId, type, startedAt: at, past: [{ at, state }], result: null, receive },
    };
    this.runs.push(run);
    return run;
  }

  change(run: ModelRun, patch: Partial<RunState>): void {
    run.past.push({ at: this.now(), state: { ...stateOf(run), ...patch } });
  }

  close(run: ModelRun, status: 'Completed' | 'Failed' | 'Terminated'): void {
    this.change(run, { status, closedAt: this.now() });
  }

  newest(workflowId: string): ModelRun | undefined {
    return this.runs.findLast((run) => run.workflowId === workflowId);
  }

  /** As the index shows it, newest first. */
  private matching(query: string): { run: ModelRun; state: RunState }[] {
    const conditions = query.split(' AND ').map(conditionOf);
    const shown = this.now() - this.lag;
    return this.runs
      .flatMap((run) => {
        const state = run.past.findLast(({ at }) => at <= shown)?.state;
        return state ? [{ run, state }] : [];
      })
      .filter(({ run, state }) => {
        const fields = fieldsOf(run, state);
        return conditions.every((holds) => holds(fields));
      })
      .reverse();
  }

  private live(workflowId: string): ModelRun {
    const run = this.newest(workflowId);
    if (!isRunning(run)) throw new WorkflowNotFoundError('not running', workflowId, undefined);
    return run;
  }

  /** All that the sweep's engine asks of the SDK. */
  readonly client = {
    options: {
      namespace: 'default',
      loadedDataConverter: {
        payloadConverter: defaultPayloadConverter,
        failureConverter: defaultFailureConverter,
        payloadCodecs: [{ encode: async (all: Payload[]) => all, decode: async (all: Payload[]) => all.map(readable) }],
      },
    },
    connection: { withDeadline: <T>(_until: number, work: () => Promise<T>) => work() },
    workflowService: {
      listWorkflowExecutions: async ({ query, pageSize, nextPageToken }: ListRequest) => {
        const from = nextPageToken ? Number(Buffer.from(nextPageToken).toString()) : 0;
        const found = this.matching(query);
        const executions = found.slice(from, from + pageSize).map(({ run, state }) => rawOf(run, state));
        const hasMore = found.length > from + pageSize;
        return { executions, nextPageToken: hasMore ? Buffer.from(String(from + pageSize)) : null };
      },
      describeWorkflowExecution: async ({ execution }: { execution: { workflowId: string } }) => {
        const run = this.newest(execution.workflowId);
        if (!run) throw Object.assign(new Error('not found'), { code: 5, details: 'not found', metadata: {} });
        return { workflowExecutionInfo: rawOf(run, stateOf(run)) };
      },
    },
    workflow: {
      count: async (query: string) => ({ count: this.matching(query).length }),
      getHandle: (workflowId: string, runId?: string) => ({
        signal: async ({ name }: SignalDefinition<unknown[]>, ...args: unknown[]) =>
          this.live(workflowId).receive(name, args),
        result: async () => {
          const run = this.runs.find((one) => one.runId === runId);
          if (!run || stateOf(run).isUnreadable) throw new Error('no key at hand reads it');
          return run.result;
        },
      }),
    },
  } as unknown as Client;
}

interface ListRequest {
  query: string;
  pageSize: number;
  nextPageToken?: Uint8Array;
}

const QUEUE = taskQueues(INPUT.account).workflows;

const fieldsOf =
  ({ type }: ModelRun, { status, closedAt, attributes }: RunState): Fields =>
  (name) => {
    switch (name) {
      case 'TaskQueue':
        return QUEUE;
      case 'WorkflowType':
        return type;
      case 'ExecutionStatus':
        return status;
      case 'CloseTime':
        return closedAt === null ? null : iso(closedAt);
      default:
        return attributes[name];
    }
  };

function rawOf({ workflowId, runId, startedAt }: ModelRun, state: RunState): unknown {
  const { status, closedAt, memo, attributes, isUnreadable } = state;
  const payloads = (given: Record<string, unknown>): Record<string, Payload> =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        value === null ? [] : [[name, defaultPayloadConverter.toPayload(value)]],
      ),
    );
  const lost = { [LOST]: Buffer.from('1') };
  const fields = Object.entries(payloads(memo)).map(([name, { metadata, data }]) => {
    return [name, { metadata: { ...metadata, ...(isUnreadable ? lost : {}) }, data }];
  });
  return {
    execution: { workflowId, runId },
    status: STATUSES[status],
    startTime: timeOf(startedAt),
    closeTime: closedAt === null ? null : timeOf(closedAt),
    memo: { fields: Object.fromEntries(fields) as unknown },
    searchAttributes: { indexedFields: payloads(attributes) },
  };
}

function readable(payload: Payload): Payload {
  if (payload.metadata?.[LOST]) throw new Error('no key at hand reads it');
  return payload;
}
