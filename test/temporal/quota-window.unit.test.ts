import fc from 'fast-check';
import { QuotaWindow, type Spend, type Terms } from '../../src/temporal/pace/quota-window';
import { NO_PART } from '../../src/temporal/pace/room';

const MINUTE = 60_000;
const ALONE: Terms = { share: 50, limit: null, processes: 1, told: false };
const EVENLY = { evenly: 0.8, spare: 0.03 };

const windowOf = (terms: Partial<Terms> = {}): QuotaWindow => new QuotaWindow({ ...ALONE, ...terms });

/** One call with its answer at the same moment. */
function spend(window: QuotaWindow, cost: number, now: number): Spend {
  const call = window.begin(cost);
  window.end(call, cost, now);
  return call;
}

describe('the window of one process', () => {
  it('lets a whole minute out at once after a minute of quiet, and no more until a minute later', () => {
    const window = windowOf();
    for (let i = 0; i < 50; i++) {
      expect(window.waitFor(1, NO_PART, 0)).toBe(0);
      spend(window, 1, 0);
    }
    expect(window.waitFor(1, NO_PART, 0)).toBe(MINUTE);
    expect(window.waitFor(1, NO_PART, 30_000)).toBe(30_000);
    expect(window.waitFor(50, NO_PART, MINUTE)).toBe(0);
  });

  it('counts a call until a minute after its answer', () => {
    const window = windowOf({ share: 1 });
    const call = window.begin(1);
    expect(window.waitFor(1, NO_PART, 5000)).toBe(Infinity);
    window.end(call, 1, 8000);
    expect(window.waitFor(1, NO_PART, 8000)).toBe(MINUTE);
  });

  it('gives back what a call did not cost', () => {
    const window = windowOf({ share: 3 });
    const call = window.begin(3);
    window.end(call, 1, 0);
    expect([window.waitFor(2, NO_PART, 0), window.used(0)]).toEqual([0, 1]);
  });

  it('lets out what costs more than a minute has, but seldom enough to keep the share', () => {
    const window = windowOf({ share: 1 });
    expect(window.waitFor(3, NO_PART, 0)).toBe(0);
    spend(window, 3, 0);
    expect(window.waitFor(1, NO_PART, 0)).toBe(3 * MINUTE);
  });

  it('lets a part of the minute out at once and the rest evenly where more urgent calls may come', () => {
    const window = windowOf();
    let [now, calls] = [0, 0];
    const atOnce = (): number => {
      let n = 0;
      for (; window.waitFor(1, EVENLY, now) === 0; n++) spend(window, 1, now);
      return n;
    };
    calls = atOnce();
    expect(calls).toBe(8);
    const waits: number[] = [];
    while (now < 20 * MINUTE) {
      const wait = window.waitFor(1, EVENLY, now);
      waits.push(window.waitFor(4, NO_PART, now));
      now += Math.max(wait, 1);
      calls += atOnce();
    }
    // Four credits for a ticket are never further away than the even flow.
    expect(Math.max(...waits)).toBeLessThan(6000);
    expect(calls / 20).toBeGreaterThan(0.95 * 50);
  });

  it('has one call under way until its first answer tells what is free, and may then spend that', () => {
    const window = windowOf({ told: true, limit: 50 });
    const first = window.begin(1);
    expect(window.waitFor(1, NO_PART, 0)).toBe(Infinity);
    window.end(first, 1, 100);
    window.hear(first, 1, 100);
    expect(window.waitFor(49, NO_PART, 100)).toBe(0);
  });

  it('takes for its own what was used before it came', () => {
    const window = windowOf({ told: true, share: 25, limit: 50 });
    window.hear(spend(window, 1, 0), 21, 0);
    expect([window.waitFor(4, NO_PART, 0), window.waitFor(5, NO_PART, 0)]).toEqual([0, MINUTE]);
  });

  it('forgets what was used before it came as the upstream forgets it', () => {
    const window = windowOf({ told: true, limit: 50 });
    window.hear(spend(window, 1, 0), 45, 0);
    expect([window.waitFor(5, NO_PART, 0), window.waitFor(6, NO_PART, 0)]).toEqual([0, MINUTE]);
    window.hear(spend(window, 1, 20_000), 30, 20_000);
    expect([window.waitFor(20, NO_PART, 20_000), window.waitFor(21, NO_PART, 20_000)]).toEqual([0, 40_000]);
  });

  it('lets what leaves room for the more urgent out, though much was used before it came', () => {
    const window = windowOf({ told: true, share: 700, limit: 700 });
    window.hear(spend(window, 1, 0), 600, 0);
    expect([window.waitFor(4, EVENLY, 0), window.waitFor(101, EVENLY, 0)]).toEqual([0, MINUTE]);
  });

  it('keeps its share beside strangers as long as the account has room', () => {
    const window = windowOf({ told: true, share: 25, limit: 50 });
    window.hear(spend(window, 1, 0), 1, 0);
    window.hear(spend(window, 1, 1000), 32, 1000);
    expect([window.waitFor(18, NO_PART, 1000), window.waitFor(19, NO_PART, 1000)]).toEqual([0, 59_000]);
  });
});

