import { QuotaWait } from '../../src/clients/quota-wait';
import type { CallEnd } from '../../src/clients/http-types';
import { PRIORITY } from '../../src/contract/names';
import { CreditPace, type PaceOptions, type Permit } from '../../src/temporal/credit-pace';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const MINUTE = 60_000;
const NOTE = { call: 'POST /tickets/{id}/notes', includes: [] };
const LOOK = { call: 'GET /tickets/{id}', includes: ['requester', 'company'] };

/** A pace alone on its account; `system` of which answers tell nothing when left out. */
function setUp({ setting = 60, system = 'freshdesk' }: Partial<PaceOptions> = {}) {
  const pace = new CreditPace({ system, setting });
  pace.shareAmong(1);
  const told = (used: number): CallEnd => ({ sent: true, status: 200, quota: { limit: null, remaining: null, used } });
  /** Resolves with when the call went out, in s. */
  const call = async (priority: number, { cost = 1, begun = false } = {}): Promise<number> => {
    const end = await pace.admit(cost === 1 ? NOTE : LOOK, { priority, begun }, undefined);
    end(told(cost));
    return Math.round(performance.now() / 1000);
  };
  return { pace, call, told };
}

const signal = (): AbortSignal => new AbortController().signal;
const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

/** Whether each of these has been given, in order. */
async function given(...permits: Promise<Permit>[]): Promise<boolean[]> {
  const got = permits.map(() => false);
  permits.forEach((permit, i) => void permit.then(() => (got[i] = true)));
  await pass(0);
  return got;
}

/** First answer, so that more than one call may be under way. */
const hear = async (pace: CreditPace, limit: number): Promise<void> => {
  const end = await pace.admit(NOTE, { priority: 1, begun: false }, undefined);
  end({ sent: true, status: 200, quota: { limit, remaining: limit - 1, used: 1 } });
};

describe('the gate of calls', () => {
  it('lets a whole minute out at once for orders, and hands back what has no room for a minute', async () => {
    const { pace, call } = setUp();
    await hear(pace, 60);
    await Promise.all(Array.from({ length: 59 }, () => call(PRIORITY.orders)));
    const late = call(PRIORITY.orders).catch((error: unknown) => error);
    await pass(0);
    expect(await late).toMatchObject({ waitMs: expect.closeTo(MINUTE, -3) as number });
    expect(await late).toBeInstanceOf(QuotaWait);
  });

  it('hands back what is urgent for a moment alone where another process may have room', async () => {
    const { pace, call } = setUp();
    await hear(pace, 60);
    await Promise.all(Array.from({ length: 59 }, () => call(PRIORITY.orders)));
    pace.shareAmong(2);
    for (const priority of [PRIORITY.orders, PRIORITY.newTickets]) {
      await expect(call(priority)).rejects.toMatchObject({ waitMs: 1000 });
    }
    await expect(call(PRIORITY.contacts)).rejects.toMatchObject({ waitMs: expect.closeTo(MINUTE, -3) as number });
  });

  it('gives a burst of contacts only a part of the minute, and a ticket what is left at once', async () => {
    const { pace, call } = setUp();
    await hear(pace, 60);
    const sent: number[] = [];
    for (let i = 0; i < 30; i++)
      void call(PRIORITY.contacts).then(
        (at) => sent.push(at),
        () => undefined,
      );
    await pass(0);
    expect(sent.length).toBeLessThan(16);
    const before = performance.now();
    await call(PRIORITY.newTickets, { cost: 3 });
    await call(PRIORITY.orders);
    expect(performance.now() - before).toBe(0);
  });

  it('lets the most urgent call go first, whoever came first', async () => {
    const { pace, call } = setUp({ setting: 60 });
    await hear(pace, 60);
    for (let i = 0; i < 59; i++) await call(PRIORITY.orders);
    await pass(MINUTE - 3000);
    const order: string[] = [];
    void call(PRIORITY.contacts).then(
      () => order.push('contact'),
      () => order.push('contact handed back'),
    );
    void call(PRIORITY.newTickets).then(() => order.push('look'));
    void call(PRIORITY.orders).then(() => order.push('order'));
    await pass(6000);
    expect(order.slice(0, 2)).toEqual(['order', 'look']);
  });

  it('learns what a call costs, and gives back what it did not', async () => {
    const { pace, told } = setUp({ setting: 5 });
    const end = await pace.admit(LOOK, { priority: 1, begun: false }, undefined);
    expect(pace.standing().used).toBe(3);
    end(told(1));
    expect(pace.standing().used).toBe(1);
    await pace.admit(LOOK, { priority: 1, begun: false }, undefined);
    expect(pace.standing().used).toBe(2);
  });

  it('counts nothing for a call that was surely not sent', async () => {
    const { pace } = setUp();
    const end = await pace.admit(NOTE, { priority: 1, begun: false }, undefined);
    end({ sent: false, status: null, quota: null });
    expect(pace.standing().used).toBe(0);
  });

  it('leaves out whose attempt has ended', async () => {
    const { pace } = setUp();
    pace.hold(3000);
    const ended = new AbortController();
    const left = pace.admit(NOTE, { priority: 1, begun: false }, ended.signal);
    ended.abort(new Error('timed out'));
    await expect(left).rejects.toThrow('timed out');
    expect(pace.standing().waiting).toEqual({});
  });
});

