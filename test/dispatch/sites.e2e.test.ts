/** Several sites: a parent ticket whose child tickets have a dispatch each. */
import { sitesWorkflowId } from '../../src/contract/run-ids';
import type { SitesMemo } from '../../src/contract/sites';
import { runCli, settingsOf } from '../helpers/cli';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { FIELD_SERVICE_REQUIRED, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

const CONFIG = DEFAULT_TEST_CONFIG.replace('{ ', '{ sites: { progressField: cf_technician }, ');

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { config: CONFIG });

const SUMMARY = 'All sites are over';
const summariesOf = (id: number): string[] =>
  desk.privateNotes(id).flatMap(({ body }) => (String(body).includes(SUMMARY) ? [String(body)] : []));
const isSummarised = (sites: SitesMemo | null | undefined): boolean => (sites?.summaryAt ?? null) !== null;
const progressOf = (id: number): unknown =>
  (stack.sandbox.control.ticket(id).custom_fields as Record<string, unknown>).cf_technician;
const shows = (id: number, progress: string): Promise<void> =>
  until(
    `the progress ${progress}`,
    () => progressOf(id) === progress,
    () => String(progressOf(id)),
  );

async function family(count: number): Promise<{ parent: number; sites: { id: number; order: number }[] }> {
  const parent = desk.newTicket();
  const ids = Array.from({ length: count }, () => desk.newTicket({ parent_id: parent }));
  for (const id of ids) desk.trigger(id);
  const sites = await Promise.all(ids.map(async (id) => ({ id, order: await desk.dispatched(id) })));
  return { parent, sites };
}

test('the parent shows how many are done, and gets one note when sites that end at once were the last', async () => {
  const { parent, sites } = await family(3);
  const [first, ...others] = sites;
  await shows(parent, '0 of 3 done');
  await desk.finish(first!.id, first!.order);
  await shows(parent, '1 of 3 done');
  expect(summariesOf(parent)).toEqual([]);
  await Promise.all(others.map(({ id, order }) => desk.finish(id, order)));
  await shows(parent, '3 of 3 done');
  await until('the summary', () => summariesOf(parent).length > 0);
  for (const { id, order } of sites)
    expect(summariesOf(parent)[0]).toContain(`Ticket ${id}, work order ${order}: done`);
  await desk.quiet(first!.id);
  expect(summariesOf(parent)).toHaveLength(1);
  expect(await desk.runsOf('ticketDispatch')).not.toContain(stack.workflowId(parent));
});

test('the note is written once when its answer is lost and the run is reset', async () => {
  const { parent, sites } = await family(1);
  const [{ id, order }] = sites as [{ id: number; order: number }];
  const path = `/tickets/${parent}/notes$`;
  stack.sandbox.control.addFault({ system: 'freshdesk', method: 'POST', path, kind: 'lost-answer', times: 1 });
  await desk.finish(id, order);
  await until('the summary to be known', async () => isSummarised(await stack.sites.look(parent)));
  expect(stack.hasFaultHit()).toBe(true);
  expect(summariesOf(parent)).toHaveLength(1);

  const handle = stack.client.workflow.getHandle(sitesWorkflowId(stack.account, parent));
  const { history } = await stack.client.workflowService.getWorkflowExecutionHistory({
    ...{ namespace: stack.client.options.namespace, execution: { workflowId: handle.workflowId } },
  });
  const started = (history?.events ?? []).find(({ workflowTaskCompletedEventAttributes: done }) => done);
  const { runId } = await handle.describe();
  await stack.client.workflowService.resetWorkflowExecution({
    ...{ namespace: stack.client.options.namespace, workflowExecution: { workflowId: handle.workflowId, runId } },
    ...{ reason: 'a test', requestId: `${parent}`, workflowTaskFinishEventId: started!.eventId! },
  });
  await until('the run after the reset to know of it', async () => {
    const now = await handle.describe();
    return now.runId !== runId && isSummarised(await stack.sites.look(parent));
  });
  expect(summariesOf(parent)).toHaveLength(1);
});

test('a run that was ended and is begun again by late news finds the note, and writes no second one', async () => {
  const { parent, sites } = await family(1);
  const [{ id, order }] = sites as [{ id: number; order: number }];
  await desk.finish(id, order);
  await until('the summary to be known', async () => isSummarised(await stack.sites.look(parent)));
  await stack.client.workflow.getHandle(sitesWorkflowId(stack.account, parent)).terminate('a test');
  await stack.sites.tell({
    parentId: parent,
    news: { ticketId: id, visit: 1, at: new Date().toISOString(), standing: 'done', workOrderId: order },
  });
  const last = stack.client.workflow.getHandle(sitesWorkflowId(stack.account, parent));
  await until('the new run to know of it', async () => {
    const { status, memo } = await last.describe();
    return status.name === 'RUNNING' && isSummarised(memo?.sites as SitesMemo | undefined);
  });
  expect(summariesOf(parent)).toHaveLength(1);
});

test('a child without a visit holds the note up until it is closed', async () => {
  const parent = desk.newTicket();
  const [site, order] = [desk.newTicket({ parent_id: parent }), desk.newTicket({ parent_id: parent })];
  desk.trigger(site);
  await desk.finish(site, await desk.dispatched(site));
  await shows(parent, '1 of 2 done');
  expect(summariesOf(parent)).toEqual([]);
  stack.sandbox.control.updateTicket(order, { status: 5 });
  await until('the summary', () => summariesOf(parent).length === 1);
  expect(progressOf(parent)).toBe('1 of 2 done, 1 closed without a visit');
});

test('page and command line show the sites of a parent that has no visit of its own', async () => {
  const { parent, sites } = await family(2);
  const [first] = sites;
  await desk.finish(first!.id, first!.order);
  await until('one site to be done', async () => (await stack.sites.look(parent))?.progress === '1 of 2 done');
  const page = await (await fetch(`${stack.webUrl}/dispatches/${parent}`)).text();
  expect(page).toContain('Sites: 1 of 2 done');
  expect(page).toContain(`href="/dispatches/${first!.id}"`);
  expect(await (await fetch(`${stack.webUrl}/dispatches/${first!.id}`)).text()).toContain(`/dispatches/${parent}`);
  const shown = await runCli(['show', String(parent)], settingsOf(stack, '/nonexistent'));
  expect(shown.code).toBe(0);
  expect(shown.out).toContain(`Sites of ticket ${parent}: 1 of 2 done`);
  expect(shown.out).toContain(`Ticket ${first!.id}, work order ${first!.order}: done`);
});

test('a ticket without a parent costs no call and starts no run more', async () => {
  stack.sandbox.control.clearHistory();
  const id = desk.newTicket({ status: FIELD_SERVICE_REQUIRED });
  await desk.finish(id, await desk.dispatched(id));
  const history = await stack.client.workflow.getHandle(stack.workflowId(id)).fetchHistory();
  const names = (history.events ?? []).map(({ activityTaskScheduledEventAttributes: it }) => it?.activityType?.name);
  expect(names).not.toContain('tellParent');
  expect(await desk.runsOf('siteProgress')).not.toContain(sitesWorkflowId(stack.account, id));
});