describe('the windows of several processes', () => {
  it('let a busy one use what idle ones leave', () => {
    const window = windowOf({ told: true, limit: 50, processes: 3 });
    let calls = 0;
    for (; window.waitFor(1, NO_PART, 0) === 0; calls++) {
      window.hear(spend(window, 1, 0), calls + 1, 0);
    }
    expect(calls).toBe(44);
  });

  it('let one that others keep from its part for a minute take it, where the account has room', () => {
    const window = windowOf({ told: true, share: 24, limit: 50, processes: 2 });
    window.hear(spend(window, 1, 0), 1, 0);
    let now = 1000;
    const lookOn = (): number => {
      window.hear(spend(window, 0, now), 24, now);
      return window.waitFor(1, NO_PART, now);
    };
    expect(lookOn()).toBeGreaterThan(0);
    now += MINUTE;
    expect(lookOn()).toBe(0);
    window.hear(spend(window, 0, now), 50, now);
    expect(window.waitFor(1, NO_PART, now)).toBeGreaterThan(0);
  });

  it('do not forget what others used when an answer comes that was overtaken by newer ones', () => {
    const window = windowOf({ told: true, share: 20, limit: 20, processes: 3 });
    window.hear(spend(window, 1, 0), 1, 0);
    const slow = window.begin(1);
    window.hear(spend(window, 1, 1000), 12, 1000);
    window.end(slow, 1, 2000);
    // The upstream counted it before the nine calls of others that the faster answer knew of.
    window.hear(slow, 2, 2000);
    expect([window.waitFor(1, NO_PART, 2000), window.waitFor(2, NO_PART, 2000)]).toEqual([0, 58_000]);
  });

  it('never use more than the share in any 60 s, whoever wants what and when', () => {
    fc.assert(
      fc.property(
        fc.record({
          processes: fc.integer({ min: 1, max: 6 }),
          share: fc.constantFrom(20, 50, 200, 700),
          seed: fc.integer(),
          thirsts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        }),
        ({ processes, share, seed, thirsts }) => {
          const spent = play({ processes, share, seed, thirsts });
          let from = 0;
          let sum = 0;
          for (const { at, cost } of spent) {
            sum += cost;
            while ((spent[from]?.at ?? 0) <= at - MINUTE) sum -= spent[from++]?.cost ?? 0;
            if (sum > share) return false;
          }
          return true;
        },
      ),
      { numRuns: 25 },
    );
  });
});

interface Play {
  processes: number;
  share: number;
  seed: number;
  thirsts: number[];
}

/** Four minutes of processes on one account whose whole limit is theirs; gives when the upstream counted what. */
function play({ processes, share, seed, thirsts }: Play): { at: number; cost: number }[] {
  let state = seed >>> 0 || 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const terms = { share, limit: share, processes, told: true };
  const windows = Array.from({ length: processes }, () => windowOf(terms));
  const counted: { at: number; cost: number }[] = [];
  const due: { at: number; run: () => void }[] = [];
  const usedAt = (now: number): number =>
    counted.reduce((sum, { at, cost }) => (at > now - MINUTE && at <= now ? sum + cost : sum), 0);
  const later = (at: number, run: () => void): void => {
    due.push({ at, run });
    due.sort((a, b) => a.at - b.at);
  };
  for (let now = 0; now < 4 * MINUTE; now += 50) {
    for (let next = due[0]; next && next.at <= now; next = due[0]) {
      due.shift();
      next.run();
    }
    windows.forEach((window, process) => {
      // Some want all the time, some now and then, some for a while.
      const thirst = thirsts[(process + Math.floor(now / 35_000)) % thirsts.length] ?? 0;
      if (random() > thirst) return;
      const cost = random() < 0.5 ? 1 : 1 + Math.floor(random() * 3);
      const guess = random() < 0.2 ? 3 : cost;
      if (window.waitFor(Math.max(cost, guess), NO_PART, now) > 0) return;
      const call: Spend = window.begin(Math.max(cost, guess));
      const [arrives, answers] = [now + random() * 400, now + 400 + random() * 2000];
      later(arrives, () => {
        counted.push({ at: arrives, cost });
        const used = usedAt(arrives);
        later(answers, () => {
          window.end(call, cost, answers);
          window.hear(call, used, answers);
        });
      });
    });
  }
  return counted.sort((a, b) => a.at - b.at);
}
