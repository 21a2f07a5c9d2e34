/** Visits that were asked for with many others let every other ticket go first. */
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

const TICKETS = 20;
/** Too few for all of them at once. */
const CREDITS_PER_MINUTE = 300;

let stack: Stack;
beforeAll(async () => void (stack = await startStack({ freshdeskCallsPerMinute: CREDITS_PER_MINUTE })));
afterAll(() => stack.stop());

test('a ticket that comes while many are dispatched at once is published before they all are', async () => {
  const desk = ticketsOf(stack);
  const ids = Array.from({ length: TICKETS }, () => desk.newTicket());
  const word = { after: 0, first: true };
  await Promise.all(ids.map((id) => stack.starter.dispatchInBulk(id, 'batch-k23456', word)));
  const published = (): number => ids.filter((id) => desk.publishedOrdersOf(id).length > 0).length;
  await until('the first of them', () => published() > 0);
  const other = desk.newTicket();
  desk.trigger(other);
  await desk.dispatched(other);
  expect(published()).toBeLessThan(TICKETS);
});
