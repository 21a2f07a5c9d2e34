/**
 * What came of a person's events. Promise: found by user id or e-mail, whichever the events carried, though neither stands
 * in Temporal in plain text; nothing is disturbed by looking. Source: interface, section 6.
 */
import { ServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { ContactMemo, ContactResult, ContactView, ImportedRow, ImportView } from '../contract/contact';
import { contactQuery, importQuery } from '../contract/messages';
import { contactWorkflowId } from '../contract/run-ids';
import { CONTACT } from '../contract/search-attributes';
import type { ContactKeys } from './contact-keys';
import { describe, type ContactLinks } from './contacts';
import { TemporalUnavailableError, withDeadline } from './deadline';
import { isIn, queryOf } from './index/query';

/** A row of an import that named the person. */
export interface ImportedContact extends Omit<ImportedRow, 'ids'> {
  /** When the batch was begun, ISO 8601. */
  at: string;
  workflowId: string;
}

export interface ContactOutcomes {
  /** Newest first. */
  runs: ContactView[];
  imported: ImportedContact[];
}

export interface OutcomesDeps {
  client: Client;
  account: string;
  keys: ContactKeys;
  links: ContactLinks;
  /** For a single question to Temporal, in ms. */
  deadlineMs?: number;
}

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'status' | 'memo' | 'startTime'>;

/** Runs that one look shows at most. */
const MOST_RUNS = 20;
const IMPORTS_AT_ONCE = 16;

/** `who` is a user id or an e-mail. @throws TemporalUnavailableError */
export async function findOutcomes(deps: OutcomesDeps, who: string): Promise<ContactOutcomes> {
  const { client, account, keys, deadlineMs = 2000 } = deps;
  const hashes = keys.anyOf(who);
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);

  const runs = new Map<string, Run>();
  await bounded(async () => {
    // The list lags behind a little; the newest run of the identifier itself is known at once.
    for (const hash of hashes) {
      const newest = await describe(client, contactWorkflowId(account, hash));
      if (newest) runs.set(newest.runId, newest);
    }
    const query = queryOf(account, { kind: 'contactSync', and: [isIn(CONTACT, hashes)] });
    for await (const run of client.workflow.list({ query, pageSize: MOST_RUNS })) {
      runs.set(run.runId, run);
      if (runs.size >= MOST_RUNS) break;
    }
  });
  const newestFirst = [...runs.values()].sort((a, b) => b.startTime.getTime() - a.startTime.getTime());
  const views = await Promise.all(newestFirst.map((run) => bounded(() => viewOf(deps, run))));
  return { runs: views.filter((view) => view !== null), imported: await importedRows(deps, hashes) };
}

/** Null for a run that goes on as another one. */
export async function viewOf({ client, account, links }: OutcomesDeps, run: Run): Promise<ContactView | null> {
  const { workflowId, runId, status } = run;
  const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
  if (status.name === 'CONTINUED_AS_NEW') return null;
  if (status.name === 'COMPLETED') {
    const { kept: _kept, ...view } = (await handle.result()) as ContactResult;
    return view;
  }
  const memo = run.memo?.contact as ContactMemo | undefined;
  const fallback: ContactView = {
    ...{ workflowId, account, state: memo?.state ?? 'waiting', contactId: memo?.contactId ?? null },
    ...{ attention: null, events: [], links: { contact: null, workflow: links.workflow(workflowId) } },
  };
  if (status.name !== 'RUNNING') return fallback;
  return handle.query(contactQuery).catch((error: unknown) => {
    // No worker answers: what it published last is better than nothing.
    if (error instanceof ServiceError || error instanceof TemporalUnavailableError) return fallback;
    throw error;
  });
}

/** Batches of imports are read one by one: hundreds of identifiers of a batch would be too many for an index. */
async function importedRows(
  { client, account, deadlineMs = 2000 }: OutcomesDeps,
  hashes: string[],
): Promise<ImportedContact[]> {
  const found: ImportedContact[] = [];
  const read = async (run: Run): Promise<void> => {
    const handle = client.workflow.getHandle(run.workflowId, run.runId);
    const view = await withDeadline(client, deadlineMs, () =>
      run.status.name === 'COMPLETED' ? (handle.result() as Promise<ImportView>) : handle.query(importQuery),
    ).catch(() => null);
    for (const { ids, ...row } of view?.rows ?? []) {
      if (!ids.some((id) => hashes.includes(id))) continue;
      found.push({ ...row, at: run.startTime.toISOString(), workflowId: run.workflowId });
    }
  };
  let batch: Promise<void>[] = [];
  for await (const run of client.workflow.list({ query: queryOf(account, { kind: 'contactImport' }) })) {
    batch.push(read(run));
    if (batch.length < IMPORTS_AT_ONCE) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
  return found.sort((a, b) => b.at.localeCompare(a.at) || a.line - b.line);
}
