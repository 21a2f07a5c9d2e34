/** The lives whose histories are kept: every state a run can be in when a new version takes it over. */
import type { ImportRow } from '../../src/contract/contact';
import { taskQueues } from '../../src/contract/names';
import { sitesWorkflowId } from '../../src/contract/run-ids';
import { watchOf } from '../helpers/alerts';
import { contactsOf } from '../helpers/contacts';
import { createDispatchBatches } from '../../src/temporal/dispatch-batches';
import { DEADLINE_MS, DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { sweepsOf } from '../helpers/sweeps';
import { ticketsOf } from '../helpers/tickets';
import { nextSecond, until } from '../helpers/until';
import { CORE_SCENARIOS } from './core-scenarios';
import { dispatched, type Scenario } from './scenario';

/** Freshdesk's times have whole seconds: only what is written in a later one is surely not older than the visit. */
async function inALaterSecond(stack: Stack, patch: object = {}): Promise<{ id: number; workOrderId: number }> {
  const place = await dispatched(stack, patch);
  await nextSecond();
  return place;
}

const ANN = { name: 'Ann Lee', email: 'ann@example.com' };

/** A parent with one site, whose work is done: the summary is written. */
async function rollOut(stack: Stack): Promise<[parent: number, child: number]> {
  const desk = ticketsOf(stack);
  const parent = desk.newTicket();
  const child = desk.newTicket({ parent_id: parent });
  desk.trigger(child);
  await desk.finish(child, await desk.dispatched(child));
  await until('the summary', async () => ((await stack.sites.look(parent))?.summaryAt ?? null) !== null);
  return [parent, child];
}

/** The workflow of a person's newest run. */
async function contactRun(stack: Stack, who: string): Promise<string[]> {
  const { runs } = await stack.outcomesOf(who);
  return [runs[0]?.workflowId ?? ''];
}

const rowsOf = (stack: Stack, count: number): ImportRow[] =>
  Array.from({ length: count }, (_, i) => {
    const traits = { email: `row${i % 8}@example.com`, name: `Row ${i}`, marketing_consent: 'true' };
    const verdict = stack.judge({ type: 'identify', traits });
    if (!('accepted' in verdict)) throw new Error(`row ${i} was not accepted`);
    return { line: i + 2, event: verdict.accepted };
  });

async function previewed(stack: Stack, ticketId: number): Promise<string[]> {
  await stack.previews.ofTicket(ticketId);
  let runs: string[] = [];
  await until('the run to be listed', async () => {
    runs = await ticketsOf(stack).runsOf('mappingPreview');
    return runs.length > 0;
  });
  return runs;
}

/** A sweep after `before`, with the marks of another one. */
async function swept(stack: Stack, before: () => unknown): Promise<string[]> {
  const sweeps = await sweepsOf(stack);
  try {
    await sweeps.sweep();
    await before();
    await sweeps.sweep();
    const schedule = stack.client.schedule.getHandle(`reconcile-${stack.account}`);
    const newest = (await schedule.describe()).info.recentActions.at(-1);
    return [newest?.action.workflow.workflowId ?? ''];
  } finally {
    await sweeps.stop();
  }
}

/** Freshdesk's rules and Field Nation's webhook are switched off, as when nobody set them up. */
function withoutWebhooks({ sandbox: { control } }: Stack): void {
  control.setKnobs({ freshdesk: { rulesEnabled: false } });
  control.setWebhookActive(false);
  control.advanceClock(60_000);
}

export const SCENARIOS: Record<string, Scenario> = {
  ...CORE_SCENARIOS,
  'waiting-for-a-technician': async (stack) => {
    const { id } = await dispatched(stack);
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'many-at-once': async (stack) => {
    const desk = ticketsOf(stack);
    const batches = createDispatchBatches({ ...stack, deadlineMs: DEADLINE_MS });
    const name = await batches.start({ tickets: [desk.newTicket(), desk.newTicket(), 999_999] }, false);
    const reaches = (stage: string) =>
      until(`the batch to be ${stage}`, async () => (await batches.view(name)).stage === stage);
    await reaches('listed');
    await batches.run(name);
    await batches.stop(name);
    await batches.run(name);
    await reaches('done');
    return [`dispatch-batch-${stack.account}-${name}`];
  },
  'sites-of-a-parent': async (stack) => {
    const [parent] = await rollOut(stack);
    return [sitesWorkflowId(stack.account, parent)];
  },
  'child-of-a-parent': async (stack) => {
    const [, child] = await rollOut(stack);
    return [stack.workflowId(child)];
  },
  'asked-for-with-many-others': async (stack) => {
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    await stack.starter.dispatchInBulk(id, 'batch-k23456', { after: 0, first: true });
    await desk.dispatched(id);
    await stack.starter.dispatchInBulk(id, 'batch-k23456', { after: 0, first: true });
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'work-done': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    await ticketsOf(stack).finish(id, workOrderId);
    return [stack.workflowId(id)];
  },
  'second-visit': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    await desk.finish(id, workOrderId);
    desk.trigger(id);
    await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    return [stack.workflowId(id)];
  },
  'ticket-changed': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.updateTicket(id, { subject: 'Two tills are dead' });
    await stack.starter.ticketChanged(id);
    await until('the update', () => stack.sandbox.control.workOrder(workOrderId).title === 'Two tills are dead');
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'change-refused': async (stack) => {
    const desk = ticketsOf(stack);
    const { id } = await dispatched(stack);
    const control = stack.sandbox.control;
    control.addFault({ system: 'field-nation', path: 'updateWorkOrder', kind: 'status', status: 400, times: 1 });
    control.updateTicket(id, { subject: 'Two tills are dead' });
    await stack.starter.ticketChanged(id);
    await until('the note about it', () => desk.privateNotes(id).length === 1);
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'work-incomplete-again': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    await desk.finish(id, workOrderId);
    stack.sandbox.control.updateTicket(id, { subject: 'The second till as well' });
    stack.sandbox.control.advanceClock(60_000);
    stack.sandbox.control.act(workOrderId, 'incomplete');
    const title = (): unknown => stack.sandbox.control.workOrder(workOrderId).title;
    await until('the change', () => title() === 'The second till as well');
    stack.sandbox.control.advanceClock(60_000);
    stack.sandbox.control.act(workOrderId, 'work-done');
    await until('the second note', () => desk.privateNotes(id).length === 2);
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'published-by-somebody-else': async (stack) => {
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 403 });
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    const { workOrderId } = await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
    stack.sandbox.control.act(workOrderId ?? 0, 'assign');
    await stack.view(id, 'the assignment', (v) => v.state === 'assigned' && v.attention === null);
    return [stack.workflowId(id)];
  },
  'cancel-answered-not-found': async (stack) => {
    const { id } = await dispatched(stack);
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'deleteWorkOrder', kind: 'status', status: 404 });
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the doubt', (v) => v.attention?.reason === 'not-found');
    return [stack.workflowId(id)];
  },
  skipped: async (stack) => {
    const id = ticketsOf(stack).newTicket();
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the skip', (v) => v.state === 'skipped');
    return [stack.workflowId(id)];
  },
  'attention-mapping-then-mended': async (stack) => {
    const desk = ticketsOf(stack);
    const id = desk.newTicket({ custom_fields: { cf_site_city: null } });
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.state === 'attention');
    stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_city: 'Dayton' } });
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'attention-rejected': async (stack) => {
    stack.setConfig('dispatch: { correlationField: 99999 }\n');
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'rejected');
    await desk.settled(id);
    stack.setConfig(DEFAULT_TEST_CONFIG);
    return [stack.workflowId(id)];
  },
  'create-answer-lost': async (stack) => {
    stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
    const { id } = await dispatched(stack);
    return [stack.workflowId(id)];
  },
  'create-lost-and-repeated': async (stack) => {
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'reset-before', times: 1 });
    const { id } = await dispatched(stack);
    return [stack.workflowId(id)];
  },
  'events-out-of-order': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.holdWebhooks();
    for (const action of ['assign', 'check-in', 'work-done', 'incomplete', 'work-done'] as const) {
      stack.sandbox.control.act(workOrderId, action);
      stack.sandbox.control.advanceClock(60_000);
    }
    stack.sandbox.control.releaseWebhooks('shuffled');
    await stack.sandbox.control.idle();
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'closed-by-a-person': async (stack) => {
    const { id } = await dispatched(stack);
    stack.sandbox.control.updateTicket(id, { status: 5 });
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    return [stack.workflowId(id)];
  },
  'asks-for-a-decision': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.act(workOrderId, 'assign');
    await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
    stack.sandbox.control.updateTicket(id, { status: 5 });
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
    return [stack.workflowId(id)];
  },
  'cancelled-by-an-operator': async (stack) => {
    const { id } = await dispatched(stack);
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    return [stack.workflowId(id)];
  },
  'dispatched-by-hand': async (stack) => {
    const desk = ticketsOf(stack);
    const id = desk.newTicket({ custom_fields: { cf_work_order_id: '900001' } });
    await stack.starter.dispatchVisit(id);
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'messages-both-ways': async (stack) => {
    const { control } = stack.sandbox;
    const { id, workOrderId } = await inALaterSecond(stack);
    control.act(workOrderId, 'assign');
    control.addFault({ system: 'field-nation', path: 'postMessage', kind: 'lost-answer', times: 1 });
    control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'lost-answer', times: 1 });
    control.addNote(id, 'Ring at the back door.');
    control.act(workOrderId, 'message', { text: 'Door code, please?' });
    await until('the message', () => control.messages(workOrderId).length === 2);
    await until('the note', () => control.conversations(id).length === 2);
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'files-both-ways': async (stack) => {
    stack.setConfig('dispatch: { createPatience: 400ms, deliverables: true }\n');
    const { control } = stack.sandbox;
    const attachments = [
      { name: 'lane3.jpg', type: 'image/jpeg', content: 'a photo' },
      { name: 'setup.exe', content: 'MZ' },
    ];
    const { id, workOrderId } = await inALaterSecond(stack, { attachments });
    await until('the left-out one', () => control.conversations(id).length === 1);
    control.addNote(id, 'The plan.', { attachments: [{ name: 'plan.pdf', content: 'a plan' }] });
    control.act(workOrderId, 'assign');
    control.act(workOrderId, 'upload', { fileName: 'done.jpg', fileContent: 'done' });
    const files = (): number =>
      JSON.stringify(control.workOrder(workOrderId).attachments).split('"size_bytes"').length - 1;
    await until('the files', () => control.conversations(id).length === 3 && files() === 3);
    await ticketsOf(stack).settled(id);
    stack.setConfig(DEFAULT_TEST_CONFIG);
    return [stack.workflowId(id)];
  },
  'message-right-before-the-next-visit': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    await desk.finish(id, workOrderId);
    const before = stack.sandbox.control.conversations(id).length;
    stack.sandbox.control.act(workOrderId, 'message', { text: 'Keys are at the desk.' });
    desk.trigger(id);
    await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    await until('the note', () => stack.sandbox.control.conversations(id).length === before + 1);
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'contact-created': async (stack) => {
    stack.setConfig('contacts: { mergeWindow: 1s }\n');
    const desk = contactsOf(stack);
    await desk.identify(ANN, { userId: 'u1' });
    await desk.identify(ANN, { userId: 'u1', messageId: 'twice' });
    await desk.identify(ANN, { userId: 'u1', messageId: 'twice' });
    await desk.ended('u1', 3);
    stack.setConfig(DEFAULT_TEST_CONFIG);
    return contactRun(stack, 'u1');
  },
  'contact-unchanged': async (stack) => {
    const desk = contactsOf(stack);
    for (const count of [1, 2]) {
      await desk.identify(ANN, { userId: 'u1' });
      await desk.ended('u1', count);
    }
    return contactRun(stack, 'u1');
  },
  'contact-updated': async (stack) => {
    const desk = contactsOf(stack);
    await desk.existing(ANN);
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    await desk.ended('u1', 1);
    return contactRun(stack, 'u1');
  },
  'contact-in-conflict': async (stack) => {
    const desk = contactsOf(stack);
    await desk.existing({ name: 'Somebody', unique_external_id: 'u1' });
    await desk.identify(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    return contactRun(stack, 'u1');
  },
  'contact-waits-for-a-person': async (stack) => {
    stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
    const desk = contactsOf(stack);
    await desk.identify(ANN, { userId: 'u1' });
    await desk.attention('u1');
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    const [workflowId = ''] = await contactRun(stack, 'u1');
    await stack.client.workflow.getHandle(workflowId).signal('retry');
    const events = async (): Promise<number> =>
      (await stack.client.workflow.getHandle(workflowId).fetchHistory()).events?.length ?? 0;
    const before = await events();
    await until('the next try', async () => (await events()) > before + 5);
    stack.sandbox.control.clearFaults();
    return [workflowId];
  },
  'contact-batch': async (stack) => {
    const batch = Array.from({ length: 40 }, (_, i) => ({
      type: 'identify',
      userId: `u${i}`,
      traits: { email: `u${i}@example.com`, marketing_consent: true },
    }));
    await contactsOf(stack).send('batch', { batch });
    const query = `WorkflowType = 'contactBatch' AND WorkflowId STARTS_WITH 'contact-batch-${stack.account}-'`;
    const ids: string[] = [];
    await until('the batch', async () => {
      for await (const run of stack.client.workflow.list({ query })) {
        if (run.status.name === 'COMPLETED') ids.push(run.workflowId);
      }
      return ids.length > 0;
    });
    return ids;
  },
  'contact-import': async (stack) => {
    await stack.imports.start('file', 1, rowsOf(stack, 30));
    await until('the import', async () => (await stack.imports.progress('file', 1))?.done === true);
    return [`contact-import-${stack.account}-file-1`];
  },
  'contact-import-waits-for-a-person': async (stack) => {
    const workflowId = `contact-import-${stack.account}-file-1`;
    stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 403, times: 12 });
    await stack.imports.start('file', 1, rowsOf(stack, 30));
    await until(
      'attention',
      async () => (await stack.imports.progress('file', 1))?.attention?.reason === 'unauthorized',
    );
    stack.sandbox.control.clearFaults();
    await stack.client.workflow.getHandle(workflowId).signal('retry');
    await until('the import', async () => (await stack.imports.progress('file', 1))?.done === true);
    return [workflowId];
  },
  'unmatched-event': async (stack) => {
    const event = {
      event: { name: 'workorder.status.assigned' },
      timestamp: '2030-01-01T00:00:00Z',
      workorder: { id: 777 },
    };
    const workflowId = `work-order-event-${stack.account}-unmatched`;
    const args = [{ account: stack.account, event, waits: [10, 10] }];
    const handle = await stack.client.workflow.start('workOrderEvent', {
      workflowId,
      taskQueue: taskQueues(stack.account).workflows,
      args,
    });
    await handle.result();
    return [workflowId];
  },
  'sweep-finds-nothing': async (stack) => {
    const { id } = await dispatched(stack);
    return swept(stack, () => ticketsOf(stack).settled(id));
  },
  'sweep-mends': async (stack) => {
    const desk = ticketsOf(stack);
    const assigned = await dispatched(stack);
    const closed = await dispatched(stack);
    for (const { id } of [assigned, closed]) await desk.settled(id);
    return swept(stack, () => {
      withoutWebhooks(stack);
      desk.trigger(desk.newTicket());
      stack.sandbox.control.act(assigned.workOrderId, 'assign');
      stack.sandbox.control.updateTicket(closed.id, { status: 5 });
    });
  },
  'sweep-shows-an-orphan': async (stack) => {
    stack.setConfig(DEFAULT_TEST_CONFIG.replace('{ createPatience', '{ afterCreate: draft, createPatience'));
    const { id } = await dispatched(stack);
    await ticketsOf(stack).settled(id);
    return swept(stack, async () => {
      await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('the history is gone');
      withoutWebhooks(stack);
      stack.sandbox.control.updateTicket(id, { status: 2, custom_fields: { cf_work_order_id: null } });
    });
  },
  'sweep-with-a-refused-key': async (stack) =>
    swept(stack, () => stack.sandbox.control.setKnobs({ freshdesk: { forbidden: true } })),
  'sweep-asks-for-retries': async (stack) => {
    const { control } = stack.sandbox;
    const { id, workOrderId } = await dispatched(stack);
    control.setKnobs({ freshdesk: { forbidden: true } });
    for (const action of ['assign', 'check-in', 'work-done'] as const) control.act(workOrderId, action);
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
    return swept(stack, () => control.setKnobs({ freshdesk: { forbidden: false } }));
  },
  'mapping-preview': async (stack) => previewed(stack, ticketsOf(stack).newTicket()),
  'mapping-preview-refused': async (stack) => previewed(stack, 123_456_789),
  'event-waits-for-a-key': async (stack) => {
    const fault = stack.sandbox.control.addFault({
      system: 'field-nation',
      method: 'GET',
      kind: 'status',
      status: 401,
    });
    const workflowId = `work-order-event-${stack.account}-refused`;
    const event = { event: { name: 'workorder.status.assigned' }, workorder: { id: 778 } };
    const args = [{ account: stack.account, event, waits: [10] }];
    const handle = await stack.client.workflow.start('workOrderEvent', {
      workflowId,
      taskQueue: taskQueues(stack.account).workflows,
      args,
    });
    const query = `WorkflowId = '${workflowId}' AND DeskbridgeAttention = 'unauthorized'`;
    await until('attention', async () => (await stack.client.workflow.count(query)).count === 1);
    stack.sandbox.control.clearFaults(fault);
    await handle.signal('retry');
    await handle.result();
    return [workflowId];
  },
  'cancelled-while-a-note-is-written': async (stack) => {
    stack.setConfig('status: { assigned: { note: Somebody comes. } }\n');
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'slow', delayMs: 150, times: 1 });
    stack.sandbox.control.act(workOrderId, 'assign');
    await until('the note', () => stack.hasFaultHit());
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the cancellation', (v) => v.state === 'cancelled');
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'retry-cuts-a-look-short': async (stack) => {
    const { control } = stack.sandbox;
    const refusal = { system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 403 } as const;
    const fault = control.addFault(refusal);
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
    control.clearFaults(fault);
    control.addFault({ system: 'freshdesk', method: 'GET', path: `/tickets/${id}$`, kind: 'status', status: 503 });
    await stack.starter.ticketChanged(id);
    await until('the look', () => stack.hasFaultHit());
    await stack.starter.retry(id);
    const handle = stack.client.workflow.getHandle(stack.workflowId(id));
    const isRetry = (event: { workflowExecutionSignaledEventAttributes?: { signalName?: string | null } | null }) =>
      event.workflowExecutionSignaledEventAttributes?.signalName === 'retry';
    await until('its task', async () => {
      const events = (await handle.fetchHistory()).events ?? [];
      return events.slice(events.findIndex(isRetry)).some((e) => e.workflowTaskCompletedEventAttributes);
    });
    control.clearFaults();
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'alerts-raised-and-resolved': async (stack) => {
    const alerts = 'alerts: { attentionOlderThan: 200ms, webhookSilence: 0s, ticketNote: all }';
    stack.setConfig(`${DEFAULT_TEST_CONFIG}${alerts}\n`);
    const watch = await watchOf(stack, 200, 1000);
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    const fault = stack.sandbox.control.addFault({
      ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400 },
    });
    desk.trigger(id);
    await until('the alert', async () => (await watch.memo())?.active.attention === 1);
    stack.sandbox.control.clearFaults(fault);
    await stack.starter.retry(id);
    await until('its end', async () => Object.keys((await watch.memo())?.active ?? { none: 1 }).length === 0);
    return [`alerts-${stack.account}`];
  },
};
