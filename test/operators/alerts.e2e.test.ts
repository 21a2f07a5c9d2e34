/** What is wrong is told once, and once more when it is over (interface, section 7, `alerts`). */
import { createHmac } from 'node:crypto';
import { ensureReconcileSchedule } from '../../src/temporal/schedules';
import { startReceiver, watchOf, type Receiver } from '../helpers/alerts';
import { openMailbox } from '../helpers/mailbox';
import { contactsOf } from '../helpers/contacts';
import { startStack, type Stack, type StackOptions } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const SECRET = Buffer.from('a secret of more than twenty-four bytes');
let stack: Stack;
let desk: TicketDesk;
let receiver: Receiver;

const configOf = (alerts: string): string =>
  `dispatch: { createPatience: 400ms }\nalerts: { attentionOlderThan: 300ms, webhookSilence: 0s, url: "${receiver.url}", ${alerts} }\n`;

async function begin(alerts = 'ticketNote: off', options: StackOptions = {}): Promise<void> {
  receiver = await startReceiver();
  stack = await startStack({ config: configOf(alerts), alertsSecret: SECRET, ...options });
  desk = ticketsOf(stack);
}
afterEach(async () => {
  await stack.stop();
  await receiver.close();
});

/** A ticket that waits for a person, and what ends its wait. */
async function stuckTicket(status = 400): Promise<{ id: number; mend: () => Promise<void> }> {
  const id = desk.newTicket();
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status },
  });
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  return {
    id,
    mend: async () => {
      stack.sandbox.control.clearFaults(fault);
      await stack.starter.retry(id);
      await desk.dispatched(id);
    },
  };
}

test('attention that lasts is raised once and resolved once, signed, though workers restart and the run goes on as new', async () => {
  await begin();
  const watch = await watchOf(stack);
  const { id, mend } = await stuckTicket();
  await until('the alert', () => receiver.taken.length > 0);
  const [raised] = receiver.taken;
  expect(raised?.raised).toEqual([
    expect.objectContaining({
      kind: 'attention',
      ticketId: id,
      title: expect.stringContaining(`Ticket ${id} has waited`),
    }),
  ]);
  expect(raised?.text).toMatch(new RegExp(`^Deskbridge ${stack.account}: 1 raised; 1 stands now\n\\* Ticket ${id} .*`));
  const stamp = String(raised?.headers['webhook-timestamp']);
  const signed = createHmac('sha256', SECRET).update(`${raised?.id}.${stamp}.${raised?.raw}`).digest('base64');
  expect(raised?.headers['webhook-signature']).toBe(`v1,${signed}`);
  expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(60);
  expect(await watch.details()).toContain(`Ticket ${id} has waited`);
  expect((await watch.memo())?.active).toEqual({ attention: 1 });
  expect((await watch.memo())?.quota).toMatchObject({ remaining: expect.any(Number), limit: expect.any(Number) });
  expect(await stack.metrics.text()).toContain('deskbridge_alerts_total{kind="attention",change="raised"} 1');

  await stack.stopWorkers();
  await stack.startWorkers();
  await watch.looks(6);
  expect(receiver.posts).toHaveLength(1);

  await mend();
  await until('its end', () => receiver.taken.length > 1);
  expect(receiver.taken[1]).toMatchObject({ raised: [], resolved: [{ kind: 'attention' }] });
  await watch.looks(6);
  expect(receiver.posts).toHaveLength(2);
  expect((await watch.memo())?.active).toEqual({});
  expect(await watch.details()).toContain('Nothing is wrong');
});

test('a message that is not taken comes again under the same id, and before any later one', async () => {
  await begin();
  const watch = await watchOf(stack);
  receiver.answerWith(500);
  const { mend } = await stuckTicket();
  await until('a refused post', () => receiver.posts.length > 0);
  await mend();
  receiver.answerWith(204);
  await until('both messages', () => receiver.taken.length > 1);
  const [first, second] = receiver.taken;
  expect(first).toMatchObject({ id: receiver.posts[0]?.id, raised: [{ kind: 'attention' }] });
  expect(second).toMatchObject({ raised: [], resolved: [{ kind: 'attention' }] });
  expect(second?.id).not.toBe(first?.id);
  await watch.looks(2);
  expect(receiver.taken).toHaveLength(2);
});

