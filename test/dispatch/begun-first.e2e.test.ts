/** Of many tickets that come at once the first are done long before the last is begun. */
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

const TICKETS = 12;
/** Too few for all of them. */
const CREDITS_PER_MINUTE = 20;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ withoutWorkers: true, freshdeskCallsPerMinute: CREDITS_PER_MINUTE });
});
afterAll(() => stack.stop());

test('what has begun is finished before a new ticket is looked at', async () => {
  const desk = ticketsOf(stack);
  const { control } = stack.sandbox;
  const ids = Array.from({ length: TICKETS }, () => desk.newTicket());
  for (const id of ids) desk.trigger(id);
  await control.idle();
  await stack.startWorkers();
  const routes = (): string[] => control.history().map(({ route }) => route);
  const countOf = (route: string): number => routes().filter((one) => one === route).length;
  const publish = 'POST /workorders/:id/publish';
  await until('the first work order', () => countOf(publish) > 0);

  const look = 'GET /tickets/:id';
  const before = routes().slice(0, routes().indexOf(publish));
  expect(before.filter((route) => route === look).length).toBeLessThan(TICKETS / 2);
});
