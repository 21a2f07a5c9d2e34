/** What lists and pages say of real dispatches: what they truly wait for, and what people know a visit by. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStarter } from '../../src/temporal/starter';
import { runCli, settingsOf } from '../helpers/cli';
import { contactsOf } from '../helpers/contacts';
import { SHORT_PATIENCE, type Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';
import type { DispatchRow } from '../../src/temporal/dispatches';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), SHORT_PATIENCE);
afterEach(() => stack.sandbox.control.clearFaults());

const page = async (path: string): Promise<string> => (await fetch(`${stack.webUrl}${path}`)).text();

/** The row of a ticket, once it `holds`. */
async function rowOf(ticketId: number, holds: (row: DispatchRow) => boolean): Promise<DispatchRow> {
  let row: DispatchRow | undefined;
  await until(
    'the row',
    async () => {
      row = (await stack.dispatches.rows({ ticketId, limit: 1 })).rows[0];
      return row !== undefined && holds(row);
    },
    () => JSON.stringify(row),
  );
  return row as DispatchRow;
}

test('while Field Nation is away, list and page name the call that fails, and say nothing else', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', kind: 'status', status: 503 });
  const id = desk.newTicket();
  desk.trigger(id);
  const { dispatch } = await rowOf(id, (row) => row.dispatch.waitingFor?.includes('failed since') === true);
  expect(dispatch.waitingFor).toMatch(
    /^Field Nation: .* It has failed since [\d-]+ \d\d:\d\d UTC; next try [\d-]+ \d\d:\d\d UTC/,
  );
  expect(await page(`/?q=${id}`)).toContain('It has failed since');
  const ticket = await page(`/dispatches/${id}`);
  expect(ticket).toContain('Field Nation: ');
  expect(ticket).not.toMatch(/worker is not responding|Freshdesk: the ticket is read/);
  stack.sandbox.control.clearFaults();
  await stack.starter.retry(id);
  await desk.dispatched(id);
});

test('lists tell subject, site, start, pay and technician, and words find them', async () => {
  const id = desk.newTicket({ subject: 'Zebra printer is dark' });
  desk.trigger(id);
  const order = await desk.dispatched(id);
  const { facts } = await rowOf(id, (row) => row.facts !== null);
  expect(facts).toMatchObject({
    ...{ subject: 'Zebra printer is dark', site: expect.any(String), technician: null },
    ...{ start: expect.stringMatching(/^\d{4}-\d\d-\d\d/), pay: expect.stringMatching(/^\d+ USD$/) },
  });
  stack.sandbox.control.act(order, 'assign');
  const assigned = await rowOf(id, (row) => row.facts?.technician !== null);
  const found = await page('/?q=zebra+PRINTER');
  expect(found).toContain(`/dispatches/${id}`);
  expect(found).toContain(String(assigned.facts?.technician));
  expect(await page('/?q=zebra+toaster')).toContain('No dispatch fits.');
  const ticket = await page(`/dispatches/${id}`);
  expect(ticket).toContain('Zebra printer is dark');
  expect(ticket).toContain(`${assigned.facts?.technician} is assigned`);
  expect(ticket).toContain('A webhook reported the ticket');
});

test('with numbers only, the memo holds no subject, site, technician or pay', async () => {
  const id = desk.newTicket({ subject: 'Secret printer' });
  const linksOf = () => ({ ticket: stack.webUrl, workOrders: stack.webUrl, workflow: null });
  const { client, account } = stack;
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  desk.trigger(id);
  stack.sandbox.control.resetKnobs();
  await createStarter({ client, account, linksOf, lists: 'numbers' }).ticketChanged(id);
  await desk.dispatched(id);
  const { memo } = await client.workflow.getHandle(stack.workflowId(id)).describe();
  expect(JSON.stringify(memo)).not.toContain('Secret printer');
  expect((await rowOf(id, ({ dispatch }) => dispatch.workOrderId !== null)).facts).toBeNull();
});

test('list says how many there are, goes on by its cursor, and gives all', async () => {
  const ids = [desk.newTicket(), desk.newTicket()];
  ids.forEach((id) => desk.trigger(id));
  for (const id of ids) await rowOf(id, ({ dispatch }) => dispatch.workOrderId !== null);
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-list-'));
  try {
    const settings = settingsOf(stack, folder);
    const first = await runCli(['list', '--limit', '1'], settings);
    const [, total = '0', cursor = ''] = /1 of (\d+)\n.*--cursor ([\w-]+)/.exec(first.out) ?? [];
    expect(Number(total)).toBeGreaterThanOrEqual(2);
    const next = await runCli(['list', '--limit', '1', '--cursor', cursor, '--json'], settings);
    const all = await runCli(['list', '--all', '--json'], settings);
    const [second] = next.json<{ items: { ticketId: number }[] }>().items;
    const { items } = all.json<{ items: { ticketId: number }[] }>();
    expect([items.length, items[1]?.ticketId]).toEqual([Number(total), second?.ticketId]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a whole list counts each ticket once, however many runs it had', async () => {
  const id = desk.newTicket();
  await desk.postFreshdeskWebhook({ ticket_id: id });
  await stack.view(id, 'no visit', ({ state }) => state === 'skipped');
  await until('the end of the run', async () => {
    const { status } = await stack.client.workflow.getHandle(stack.workflowId(id)).describe();
    return status.name === 'COMPLETED';
  });
  desk.trigger(id);
  await desk.dispatched(id);
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-list-'));
  try {
    const { items, total } = (await runCli(['list', '--json'], settingsOf(stack, folder))).json<{
      items: unknown[];
      total: number;
    }>();
    expect(total).toBe(items.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the page of a ticket shows what a note says', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.finish(id, await desk.dispatched(id));
  const ticket = await page(`/dispatches/${id}`);
  expect(ticket).toMatch(/private note on the ticket: work done<.*<p>Work order \d+ is done. Completed by/s);
  expect(ticket).not.toContain(`Deskbridge FD-${stack.account}-${id}-1 work-done`);
});

test('the page of a contact shows each body that was sent, and what Freshdesk answered', async () => {
  const contacts = contactsOf(stack);
  await contacts.signUp({ name: 'Ann Lee', email: 'ann@example.com' }, { userId: 'u1' });
  expect((await contacts.ended('u1', 1))[0]?.outcome).toBe('created');
  await contacts.signUp({ name: 'Ann Poe', email: 'ann@example.com' }, { userId: 'u2' });
  expect((await contacts.ended('u2', 1))[0]?.outcome).toBe('already-exists');
  const pageOf = async (who: string): Promise<string> => {
    const [run] = (await stack.outcomesOf(who)).runs;
    return (await page(`/contacts/${run?.workflowId.split('-').at(-1)}`)).replaceAll('&quot;', '"');
  };
  const [first, second] = [await pageOf('u1'), await pageOf('u2')];
  expect(first).toMatch(/Freshdesk answered 201: contact \d+ was created/);
  expect(first).toMatch(/"name": "Ann Lee",[^}]+"email": "ann@example.com"/);
  expect(second).toContain('Freshdesk answered 409: Other contacts in Freshdesk hold the same email');
  expect(second).toContain('"name": "Ann Poe"');
});
