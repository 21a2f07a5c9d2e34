/** A real Freshdesk without Field Nation: contacts work, no ticket is dispatched, and everybody is told (interface, section 3). */
import { openCanaryDesk, PERSONAL, type CanaryDesk } from '../helpers/canary-desk';
import { buildOnce } from '../helpers/process';
import { until } from '../helpers/until';

let canary: CanaryDesk;
beforeAll(buildOnce);
beforeAll(async () => void (canary = await openCanaryDesk()));
afterAll(() => canary?.cleanUp());

const orders = () => canary.sandbox.control.workOrders().length;

it('dispatches nothing until Field Nation is there, and then only what matches from then on', async () => {
  const { desk, sandbox } = canary;
  const without = Object.fromEntries(Object.entries(canary.env).filter(([name]) => !name.startsWith('FIELD_NATION_')));
  const first = await desk.start(without);
  sandbox.setDeskbridgeUrl(first.url);
  expect(first.run.out()).toContain('Field Nation is not set up: contacts work, and no ticket is dispatched.');
  expect(first.run.out()).not.toContain('Sandbox:');

  const old = canary.ticket();
  const headers = { 'content-type': 'application/json', 'x-webhook-secret': without.FRESHDESK_WEBHOOK_SECRET ?? '' };
  const webhook = await fetch(`${first.url}/webhooks/freshdesk`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ ticket_id: old }) },
  });
  expect([webhook.status, await webhook.json()]).toEqual([
    202,
    { dispatch: null, ignored: expect.stringContaining('Field Nation is not set up') as string },
  ]);
  const page = await fetch(first.url, { headers: desk.operator() });
  expect(await page.text()).toContain('No ticket is dispatched: Field Nation is not set up');
  const told = desk.deskbridge(['dispatch', String(old)], without);
  expect([await told.ended, told.err()]).toEqual([1, expect.stringContaining('Field Nation is not set up')]);
  const doctor = desk.deskbridge(['doctor', '--json'], without);
  await doctor.ended;
  expect(doctor.out()).toContain('is not set: contacts work, and no ticket is dispatched');
  const { checks } = JSON.parse(doctor.out()) as { checks: { area: string; level: string }[] };
  expect(checks.filter(({ area, level }) => area === 'Temporal' && level !== 'green')).toEqual([]);

  const { name, email, userId } = PERSONAL;
  const traits = { name, email, marketing_consent: true };
  await canary.event(first.url, 'identify', { userId, traits });
  await until('the contact', async () => sandbox.control.contacts().length > 0);
  expect(orders()).toBe(0);
  first.run.kill('SIGTERM');
  expect(await first.run.ended).toBe(0);

  const second = await canary.start();
  sandbox.control.updateTicket(old, { subject: 'Edited later' });
  const fresh = canary.ticket();
  await desk.view(second.url, fresh, 'the order of the new ticket', ({ state }) => state === 'dispatched');
  await desk.view(second.url, old, 'the old ticket to be left alone', ({ state }) => state === 'skipped');
  expect(orders()).toBe(1);
  second.run.kill('SIGTERM');
  await second.run.ended;

  const third = desk.deskbridge(['start'], without);
  expect([await third.ended, third.err()]).toEqual([
    2,
    expect.stringContaining('FIELD_NATION_CLIENT_ID: is missing, but account acme works with'),
  ]);
});