describe('the share', () => {
  it('is 25 until the first answer and then half of what that tells, a sixtieth of it where it is an hour’s', async () => {
    const pace = new CreditPace({ system: 'freshdesk', setting: undefined });
    pace.shareAmong(1);
    expect(pace.standing()).toMatchObject({ limit: null, share: 25 });
    await hear(pace, 700);
    expect(pace.standing()).toMatchObject({ limit: 700, share: 350 });
    await hear(pace, 3000);
    expect(pace.standing()).toMatchObject({ limit: 50, share: 25 });
  });

  it('of Field Nation is halved by a refusal and felt out again', async () => {
    const { pace, call } = setUp({ system: 'field-nation', setting: 60 });
    pace.hold(1000);
    pace.hold(1000);
    expect(pace.standing()).toMatchObject({ share: 30, heldMs: 1000 });
    await pass(31_000);
    await call(PRIORITY.orders);
    expect(pace.standing().share).toBe(36);
    for (let i = 0; i < 8; i++) {
      await pass(30_000);
      await call(PRIORITY.orders);
    }
    expect(pace.standing().share).toBe(60);
  });

  it('of Field Nation lets no burst out that its short bucket would refuse', async () => {
    const { call } = setUp({ system: 'field-nation', setting: 60 });
    let sent = 0;
    for (let i = 0; i < 40; i++)
      void call(PRIORITY.orders).then(
        () => (sent += 1),
        () => undefined,
      );
    await pass(0);
    expect(sent).toBe(15);
  });
});

describe('the gate of tasks', () => {
  it('gives few permits at once, and none while the upstream has asked for a pause', async () => {
    const { pace } = setUp();
    const permits = Array.from({ length: 7 }, () => pace.take(signal()));
    expect((await given(...permits)).filter(Boolean)).toHaveLength(5);
    pace.hold(30_000);
    pace.hold(1000);
    pace.use(await (permits[0] as Promise<Permit>));
    await pass(29_000);
    expect((await given(...permits)).filter(Boolean)).toHaveLength(5);
    await pass(2000);
    expect((await given(...permits)).filter(Boolean)).toHaveLength(6);
  });

  it('has at most 50 tasks at once', async () => {
    const { pace } = setUp({ setting: 1_000_000 });
    for (let i = 0; i < 50; i++) pace.use(await pace.take(signal()));
    expect(await given(pace.take(signal()))).toEqual([false]);
  });

  it('takes one task a second to see whether it is urgent while contacts have no room', async () => {
    const { pace, call } = setUp();
    await hear(pace, 60);
    for (let i = 0; i < 12; i++) await call(PRIORITY.contacts);
    void call(PRIORITY.contacts).catch(() => undefined);
    let taken = 0;
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      for (;;) {
        const permit = await pace.take(signal());
        pace.use(permit);
        taken += 1;
        void call(PRIORITY.contacts).then(
          (at) => seen.push(at),
          () => undefined,
        );
        pace.giveBack(permit);
      }
    };
    void work();
    await pass(10_000);
    expect(taken).toBeGreaterThanOrEqual(9);
    expect(taken).toBeLessThanOrEqual(20);
  });

  it('leaves out who no longer waits', async () => {
    const { pace } = setUp();
    pace.hold(1000);
    const impatient = new AbortController();
    const left = pace.take(impatient.signal);
    const right = pace.take(signal());
    impatient.abort(new Error('shutdown'));
    await expect(left).rejects.toThrow('shutdown');
    await expect(pace.take(impatient.signal)).rejects.toThrow('shutdown');
    await pass(1100);
    expect(await given(right)).toEqual([true]);
  });
});
