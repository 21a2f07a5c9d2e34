/** What an operator sees and does with Temporal's own tools. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { findTemporalProgram } from '../../engine';
import { allEnd, buildOnce, openDesk, ticketForTheField, type Desk } from '../helpers/process';
import { until } from '../helpers/until';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

it('shows what a dispatch waits for, and ends an attention by the documented line', async () => {
  const { run, url } = await desk.start();
  const server = desk.engine();
  const temporal = await findTemporalProgram({ env: process.env, report: () => undefined });
  const ask = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(temporal, ['workflow', ...args, '--address', server.address])).stdout;

  const ticket = await ticketForTheField(desk, { custom_fields: { cf_site_address: null } });
  const id = `dispatch-acme-${ticket}`;
  const waiting = await desk.view(url, ticket, 'an attention', (v) => v.attention !== null);
  expect(waiting.attention).toMatchObject({ reason: 'mapping' });
  expect(waiting.attention?.remedy).not.toBe('');

  const connection = await Connection.connect({ address: server.address });
  try {
    const client = new Client({ connection });
    const handle = client.workflow.getHandle(id);
    const described = await handle.describe();
    expect(await described.staticSummary()).toBe(`Field visits for ticket ${ticket} of acme`);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toMatch(/needs a person: mapping/i);
    expect(currentDetails).toContain(waiting.attention?.remedy);
    expect(described.searchAttributes).toMatchObject({
      DeskbridgeTicketId: [ticket],
      DeskbridgeState: ['attention'],
      DeskbridgeAttention: ['mapping'],
    });
    expect(await ask('describe', '--workflow-id', id)).toContain('DeskbridgeAttention');

    // No rule tells Deskbridge of the correction: the signal alone must do.
    for (const { id: rule } of await desk.sandbox<{ id: number }[]>('GET', '/rules')) {
      await desk.sandbox('PUT', `/rules/${rule}`, { active: false });
    }
    const correction = { patch: { custom_fields: { cf_site_address: '200 Elm Ave' } }, performer: 'agent' };
    await desk.sandbox('PATCH', `/tickets/${ticket}`, correction);
    await ask('signal', '--workflow-id', id, '--name', 'retry');
    const { workOrderId } = await desk.view(url, ticket, 'a work order', (v) => v.state === 'dispatched');

    const found = `WorkflowId = '${id}' AND DeskbridgeState = 'dispatched' AND DeskbridgeAttention IS NULL`;
    await until('the search attributes to follow', async () => (await client.workflow.count(found)).count === 1);
    const { searchAttributes: now } = await handle.describe();
    expect(now.DeskbridgeWorkOrderId).toEqual([workOrderId]);
  } finally {
    await connection.close();
  }
  run.kill('SIGTERM');
  await allEnd(run.pid, server.pid);
});

it('shows the run in the Temporal UI under our own address, and takes a signal from there', async () => {
  const { url } = await desk.start();
  const ticket = await ticketForTheField(desk, { custom_fields: { cf_site_address: null } });
  await desk.view(url, ticket, 'an attention', (v) => v.attention !== null);
  const page = await (await fetch(`${url}/temporal/namespaces/default/workflows`)).text();
  const [, file = ''] = /href="(\/temporal\/_app\/[^"]+\.js)"/.exec(page) ?? [];
  expect((await fetch(`${url}${file}`)).headers.get('content-type')).toContain('javascript');
  const settings = (await (await fetch(`${url}/temporal/api/v1/settings`)).json()) as { Codec: object };
  expect(settings.Codec).toMatchObject({ Endpoint: '' });

  const run = `${url}/temporal/api/v1/namespaces/default/workflows/dispatch-acme-${ticket}`;
  const { history } = (await (await fetch(`${run}/history`)).json()) as {
    history: { events: { workflowExecutionStartedEventAttributes?: { input: { payloads: object[] } } }[] };
  };
  const [input] = history.events[0]?.workflowExecutionStartedEventAttributes?.input.payloads ?? [];
  expect(input).toEqual({ metadata: { encoding: expect.any(String) }, data: expect.any(String) });

  const correction = { patch: { custom_fields: { cf_site_address: '200 Elm Ave' } }, performer: 'api' };
  await desk.sandbox('PATCH', `/tickets/${ticket}`, correction);
  const signal = await fetch(`${run}/signal/retry`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ signalName: 'retry', input: null }),
  });
  expect(signal.status).toBe(200);
  await desk.view(url, ticket, 'a work order', (v) => v.state === 'dispatched');
});