test('with ticketNote: all the ticket gets one private note for each attention, which nobody carries to Field Nation', async () => {
  await begin('ticketNote: all');
  const watch = await watchOf(stack);
  const { id, mend } = await stuckTicket(403);
  // What an agent can mend is told by the ticket's own run; this is for somebody else.
  const notes = () => desk.privateNotes(id).filter(({ body }) => String(body).includes('needs a person'));
  await until('the note', () => notes().length > 0);
  await watch.looks(5);
  expect(notes()).toHaveLength(1);
  expect(String(notes()[0]?.body)).toMatch(/What to do: \S/);
  await mend();
  await desk.settled(id);
  expect(JSON.stringify(desk.ordersOf(id))).not.toContain('needs a person');
});

test('a sender that has gone quiet is raised until a webhook comes', async () => {
  await begin('ticketNote: off', { watchWebhooks: true });
  await watchOf(stack);
  stack.setConfig(configOf('ticketNote: off').replace('webhookSilence: 0s', 'webhookSilence: 2s'));
  await until('both to be raised', () => receiver.taken.flatMap(({ raised }) => raised).length === 2);
  const titles = receiver.taken.flatMap(({ raised }) => raised.map(({ title }) => title)).join('\n');
  expect(titles).toMatch(/No webhook of Freshdesk since/);
  expect(titles).toMatch(/No webhook of Field Nation since/);
  // One that no look meets within its two seconds ends nothing.
  await until('the end of one', async () => {
    await desk.postFreshdeskWebhook({ ticket_id: desk.newTicket() });
    return receiver.taken.some(({ resolved }) => resolved.length > 0);
  });
  const [over] = receiver.taken.flatMap(({ resolved }) => resolved);
  expect(over?.title).toContain('Freshdesk');
});

test('product events are heard as well', async () => {
  await begin('ticketNote: off', { watchWebhooks: true });
  const watch = await watchOf(stack);
  await contactsOf(stack).signUp({ name: 'Ann', email: 'ann@example.com' });
  await watch.looks(2);
  expect((await watch.memo())?.webhooks).toEqual({ events: expect.any(String) });
});

