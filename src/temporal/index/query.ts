/**
 * Questions to Temporal's index, written here alone. Promise: each is about one account – the queue that its runs stand in
 * names it whole, so that `acme` never finds `acme-2` – and every value is quoted.
 */
import type { AttentionReason } from '../../contract/dispatch';
import { taskQueues, WORKFLOW_TYPES } from '../../contract/names';
import { ATTENTION, STATE } from '../../contract/search-attributes';

export interface RunFilter {
  /** Left out: every kind. */
  kind?: keyof typeof WORKFLOW_TYPES;
  /** `latest`: all but runs that went on as a new one; `ended`: by nobody of ours; `unfinished`: open, or ended so. */
  status?: keyof typeof STATUSES;
  states?: readonly string[];
  /** Waits for a person; `any`: whatever for. */
  attention?: AttentionReason | 'any';
  /** More conditions, all of which must hold. */
  and?: readonly string[];
}

/** A key of `contract/search-attributes`, or one of the server's own. */
export interface Key {
  name: string;
}

type Value = string | number | Date;

const ENDED = `'Terminated', 'Failed', 'TimedOut', 'Canceled'`;
const STATUSES = {
  running: `ExecutionStatus = 'Running'`,
  completed: `ExecutionStatus = 'Completed'`,
  ended: `ExecutionStatus IN (${ENDED})`,
  unfinished: `ExecutionStatus IN ('Running', ${ENDED})`,
  latest: `ExecutionStatus != 'ContinuedAsNew'`,
} as const;

export function queryOf(account: string, { kind, status, states, attention, and = [] }: RunFilter): string {
  return [
    `TaskQueue = ${quoted(taskQueues(account).workflows)}`,
    ...(kind ? [`WorkflowType = ${quoted(WORKFLOW_TYPES[kind])}`] : []),
    ...(status ? [STATUSES[status]] : []),
    ...(states ? [isIn(STATE, states)] : []),
    ...(attention === undefined ? [] : [attention === 'any' ? isSet(ATTENTION) : compare(ATTENTION, '=', attention)]),
    ...and,
  ].join(' AND ');
}

export const compare = (key: Key, operator: '=' | '!=' | '<' | '<=' | '>' | '>=', value: Value): string =>
  `${key.name} ${operator} ${quoted(value)}`;

export const isIn = (key: Key, values: readonly Value[]): string => `${key.name} IN (${values.map(quoted).join(', ')})`;

export const isSet = ({ name }: Key): string => `${name} IS NOT NULL`;

export const anyOf = (...conditions: string[]): string => `(${conditions.join(' OR ')})`;

/** What the server itself knows of a run. */
export const CLOSE_TIME: Key = { name: 'CloseTime' };
export const EXECUTION_STATUS: Key = { name: 'ExecutionStatus' };
export const WORKFLOW_ID: Key = { name: 'WorkflowId' };
export const RUN_ID: Key = { name: 'RunId' };
/** Set by the server while a run's workflow tasks fail. */
export const REPORTED_PROBLEMS: Key = { name: 'TemporalReportedProblems' };

function quoted(value: Value): string {
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : value.toISOString();
  return `'${text.replaceAll("'", "''")}'`;
}
