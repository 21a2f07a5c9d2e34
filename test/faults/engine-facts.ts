/** What the engine tells after a run: which accepted webhooks its histories hold, and how each dispatch stands. */
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { WORKFLOW_TYPES } from '../../src/contract/names';
import { createDispatches } from '../../src/temporal/dispatches';
import type { DispatchFacts, Facts } from './facts';
import { ACCOUNT } from './world';

const PARALLEL = 8;
const DEADLINE_MS = 30_000;

interface Run {
  workflowId: string;
  runId: string;
  status: string;
}

/** Every run of a type that the engine knows, the newest of each id first. */
async function runsOf(client: Client, type: string): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const { workflowId, runId, status } of client.workflow.list({ query: `WorkflowType = '${type}'` }))
    runs.push({ workflowId, runId, status: status.name });
  return runs;
}

/** As `Promise.all`, but only some at a time. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, one));
  return results;
}

/** Read from the histories themselves: nothing else proves that an event is stored. */
export async function storedEvents(client: Client): Promise<Facts['stored']> {
  const stored: Facts['stored'] = { ofTickets: {}, ofOrders: [] };
  const runs = [
    ...(await runsOf(client, WORKFLOW_TYPES.workOrderEvent)),
    ...(await runsOf(client, WORKFLOW_TYPES.ticketDispatch)),
  ];
  await inParallel(runs, async ({ workflowId, runId }) => {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const ticket = workflowId.slice(`dispatch-${ACCOUNT}-`.length);
    for (const { workflowExecutionSignaledEventAttributes: signal } of events ?? []) {
      const argument = signal?.input?.payloads?.[0]?.data;
      const given: unknown = argument ? JSON.parse(Buffer.from(argument).toString()) : null;
      const told = (given ?? {}) as Record<string, unknown>;
      if (signal?.signalName === 'ticketChanged' && told.by !== 'reconcile')
        stored.ofTickets[ticket] = (stored.ofTickets[ticket] ?? 0) + 1;
      if (signal?.signalName === 'workOrderEvent' && typeof told.delivery === 'string')
        stored.ofOrders.push(told.delivery);
    }
  });
  return stored;
}

/** By ticket id. */
export async function dispatchFacts(client: Client): Promise<Map<number, DispatchFacts>> {
  const linksOf = () => ({ ticket: '', workOrders: '', workflow: null });
  const dispatches = createDispatches({ client, account: ACCOUNT, linksOf, deadlineMs: DEADLINE_MS });
  const newest = new Map<string, Run>();
  for (const run of await runsOf(client, WORKFLOW_TYPES.ticketDispatch))
    if (!newest.has(run.workflowId) || run.status === 'RUNNING') newest.set(run.workflowId, run);
  const facts = await inParallel(
    [...newest.values()],
    async ({ workflowId, status }): Promise<[number, DispatchFacts]> => {
      const ticketId = Number(workflowId.slice(`dispatch-${ACCOUNT}-`.length));
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      const view = await dispatches.view(ticketId);
      const isBusy = (raw.pendingActivities ?? []).length > 0 || Boolean(raw.pendingWorkflowTask);
      // A terminated run of a visit that is over leaves nothing undone.
      const isOver = ['completed', 'cancelled', 'skipped', 'work-done'].includes(view?.state ?? '');
      const isBroken =
        status === 'TERMINATED' ? !isOver : !['RUNNING', 'COMPLETED', 'CONTINUED_AS_NEW'].includes(status);
      // A closed ticket is read once more a minute later: until then its order is not called off.
      const isDue = view?.waitingFor?.startsWith('Freshdesk: ') ?? false;
      const { state = 'starting', attention = null } = view ?? {};
      return [ticketId, { state, attention, isBusy: isBusy || isDue, isBroken }];
    },
  );
  return new Map(facts);
}

/** What stands in plain text for everybody who may look at Temporal: ids and search attributes, one pair a run. */
export async function shownByRuns(client: Client): Promise<[string, string][]> {
  const shown: [string, string][] = [];
  for await (const { workflowId, runId, searchAttributes } of client.workflow.list())
    shown.push([`run ${runId}`, JSON.stringify([workflowId, searchAttributes])]);
  return shown;
}

/** Runs of contacts that are still under way. */
export const openContacts = async (client: Client): Promise<number> =>
  (await client.workflow.count(`WorkflowType = '${WORKFLOW_TYPES.contactSync}' AND ExecutionStatus = 'Running'`)).count;

/** The histories in which one of these texts stands, memos and failures with them. */
export async function historiesWith(
  client: Client,
  texts: readonly string[],
): Promise<{ of: number; found: string[] }> {
  const runs: { workflowId: string; runId: string }[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) runs.push({ workflowId, runId });
  const found = await inParallel(runs, async ({ workflowId, runId }) => {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const bytes = Buffer.from(temporal.api.history.v1.History.encode(history).finish());
    return texts.some((text) => bytes.includes(text)) ? [`history of ${workflowId}`] : [];
  });
  return { of: runs.length, found: found.flat() };
}
