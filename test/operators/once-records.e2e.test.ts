/** What web processes agree on through a real Temporal server. */
import { createOnceRecords, type OnceRecords } from '../../src/temporal/once-records';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
beforeAll(async () => void (stack = await startStack({ withoutWorkers: true })));
afterAll(() => stack.stop());
const recordsOf = (account = stack.account): OnceRecords =>
  createOnceRecords({ client: stack.client, account, deadlineMs: DEADLINE_MS });

it('of many processes that record the same use at once, exactly one is the first', async () => {
  const firsts = await Promise.all(Array.from({ length: 10 }, () => recordsOf().record('sign-in', 'a1')));
  expect(firsts.filter((first) => first)).toHaveLength(1);
  expect(await recordsOf().record('sign-in', 'a2')).toBe(true);
});

it('a record is of its kind and account, and stays one after its run has closed', async () => {
  expect(await recordsOf().record('sign-out', 'b1')).toBe(true);
  expect(await recordsOf().isRecorded('sign-out', 'b1')).toBe(true);
  expect(await recordsOf().isRecorded('sign-in', 'b1')).toBe(false);
  expect(await recordsOf('other').isRecorded('sign-out', 'b1')).toBe(false);
  await stack.startWorkers();
  const handle = stack.client.workflow.getHandle(`sign-out-${stack.account}-b1`);
  await until('the run to close', async () => (await handle.describe()).status.name === 'COMPLETED');
  expect(await recordsOf().isRecorded('sign-out', 'b1')).toBe(true);
  expect(await recordsOf().record('sign-out', 'b1')).toBe(false);
});

it('nobody is told that something was not used while Temporal cannot be asked', async () => {
  const late = createOnceRecords({ client: stack.client, account: stack.account, deadlineMs: 0 });
  await expect(late.isRecorded('sign-out', 'c1')).rejects.toThrow(TemporalUnavailableError);
  await expect(late.record('sign-in', 'c1')).rejects.toThrow(TemporalUnavailableError);
});
