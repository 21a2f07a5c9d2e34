import { booking, CreditPace, type Permit } from '../../src/temporal/credit-pace';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** 60 credits a minute for one process: one a second, of which 2.4 may be saved up. */
const QUOTA = 60 / 0.9;

/** A process under full load whose calls cost so much and take no time; `calls` counts them. */
function setUp({ cost = () => 1, quota = QUOTA }: { cost?: (call: number) => number; quota?: number } = {}) {
  const pace = new CreditPace(quota);
  const ended = new AbortController();
  let calls = 0;
  let spent = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const permit = await pace.take(ended.signal);
      pace.use(permit);
      calls += 1;
      spent += cost(calls);
      pace.charge(cost(calls));
      pace.giveBack(permit);
    }
  };
  return {
    pace,
    begin: () => void work().catch(() => undefined),
    pass: (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000),
    calls: () => calls,
    spent: () => spent,
  };
}

const signal = (): AbortSignal => new AbortController().signal;

/** Whether each of these has been given, in order. */
async function given(...permits: Promise<Permit>[]): Promise<boolean[]> {
  const got = permits.map(() => false);
  permits.forEach((permit, i) => void permit.then(() => (got[i] = true)));
  await jest.advanceTimersByTimeAsync(0);
  return got;
}

describe('the pace of one process', () => {
  it('gives nothing before it is known how many processes share the quota', async () => {
    const { begin, pass, calls } = setUp();
    begin();
    await pass(600);
    expect(calls()).toBe(0);
  });

  it.each([
    ['1', () => 1],
    ['3', () => 3],
    ['1 and 3 in turn', (call: number) => (call % 2 === 0 ? 3 : 1)],
    ['nothing at times', (call: number) => (call % 2 === 0 ? 2 : 0)],
  ])('uses its share and no more when calls cost %s', async (_, cost) => {
    const { pace, begin, pass, spent } = setUp({ cost });
    pace.shareAmong(1);
    begin();
    await pass(600);
    expect(spent()).toBeGreaterThan(595);
    expect(spent()).toBeLessThanOrEqual(603);
  });

  it('takes its part of the quota, also when processes come and go', async () => {
    const { pace, begin, pass, calls } = setUp();
    pace.shareAmong(3);
    begin();
    await pass(60);
    expect(calls()).toBe(20);
    pace.shareAmong(1);
    await pass(60);
    expect(calls()).toBe(80);
  });

  it('starts empty, and saves up no more than a small reserve', async () => {
    const { pace, begin, pass, calls } = setUp();
    pace.shareAmong(1);
    const first = pace.take(signal());
    expect(await given(first)).toEqual([false]);
    await pass(1);
    pace.giveBack(await first);
    await pass(600);
    begin();
    await pass(0);
    expect(calls()).toBe(2);
  });

  it('counts permits that wait for a task as a part of the reserve', async () => {
    const { pace, pass } = setUp();
    pace.shareAmong(1);
    const permits = [pace.take(signal()), pace.take(signal()), pace.take(signal())] as const;
    await pass(600);
    expect(await given(...permits)).toEqual([true, true, false]);
    // A task comes for one of them: the reserve fills up again and gives the third.
    pace.use(await permits[0]);
    await pass(1);
    expect(await given(...permits)).toEqual([true, true, true]);
  });

  it('has at most 50 tasks at once, however much is left', async () => {
    const { pace, pass } = setUp({ quota: 1_000_000 });
    pace.shareAmong(1);
    await pass(60);
    const permits = Array.from({ length: 51 }, () => pace.take(signal()));
    const [first] = permits as [Promise<Permit>];
    expect((await given(...permits)).filter(Boolean)).toHaveLength(50);
    pace.use(await first);
    pace.giveBack(await first);
    expect((await given(...permits)).filter(Boolean)).toHaveLength(51);
  });

  it('leaves out who no longer waits', async () => {
    const { pace, pass } = setUp();
    pace.shareAmong(1);
    const impatient = new AbortController();
    const left = pace.take(impatient.signal);
    const right = pace.take(signal());
    impatient.abort(new Error('shutdown'));
    await expect(left).rejects.toThrow('shutdown');
    await expect(pace.take(impatient.signal)).rejects.toThrow('shutdown');
    await pass(1);
    expect(await given(right)).toEqual([true]);
  });

  it('gives nothing while it is held back, and a shorter wait does not end a longer one', async () => {
    const { pace, begin, pass, calls } = setUp();
    pace.shareAmong(1);
    begin();
    pace.hold(30_000);
    pace.hold(1000);
    await pass(29.9);
    expect([calls(), pace.heldFor() > 0]).toEqual([0, true]);
    await pass(0.2);
    expect([calls(), pace.heldFor()]).toEqual([2, 0]);
    await pass(10);
    expect(calls()).toBe(12);
  });
});

it('books a call with what its answer says, and one without an answer with 1', async () => {
  const { pace, pass } = setUp();
  pace.shareAmong(1);
  await pass(600);
  const { onCall, onQuota } = booking(pace);
  onCall();
  onQuota({ used: 3 });
  onCall();
  // 2.4 less 4: the next credit is there after 2.6 s.
  const next = pace.take(signal());
  await pass(2.5);
  expect(await given(next)).toEqual([false]);
  await pass(0.2);
  expect(await given(next)).toEqual([true]);
});