test('a wrong secret on the webhook does not end the silence', async () => {
  await begin('ticketNote: off', { watchWebhooks: true });
  const watch = await watchOf(stack);
  const answer = await fetch(`${stack.webUrl}/webhooks/freshdesk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-webhook-secret': 'wrong' },
    body: '{"ticket_id":1}',
  });
  expect(answer.status).toBe(401);
  await watch.looks(2);
  expect((await watch.memo())?.webhooks).toEqual({});
});

test('reconcile that is gone or paused is raised, and resolved when it runs again', async () => {
  await begin('ticketNote: off', { reconcileInterval: 600_000 });
  await watchOf(stack);
  await until('the alert', () => receiver.taken.length > 0);
  expect(receiver.taken[0]?.raised[0]).toMatchObject({ kind: 'schedule', title: 'The schedule of reconcile is gone' });
  const { client, account } = stack;
  const callsPerMinute = { freshdesk: 50, fieldNation: 60 };
  await ensureReconcileSchedule({ client, account, interval: 600_000, callsPerMinute });
  const schedule = client.schedule.getHandle(`reconcile-${account}`);
  try {
    await until('its end', () => receiver.taken.length > 1);
    await schedule.pause('by a person');
    await until('the pause', () => receiver.taken.length > 2);
    expect(receiver.taken[2]?.raised[0]).toMatchObject({ title: 'Reconcile is paused' });
    expect(receiver.taken[2]?.raised[0]?.remedy).toContain(`--schedule-id reconcile-${account} --unpause`);
  } finally {
    await schedule.delete();
  }
});

test('without an address, alerts go to log, metrics and the run alone', async () => {
  await begin();
  stack.setConfig('alerts: { attentionOlderThan: 300ms, webhookSilence: 0s }\n');
  const watch = await watchOf(stack);
  const { id } = await stuckTicket();
  await until('the alert', async () => (await watch.details()).includes(`Ticket ${id} has waited`));
  await watch.looks(2);
  expect(receiver.posts).toHaveLength(0);
});

test('webhooks with a wrong secret are raised by sender, and shown with their number', async () => {
  await begin('ticketNote: off', { watchWebhooks: true });
  const watch = await watchOf(stack);
  const post = (): Promise<Response> =>
    fetch(`${stack.webUrl}/webhooks/freshdesk`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-webhook-secret': 'wrong' },
      body: '{"ticket_id":1}',
    });
  expect((await post()).status).toBe(401);
  await until('the alert', () => receiver.taken.length > 0);
  expect(receiver.taken[0]?.raised).toEqual([
    expect.objectContaining({
      kind: 'refused',
      title: expect.stringMatching(/^Deskbridge has refused 1 webhook of Freshdesk since .* wrong or missing secret$/),
    }),
  ]);
  expect((await watch.memo())?.refused.freshdesk).toMatchObject({ count: 1 });
});

test('alerts go by e-mail too; a mail that is not taken comes again', async () => {
  const box = await openMailbox();
  try {
    box.refuse(true);
    await begin('ticketNote: off', { mail: { smtpUrl: box.url, from: 'desk@example.com', to: ['ann@example.com'] } });
    await watchOf(stack);
    const { id } = await stuckTicket();
    await until('the alert', () => receiver.taken.length > 0);
    await until('a refused mail', () => box.refused() > 0);
    box.refuse(false);
    await until('the mail', () => box.mails.length > 0);
    expect(box.mails[0]?.replace(/=\r?\n/g, '')).toContain(`Ticket ${id} has waited`);
    expect(box.mails[0]).toContain(`Message-ID: <${receiver.taken[0]?.id}@deskbridge>`);
  } finally {
    await box.close();
  }
});

test('three sweeps in a row that failed are raised, and resolved by one that ends well', async () => {
  await begin('ticketNote: off', { reconcileInterval: 3_600_000 });
  const { client, account } = stack;
  const callsPerMinute = { freshdesk: 50, fieldNation: 60 };
  await ensureReconcileSchedule({ client, account, interval: 3_600_000, callsPerMinute });
  const schedule = client.schedule.getHandle(`reconcile-${account}`);
  try {
    await stack.stopWorkers();
    for (let i = 1; i <= 3; i++) {
      const workflowId = `reconcile-${account}-2030-01-0${i}T00:00:00Z`;
      const taskQueue = `deskbridge-${account}`;
      const run = await client.workflow.start('reconcile', { workflowId, taskQueue, args: [] });
      await run.terminate('as if it had failed');
    }
    await stack.startWorkers();
    await watchOf(stack);
    await until('the alert', () => receiver.taken.length > 0);
    expect(receiver.taken[0]?.raised[0]).toMatchObject({
      kind: 'schedule',
      title: expect.stringMatching(/^The last 3 runs of reconcile failed/),
    });
    await schedule.trigger();
    await until('its end', () => receiver.taken.length > 1);
    expect(receiver.taken[1]?.resolved[0]).toMatchObject({ kind: 'schedule' });
  } finally {
    await schedule.delete();
  }
});

test('a run whose steps fail is raised as stuck', async () => {
  await begin();
  const { client, account } = stack;
  const workflowId = `contact-${account}-${'0'.repeat(32)}`;
  await client.workflow.start('noSuchWorkflow', { workflowId, taskQueue: `deskbridge-${account}`, args: [] });
  await watchOf(stack);
  await until('the alert', () => receiver.taken.flatMap(({ raised }) => raised).some(({ kind }) => kind === 'stuck'));
  const stuck = receiver.taken.flatMap(({ raised }) => raised).find(({ kind }) => kind === 'stuck');
  expect(stuck?.title).toContain(workflowId);
});
