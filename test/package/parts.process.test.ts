/** The parts as processes of their own, and what they do while something is not there. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { allEnd, buildOnce, openDesk, ticketForTheField, type Desk } from '../helpers/process';
import { until } from '../helpers/until';

let desk: Desk;
beforeAll(buildOnce);
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());

/** Not ready for a moment is what a probe of a busy server may say. */
const answers200 = (url: string): Promise<void> =>
  until(`200 of ${url}`, async () => (await fetch(url)).status === 200);

it('runs web, worker and sandbox side by side on one data dir, and the last one ends the Temporal server', async () => {
  const worker = desk.deskbridge(['start', '--worker'], { METRICS_ADDRESS: '127.0.0.1:0' });
  await worker.says(/The sandbox is out of reach; waiting for it/);
  const sandbox = desk.deskbridge(['start', '--sandbox']);
  await sandbox.says(/^Deskbridge runs: sandbox$/m);
  await worker.says(/^Deskbridge runs: worker$/m);
  const [, workerUrl = ''] = await worker.says(/^Metrics: +(http:\S+)$/m);
  const web = desk.deskbridge(['start', '--web'], { METRICS_ADDRESS: '127.0.0.1:0' });
  const [, numbersUrl = ''] = await web.says(/^Metrics: +(http:\S+)$/m);
  const [, url = ''] = await web.says(/^Deskbridge is ready: (\S+)$/m);
  const { pid } = desk.engine();
  // Strangers reach the port of the webhooks, and no longer the numbers.
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect(await (await fetch(`${numbersUrl}/metrics`)).text()).toMatch(/^deskbridge_temporal_up 1$/m);

  // The sandbox is told where its webhooks go.
  await sandbox.says(/webhooks of the sandbox go to this web server now/);
  const first = await ticketForTheField(desk);
  const { workOrderId } = await desk.view(url, first, 'a work order', (v) => v.state === 'dispatched');

  for (const path of ['/healthz', '/readyz']) await answers200(`${workerUrl}${path}`);
  const counted = await (await fetch(`${workerUrl}/metrics`)).text();
  expect(counted).toMatch(/^deskbridge_upstream_call_seconds_count\{system="field-nation",code="\d+"\} [1-9]/m);
  expect(counted).toMatch(/^deskbridge_time_to_work_order_seconds_count 1$/m);
  // The SDK's own numbers stand beside ours, here and where only its client is used.
  for (const name of ['workflow_task_schedule_to_start', 'activity_schedule_to_start', 'request']) {
    expect(counted).toMatch(new RegExp(`^temporal_${name}_latency_seconds_bucket\\{.*\\} [1-9]`, 'm'));
  }
  expect((await fetch(`${workerUrl}/webhooks/freshdesk`, { method: 'POST' })).status).toBe(404);

  // The worker began the server; the web server still needs it.
  worker.kill('SIGTERM');
  await worker.ended;
  await answers200(`${url}/readyz`);
  expect(desk.engine().pid).toBe(pid);

  const worker2 = desk.deskbridge(['start', '--worker']);
  await desk.finish(first, workOrderId ?? 0);
  expect(await desk.counts(first)).toEqual({ status: 4, orders: 1, privateNotes: 1 });

  for (const part of [sandbox, web, worker2]) part.kill('SIGTERM');
  await allEnd(sandbox.pid, web.pid, worker2.pid, pid);
  expect(() => desk.engine()).toThrow('ENOENT');
});

it('ends with 2 and names PORT when the port is taken', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const refused = desk.deskbridge(['start'], { PORT: String(port) });
    expect(await refused.ended).toBe(2);
    expect(refused.err()).toMatch(new RegExp(`PORT: ${port} on 127.0.0.1 is taken`));
    expect(refused.out()).toBe('');
  } finally {
    holder.close();
  }
});

it('answers 503 and says what it waits for while an external Temporal is out of reach', async () => {
  const service = desk.deskbridge(['start'], { TEMPORAL_ADDRESS: '127.0.0.1:9' });
  await service.says(/Temporal is out of reach; waiting for it/);
  const url = desk.webUrl();
  for (const answer of [await fetch(`${url}/readyz`), await desk.freshdeskWebhook(url, 1)]) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
  }
  expect(service.out()).toBe('');
  service.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});
