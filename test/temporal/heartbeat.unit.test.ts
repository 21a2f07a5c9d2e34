import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { beating, isLost } from '../../src/temporal/heartbeat';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

/** An attempt that ends when `end` is called; `beats` counts what the engine was told. */
function attempt(heartbeatTimeoutMs?: number) {
  const env = new MockActivityEnvironment(heartbeatTimeoutMs === undefined ? {} : { heartbeatTimeoutMs });
  let beats = 0;
  env.on('heartbeat', () => (beats += 1));
  let end = (): void => undefined;
  let context: Context | undefined;
  const done = env.run(() => {
    context = Context.current();
    const inbound = beating(context).inbound;
    const work = (): Promise<void> => new Promise((resolve) => (end = resolve));
    return inbound?.execute?.({} as ActivityExecuteInput, work) ?? work();
  });
  return { beats: () => beats, context: () => context as Context, end: () => (end(), done) };
}

it('tells the engine every second that an attempt still runs, until it has ended', async () => {
  const { beats, end } = attempt(3000);
  await pass(10_500);
  expect(beats()).toBe(10);
  await end();
  await pass(10_000);
  expect(beats()).toBe(10);
});

it.each([undefined, 0])('says nothing for an attempt that must not be repeated (%s)', async (timeout) => {
  const { beats, context, end } = attempt(timeout);
  await pass(10_000);
  expect([beats(), isLost(context())]).toEqual([0, false]);
  await end();
});

it('takes an attempt for lost, for ever, once its process has stood still for as long as the engine waits', async () => {
  const { beats, context, end } = attempt(3000);
  await pass(1500);
  expect(isLost(context())).toBe(false);
  const now = performance.now();
  jest.spyOn(performance, 'now').mockReturnValue(now + 2900);
  await pass(1000);
  expect([beats(), isLost(context())]).toEqual([1, true]);
  jest.restoreAllMocks();
  await pass(5000);
  expect([beats(), isLost(context())]).toEqual([1, true]);
  await end();
});
