/** Which hosts an account works with, and which may take whose place (interface, section 3). */
import type { Upstreams } from '../../src/contract/dispatching';
import { canDispatch, hostOf, settleUpstreams } from '../../src/domain/dispatching/upstreams';
import { createCanDispatch } from '../../src/temporal/can-dispatch';
import type { DispatchingState } from '../../src/temporal/dispatching';

const SANDBOX_FN = 'api-sandbox.fndev.net';
const PRODUCTION_FN = 'api.fieldnation.com';
const of = (freshdesk: string | null, fieldNation: string | null) => ({ freshdesk, fieldNation });

it('a system that was not set is recorded when it is first set, also while dispatches are open', () => {
  expect(settleUpstreams(of(null, null), of('sandbox', 'sandbox'), true)).toEqual({
    upstreams: of('sandbox', 'sandbox'),
  });
  expect(settleUpstreams(of('a.freshdesk.com', null), of('a.freshdesk.com', SANDBOX_FN), true)).toEqual({
    upstreams: of('a.freshdesk.com', SANDBOX_FN),
  });
});

it('a process that does not call a system is not judged by it', () => {
  expect(settleUpstreams(of('a.freshdesk.com', PRODUCTION_FN), of(null, null), true)).toEqual({
    upstreams: of('a.freshdesk.com', PRODUCTION_FN),
  });
});

it.each([
  ['the sandbox', of('sandbox', 'sandbox'), of('a.freshdesk.com', SANDBOX_FN)],
  ["Field Nation's sandbox", of('a.freshdesk.com', SANDBOX_FN), of('a.freshdesk.com', PRODUCTION_FN)],
])('%s gives way to a real host while no dispatch is open, and never the other way', (_, test, real) => {
  expect(settleUpstreams(test, real, false)).toEqual({ upstreams: real });
  const clash = settleUpstreams(test, real, true);
  expect('clashes' in clash && clash.clashes.every(({ whenNoneIsOpen }) => whenNoneIsOpen)).toBe(true);
  const back = settleUpstreams(real, test, false);
  expect('clashes' in back && back.clashes.every(({ whenNoneIsOpen }) => !whenNoneIsOpen)).toBe(true);
});

it('another host is never taken', () => {
  expect(settleUpstreams(of('a.freshdesk.com', 'x.test'), of('b.freshdesk.com', 'y.test'), false)).toEqual({
    clashes: [
      { system: 'freshdesk', recorded: 'a.freshdesk.com', given: 'b.freshdesk.com', whenNoneIsOpen: false },
      { system: 'fieldNation', recorded: 'x.test', given: 'y.test', whenNoneIsOpen: false },
    ],
  });
});

it.each([
  ['https://acme.freshdesk.com', 'acme.freshdesk.com'],
  ['http://127.0.0.1:4601/', '127.0.0.1:4601'],
  ['https://API.fieldnation.com/root', 'api.fieldnation.com'],
])('the host of %s is %s', (url, host) => expect(hostOf(url)).toBe(host));

it.each([
  ['nothing recorded yet', of(null, null), true],
  ['both sandboxes', of('sandbox', 'sandbox'), true],
  ['a sandbox Freshdesk alone', of('sandbox', null), true],
  ['a real Freshdesk without Field Nation', of('a.freshdesk.com', null), false],
  ['a real Freshdesk beside a played Field Nation', of('a.freshdesk.com', 'sandbox'), true],
])('an account with %s may dispatch: %s → %s', (_, recorded, may) => expect(canDispatch(recorded)).toBe(may));

describe('whether an account can dispatch', () => {
  const asking = (answers: Upstreams[], hasFieldNation = false) => {
    let asked = 0;
    let now = 0;
    const state = async () => ({ upstreams: answers[Math.min(asked++, answers.length - 1)] }) as DispatchingState;
    const can = createCanDispatch({ dispatching: { state }, hasFieldNation, now: () => now });
    return { can, asked: () => asked, wait: (ms: number) => void (now += ms) };
  };

  it('is not asked where this process has Field Nation', async () => {
    const { can, asked } = asking([of('a.freshdesk.com', null)], true);
    expect([await can(), asked()]).toEqual([true, 0]);
  });

  it('is asked again for as long as it cannot, once in two seconds, and never again once it can', async () => {
    const { can, asked, wait } = asking([of('a.freshdesk.com', null), of('a.freshdesk.com', PRODUCTION_FN)]);
    expect([await can(), await can(), asked()]).toEqual([false, false, 1]);
    wait(2000);
    expect([await can(), await can(), asked()]).toEqual([true, true, 2]);
    wait(60_000);
    expect([await can(), asked()]).toEqual([true, 2]);
  });
});
