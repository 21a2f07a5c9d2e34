/** The whole walk of a sweep, over an account without a wire (test/simulation). */
import type { ReconcileInput, ReconcileMarks, ReconcileResult } from '../../src/contract/reconcile';
import { Sweep } from '../../workflows/reconcile/sweep';
import { walk } from '../../workflows/reconcile/walk';
import { INPUT, PENDING, RESOLVED } from '../simulation/core-world';
import { SweptAccount } from '../simulation/swept-account';
import type { SweptTicket } from '../simulation/swept-ticket';

const INTERVAL_MS = 600_000;

function sweptAccount(perMinute = 200) {
  const account = new SweptAccount(() => 'answered');
  const { clock, activities: all } = account;
  const input: ReconcileInput = {
    ...{ account: INPUT.account, since: account.iso(), interval: INTERVAL_MS },
    callsPerMinute: { freshdesk: perMinute, fieldNation: perMinute },
  };
  const begun = clock.now;
  let marks: ReconcileMarks | null = null;
  let sweeps = 0;
  const settle = (): void => {
    while ([...account.tickets.values()].filter((ticket) => ticket.turn(() => 'answered')).length > 0) clock.now += 100;
  };
  const sweep = async (): Promise<ReconcileResult> => {
    clock.now = begun + ++sweeps * INTERVAL_MS;
    const calls = { freshdesk: all, fieldNation: all, engine: all, repaired: () => undefined };
    const result = await walk(new Sweep(input, marks, () => clock.now, calls));
    marks = result.marks;
    settle();
    return result;
  };
  return { account, sweep, settle };
}

const ordersFollowed = ({ run }: SweptTicket): (number | null)[] =>
  run?.dispatch.memory.visits.map(({ workOrderId }) => workOrderId) ?? [];

describe('a work order whose dispatch is gone', () => {
  it('gets its owner back although its ticket neither matches nor names it any more', async () => {
    const { account, sweep, settle } = sweptAccount();
    const ticket = account.ticket(2);
    ticket.edit({});
    ticket.tell(null);
    settle();
    expect(ticket.orders).toMatchObject([{ id: 901, status: 'published' }]);
    ticket.forget();
    ticket.edit({ status: PENDING, link: null });
    // Three lists take turns.
    for (let sweeps = 0; sweeps < 3; sweeps++) await sweep();
    expect(ordersFollowed(ticket)).toEqual([901]);
  });

  it('is asked about when it is a draft, although its ticket is closed', async () => {
    const { account, sweep, settle } = sweptAccount();
    const ticket = account.ticket(2);
    ticket.rules = { ...ticket.rules, afterCreate: 'draft' };
    ticket.edit({});
    ticket.tell(null);
    settle();
    ticket.forget();
    ticket.edit({ status: RESOLVED, link: null });
    // A draft is an orphan after a quarter of an hour.
    for (let sweeps = 0; sweeps < 3; sweeps++) await sweep();
    expect(ordersFollowed(ticket)).toEqual([901]);
    expect(ticket.run?.dispatch.memory.blocked).toMatchObject([{ attention: { reason: 'decision' } }]);
  });
});

it('gives a dispatch that was terminated a new run, although the changed tickets use all of the budget', async () => {
  const { account, sweep, settle } = sweptAccount(5);
  account.pageSize = 1;
  const ticket = account.ticket(2);
  ticket.edit({});
  ticket.tell(null);
  settle();
  for (let other = 3; other < 43; other++) account.ticket(other).edit({ status: PENDING });
  await sweep();
  ticket.end('Terminated');
  for (let sweeps = 0; sweeps < 2; sweeps++) await sweep();
  expect(ticket.isRunning).toBe(true);
});

it('reads the deleted tickets, too, where the changed ones alone use all of the budget', async () => {
  const { account, sweep, settle } = sweptAccount(5);
  account.pageSize = 2;
  const ticket = account.ticket(2);
  ticket.edit({});
  ticket.tell(null);
  settle();
  for (let other = 3; other < 8; other++) account.ticket(other).edit({ status: PENDING });
  for (let sweeps = 0; sweeps < 4; sweeps++) await sweep();
  ticket.edit({ gone: true });
  for (let sweeps = 0; sweeps < 6; sweeps++) await sweep();
  expect(ticket.run?.dispatch.memory.known?.gone).toBe(true);
});
