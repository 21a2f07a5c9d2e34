/** Money needs a yes: before anything is made, for what was shown, by whoever says so. */
import type { TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

const limits = (text: string): string => DEFAULT_TEST_CONFIG.replace('400ms', `400ms, approval: { ${text} }`);

const waits = (id: number) => stack.view(id, 'the question', (v) => v.attention?.reason === 'approval');

const post = (id: number, what: string, body: object): Promise<Response> =>
  fetch(`${stack.webUrl}/api/dispatches/${id}/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const costly = (): number => {
  const id = desk.newTicket({ custom_fields: { cf_pay_amount: 1250 } });
  desk.trigger(id);
  return id;
};

test('pay above the limit waits before anything is made, and only a yes to that very sum goes on', async () => {
  const id = costly();
  const view = await waits(id);
  expect(view.state).toBe('attention');
  expect(view.attention?.detail).toContain('$1250');
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(0);
  expect(stack.sandbox.control.ticket(id)).toMatchObject({ custom_fields: { cf_work_order_id: null } });

  expect((await post(id, 'approve', { by: 'ann', amount: 1000 })).status).toBe(409);
  expect((await post(id, 'retry', {})).status).toBe(202);
  await stack.view(id, 'the retry', (v) => v.timeline.some((e) => e.what.startsWith('Retry')));
  await desk.settled(id);
  expect((await waits(id)).state).toBe('attention');
  expect(desk.ordersOf(id)).toHaveLength(0);

  expect((await post(id, 'approve', { by: 'ann', amount: 1250 })).status).toBe(202);
  await desk.dispatched(id);
  const approved = (await stack.dispatches.view(id))?.timeline.find((e) => e.what === 'Approved by ann');
  expect(approved?.detail).toContain('$1250');
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect((await post(id, 'approve', { by: 'ann' })).status).toBe(409);
});

test('a sum that was raised since it was shown is asked about anew', async () => {
  const id = costly();
  await waits(id);
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_pay_amount: 2000 } });
  expect((await post(id, 'approve', { by: 'ann', amount: 1250 })).status).toBe(202);
  await stack.view(id, 'the new sum', (v) => v.attention?.detail.includes('$2000') === true);
  expect(desk.ordersOf(id)).toHaveLength(0);
});

test('one order more than the hour allows waits for a yes', async () => {
  stack.setConfig(limits('ordersPerHour: 1'));
  const ids = [desk.newTicket(), desk.newTicket(), desk.newTicket()];
  for (const id of ids) desk.trigger(id);
  const views = await Promise.all(
    ids.map((id) => stack.view(id, 'an end', (v) => v.state === 'dispatched' || v.attention?.reason === 'approval')),
  );
  const waiting = ids.filter((_, n) => views[n]?.state === 'attention');
  expect(waiting.length).toBeGreaterThanOrEqual(2);
  const [first, second] = waiting as [number, number];
  expect(desk.ordersOf(first)).toHaveLength(0);
  expect((await post(first, 'approve', { by: 'ann' })).status).toBe(202);
  await desk.dispatched(first);
  expect([desk.ordersOf(first).length, desk.ordersOf(second).length]).toEqual([1, 0]);
});
