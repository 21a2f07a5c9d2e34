/** A roll-out of many tickets does not hold up those that others bring meanwhile. */
import { taskQueues } from '../../src/contract/names';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const ROLL_OUT = 300;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ withoutWorkers: true, freshdeskCallsPerMinute: 600 });
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
});
afterAll(() => stack.stop());

test('a ticket that comes alone is looked at long before the rest of a roll-out', async () => {
  const { control } = stack.sandbox;
  const many = Number(control.createTicket().id);
  const one = Number(control.createTicket().id);
  for (let i = 0; i < ROLL_OUT; i++) await look(`many-${i}`, many, 'roll-out');
  await stack.startWorkers();
  const looks = (id: number): number => control.history().filter(({ path }) => path === `/tickets/${id}`).length;
  await until('the roll-out under way', () => looks(many) > 20);
  const before = looks(many);
  const other = await look('one', one, 'later');
  await other.result();
  expect(looks(many) - before).toBeLessThan(20);
});

function look(name: string, ticketId: number, fairnessKey: string) {
  const { account } = stack;
  return stack.client.activity.start('lookAtTicket', {
    ...{ id: `look-${account}-${name}`, taskQueue: taskQueues(account).freshdesk, startToCloseTimeout: '30 seconds' },
    ...{ priority: { priorityKey: 2, fairnessKey } },
    args: [{ account, ticketId, plan: null }],
  });
}
