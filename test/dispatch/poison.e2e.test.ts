/** One ticket that cannot be mapped, among many that can: nobody waits for it, and a person gets it going again. */
import type { TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, REMOTE_VISIT, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

/** `POISON_AMONG=1000` is the full dose; the default keeps the test short. */
const AMONG = Number(process.env.POISON_AMONG ?? 12);

const mapping = (kinds: string): string => `${DEFAULT_TEST_CONFIG}workOrder:
  title: { from: ticket.custom_fields.cf_site_city, map: { ${kinds} } }
${REMOTE_VISIT}  pay.base.amount: { static: 90 }
`;

test('a poisoned ticket holds up no other, names value and field, and one retry after the mending completes it', async () => {
  stack.setConfig(mapping('Dayton: Visit in Dayton'));
  const tickets = Array.from({ length: AMONG }, (_, index) =>
    desk.newTicket({ custom_fields: { cf_site_city: index === 0 ? 'Atlantis' : 'Dayton' } }),
  );
  const [poisoned = 0, ...good] = tickets;
  for (const id of tickets) desk.trigger(id);
  // Asked of the sandbox: views of that many would be most of the load.
  const isDone = (id: number): boolean => desk.publishedOrdersOf(id).length === 1;
  await until('an order of each good ticket', () => good.every(isDone), undefined, Math.max(120_000, AMONG * 5_000));
  const { attention } = await stack.view(poisoned, 'attention', (view) => view.state === 'attention');
  expect(attention).toMatchObject({ reason: 'mapping', detail: expect.stringMatching(/title.*Atlantis/s) });
  expect(desk.ordersOf(poisoned)).toEqual([]);

  stack.setConfig(mapping('Dayton: Visit in Dayton, Atlantis: Visit under water'));
  const retry = `${stack.webUrl}/api/dispatches/${poisoned}/retry`;
  expect((await fetch(retry, { method: 'POST' })).status).toBe(202);
  const order = stack.sandbox.control.workOrder(await desk.dispatched(poisoned));
  expect(order).toMatchObject({ title: 'Visit under water' });
  for (const id of tickets) expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});
