/** A roll-out of many tickets does not hold up those that others bring meanwhile. */
import { taskQueues } from '../../src/contract/names';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const A_MINUTE = 240;
/** Of a first look, with its embeds; the company of all of them is read once. */
const CREDITS = 3;
const ROLL_OUT = 300;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ withoutWorkers: true, freshdeskCallsPerMinute: A_MINUTE });
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
});
afterAll(() => stack.stop());

test('a ticket that comes alone is looked at long before the rest of a roll-out', async () => {
  const { control } = stack.sandbox;
  const ids = Array.from({ length: ROLL_OUT }, () => Number(control.createTicket().id));
  const one = Number(control.createTicket().id);
  for (const id of ids) await look(id, 'roll-out');
  await stack.startWorkers();
  const paths = new Set(ids.map((id) => `/tickets/${id}`));
  const looks = (): number => control.history().filter(({ path }) => paths.has(path)).length;
  // What the minute has free goes out at once: then they wait in line.
  await until('the minute to be used', () => looks() >= (0.6 * A_MINUTE) / CREDITS);
  const before = looks();
  const other = await look(one, 'later');
  await other.result();
  expect(looks() - before).toBeLessThan(20);
});

/** A dispatch whose ticket matches no rule: one look, and it ends. */
function look(ticketId: number, fairnessKey: string) {
  const { account } = stack;
  return stack.client.workflow.start('ticketDispatch', {
    ...{ workflowId: stack.workflowId(ticketId), taskQueue: taskQueues(account).workflows },
    ...{ priority: { fairnessKey }, args: [{ account, ticketId }] },
  });
}
