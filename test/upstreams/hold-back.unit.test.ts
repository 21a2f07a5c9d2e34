import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createUpstream } from '../../activities/upstream';
import { UpstreamError } from '../../src/clients/upstream-error';
import { createPaces } from '../../src/temporal/credit-pace';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const tooMany = (retryAfterMs: number | null, system: 'freshdesk' | 'field-nation' = 'freshdesk') =>
  new UpstreamError({
    ...{ system, phase: 'answered', status: 429, code: null, message: 'rate limit reached' },
    ...{ retryAfterMs, requestId: null, call: 'GET /tickets/{id}' },
  });

/** A process of its own, with a clock that the test moves. */
function setUp() {
  let sent = 0;
  const upstream = createUpstream(createPaces({ freshdesk: 50, fieldNation: 60 }));
  const env = new MockActivityEnvironment({ attempt: 1 }, { logger: new DefaultLogger('ERROR') });
  const call = (system: 'freshdesk' | 'field-nation', answer?: Error): Promise<unknown> =>
    env.run(() =>
      upstream(system, async () => {
        sent += 1;
        if (answer) throw answer;
        return 'done';
      }),
    );
  return { call, pass: (ms: number) => void jest.advanceTimersByTime(ms), sent: () => sent };
}

describe('after a 429', () => {
  it.each([
    ['34 seconds', 34_000, 34_000],
    ['no Retry-After', null, 60_000],
    ['0', 0, 1000],
    ['a billion seconds', 1e12, 3_600_000],
  ])('no call leaves until %s have passed', async (_, asked, wait) => {
    const { call, pass, sent } = setUp();
    const refused = await call('freshdesk', tooMany(asked)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ type: 'RateLimited', nonRetryable: false });
    pass(wait - 1);
    await expect(call('freshdesk')).rejects.toMatchObject({ type: 'RateLimited', nextRetryDelay: expect.any(Number) });
    expect(sent()).toBe(1);
    pass(wait * 0.1 + 2);
    await expect(call('freshdesk')).resolves.toBe('done');
  });

  it('the call that is held back surely had no effect, and says when it may come again', async () => {
    const { call, pass } = setUp();
    await call('field-nation', tooMany(30_000, 'field-nation')).catch(() => undefined);
    pass(10_000);
    const held = await call('field-nation').catch((error: unknown) => error);
    const { details, nextRetryDelay } = held as {
      details: { unsure: boolean; retryAfterMs: number }[];
      nextRetryDelay: number;
    };
    expect(details[0]).toMatchObject({ unsure: false, retryAfterMs: nextRetryDelay, status: 429 });
    expect(nextRetryDelay).toBeGreaterThanOrEqual(20_000);
  });

  it('the other system goes on', async () => {
    const { call } = setUp();
    await call('freshdesk', tooMany(30_000)).catch(() => undefined);
    await expect(call('field-nation')).resolves.toBe('done');
  });

  it('a fault of our own passes on unchanged', async () => {
    const { call } = setUp();
    const fault = new TypeError('a bug');
    await expect(call('freshdesk', fault)).rejects.toBe(fault);
  });
});
