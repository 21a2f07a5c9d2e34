/** What a person's word does, and what the timeline says of it (interface, sections 5 and 8). */
import { block } from '../../src/domain/dispatch/blocks';
import { heed, receiveApproval, receiveCancel, receiveRetry } from '../../src/domain/dispatch/commands';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { DECISION, LINK_QUESTION } from '../../src/domain/dispatch/steps';
import { viewOf } from '../../src/domain/dispatch/view';
import type { AttentionReason } from '../../src/contract/dispatch';
import type { OrderStatus } from '../../src/domain/status';
import { receive } from '../../src/domain/dispatch/inbox';
import { PENDING, RESOLVED, type Run, type World, type WorldOrder } from '../simulation/core-world';
import { begin, settled } from './begun-run';

const waits = ({ dispatch }: Run, step: string, reason: AttentionReason = 'rejected'): void =>
  block(dispatch, step, { reason, detail: `${step} is refused`, remedy: 'mend' }, step);
const waiting = ({ memory }: Run): string[] => memory.blocked.map(({ step }) => step);
const lastOf = ({ memory }: Run) => {
  const { what, detail } = memory.timeline.at(-1) ?? {};
  return [what, detail];
};
function become({ world, run }: { world: World; run: Run }, ...statuses: OrderStatus[]): void {
  for (const status of statuses) world.become(world.orders[0] as WorldOrder, status);
  for (const event of world.events.splice(0)) receive(run.dispatch, event);
  run.settle();
}

describe('a word that is typed by hand', () => {
  it.each([
    ['a name', { by: ' ann ' }, 'ann'],
    ['no name', {}, null],
    ['a name that is none', { by: 7 }, null],
    ['nothing', undefined, null],
    ['null', null, null],
    ['bare text', 'ann', null],
  ])('is heard with %s', (_, hint, by) => {
    const { run } = begin();
    receiveRetry(run.dispatch, hint);
    receiveApproval(run.dispatch, hint);
    receiveCancel(run.dispatch, hint);
    expect(run.memory.commands).toMatchObject({
      ...{ retry: { by }, approve: { by }, cancel: { by, reason: 'Cancelled by a person' }, probe: false },
    });
  });

  it.each([
    ['a sum', { amount: 150 }, { by: null, amount: 150 }],
    ['a sum without a bound', { amount: null }, { by: null, amount: null }],
    ['no sum', {}, { by: null }],
    ['a sum that is none', { amount: '150' }, { by: null }],
  ])('says yes to %s', (_, hint, approve) => {
    const { run } = begin();
    receiveApproval(run.dispatch, hint);
    expect(run.memory.commands.approve).toEqual(approve);
  });

  it('counts once', () => {
    const { run } = settled();
    for (const say of [receiveRetry, receiveApproval, receiveCancel]) say(run.dispatch, {});
    receiveRetry(run.dispatch, { only: 'unauthorized' });
    heed(run.dispatch);
    expect(run.memory.commands).toEqual({ probe: false, approve: null, retry: null, cancel: null, visit: null });
  });

  it('calls off a visit that was asked for before it', () => {
    const { run } = begin();
    run.memory.commands.visit = { by: 'ann' };
    receiveCancel(run.dispatch, {});
    expect(run.memory.commands.visit).toBeNull();
  });
});

describe('keys that work again', () => {
  const probe = (run: Run): void => {
    receiveRetry(run.dispatch, { only: 'unauthorized' });
    heed(run.dispatch);
  };

  it('answer what waited for them, and no question', () => {
    const { run } = settled();
    waits(run, 'update', 'unauthorized');
    waits(run, DECISION, 'decision');
    probe(run);
    expect(waiting(run)).toEqual([DECISION]);
    expect(lastOf(run)).toEqual(['Retry', 'The keys work again']);
  });

  it('are no news where nothing waited for them', () => {
    const { run } = settled();
    const before = run.memory.timeline.length;
    probe(run);
    expect(run.memory.timeline).toHaveLength(before);
  });
});

describe('a retry', () => {
  const retry = (run: Run, by?: string): void => {
    receiveRetry(run.dispatch, { by });
    heed(run.dispatch);
  };

  it('tries again what waits, at once', () => {
    const { run, world } = begin();
    run.turn(() => 'unavailable');
    expect(Date.parse(run.memory.failing[0]?.nextTry ?? '')).toBeGreaterThan(world.now);
    waits(run, 'link');
    retry(run, 'ann');
    expect([waiting(run), run.memory.failing[0]?.nextTry]).toEqual([[], run.dispatch.at()]);
    expect(lastOf(run)).toEqual(['Retry', 'ann asked for it']);
  });

  it('asks for it without a name, too', () => {
    const { run } = settled();
    retry(run);
    expect(lastOf(run)).toEqual(['Retry', 'A person asked for it']);
  });

  it('answers the question whether to keep the order last, and alone', () => {
    const { run } = settled();
    waits(run, DECISION, 'decision');
    waits(run, 'update');
    retry(run);
    expect([waiting(run), lastOf(run)]).toEqual([[DECISION], ['Retry', 'A person asked for it']]);
    retry(run, 'ann');
    expect([waiting(run), lastOf(run)]).toEqual([[], ['Kept', 'ann chose to keep it as it is']]);
  });

  it('is no yes to money', () => {
    const { run } = settled(({ ticket }) => void (ticket.pay = 150));
    retry(run);
    expect([waiting(run), lastOf(run)]).toEqual([['approval'], ['Retry without effect', 'Money waits for `approve`']]);
  });

  it('has effect beside what waits for a yes', () => {
    const { run } = settled(({ ticket }) => void (ticket.pay = 150));
    waits(run, 'ticket');
    retry(run);
    expect([waiting(run), lastOf(run)]).toEqual([['approval'], ['Retry', 'A person asked for it']]);
  });

  it('reads the ticket again before the order is out, and not after', () => {
    const early = settled(({ ticket }) => void (ticket.pay = 150)).run;
    const late = settled().run;
    const ended = settled(({ ticket }) => void (ticket.pay = 150)).run;
    receiveCancel(ended.dispatch, {});
    ended.settle();
    waits(late, 'update');
    for (const run of [early, late, ended]) retry(run);
    expect([early, late, ended].map(({ memory }) => memory.look.wanted)).toEqual([true, false, false]);
  });

  it('keeps nothing that it only tries again', () => {
    const { run } = settled();
    waits(run, LINK_QUESTION, 'decision');
    waits(run, 'update');
    retry(run);
    expect([waiting(run), lastOf(run)]).toEqual([[], ['Retry', 'A person asked for it']]);
  });

  it('lets a link stand that nobody knows: before a create the ticket is read again', () => {
    const { run } = settled();
    waits(run, LINK_QUESTION, 'decision');
    retry(run);
    expect([run.memory.look.wanted, run.memory.skipped]).toEqual([true, null]);
    expect(run.memory.timeline.map(({ what }) => what)).not.toContain('Skipped');
  });

  it('alone answers what waits: no other word does', () => {
    const { run } = settled();
    waits(run, 'update', 'unauthorized');
    receiveApproval(run.dispatch, {});
    heed(run.dispatch);
    expect(waiting(run)).toEqual(['update']);
  });

  it('waits no longer for the next look for an unanswered create', () => {
    const { run, world } = begin();
    while (run.memory.visits[0]?.stage !== 'unsure') run.turn((step) => (step.kind === 'create' ? 'lost' : 'answered'));
    run.memory.visits[0].notBefore = new Date(world.now + 60_000).toISOString();
    retry(run);
    expect(run.memory.visits[0]?.notBefore).toBeNull();
  });

  it('asks at once whether dispatching is still paused', () => {
    const { run } = begin((it) => void (it.paused = true));
    while (run.turn());
    retry(run);
    expect(run.memory.paused?.nextTry).toBe(run.dispatch.at());
  });

  it('decides anew what a status does, but not what is written', () => {
    const { run } = settled();
    const plan = { update: null, note: null };
    const effect = { seq: 1, updateDone: false, plan };
    run.memory.effects = [effect, { ...effect, updateDone: true }] as unknown as typeof run.memory.effects;
    retry(run);
    expect(run.memory.effects.map((it) => it.plan)).toEqual([null, plan]);
  });

  it('lets a link stand that nobody knows: a ticket without a visit is let be', () => {
    const { run, world } = settled(({ ticket }) => void (ticket.link = '777'));
    expect(waiting(run)).toEqual([LINK_QUESTION]);
    retry(run, 'ann');
    run.settle();
    expect(run.memory.skipped).toBe(
      'The ticket names a work order that Deskbridge does not know, and a person let that stand.',
    );
    expect([world.orders, run.memory.link]).toEqual([[], run.memory.newLink]);
  });
});

describe('a cancel', () => {
  const cancel = (run: Run, hint: { reason?: string; by?: string } = { reason: 'no need' }): void => {
    receiveCancel(run.dispatch, hint);
    heed(run.dispatch);
  };

  it.each<[{ reason?: string; by?: string }, string]>([
    [{ reason: 'no need', by: 'ann' }, 'no need (ann)'],
    [{ reason: 'no need' }, 'no need'],
    [{}, 'Cancelled by a person'],
  ])('is noted with who said it and why: %j', (hint, words) => {
    const { run } = settled();
    cancel(run, hint);
    expect(lastOf(run)).toEqual(['Cancel', words]);
    expect(run.memory.visits[0]?.cancel).toEqual({
      ...{ reason: hint.reason ?? 'Cancelled by a person', byTicket: false, onlyUnassigned: false },
    });
  });

  it('ends whatever waits', () => {
    const { run } = settled();
    const steps = [
      'ticket',
      'plan',
      'approval',
      'ownership',
      'find',
      'create',
      'link',
      'publish',
      'cancel',
      'update',
      'merge',
    ];
    for (const step of [...steps, DECISION, 'change-approval', LINK_QUESTION, 'visit', 'visit-late']) waits(run, step);
    waits(run, 'note 1');
    cancel(run);
    expect(waiting(run)).toEqual(['note 1']);
  });

  it('ends the wait for what a closed ticket means', () => {
    const { run, world } = settled();
    world.change({ status: RESOLVED });
    askForLook(run.dispatch, null);
    run.turn();
    expect(run.memory.loss).not.toBeNull();
    cancel(run);
    expect(run.memory.loss).toBeNull();
  });

  it('takes a visit that waits for a yes out of the waiting', () => {
    const { run, world } = settled(({ ticket }) => void (ticket.pay = 150));
    cancel(run);
    run.settle();
    expect([run.memory.visits[0]?.approval, waiting(run), world.orders]).toEqual([null, [], []]);
  });

  it('of a ticket that matches no rule finds nothing to cancel', () => {
    const { run } = settled(({ ticket }) => void (ticket.status = PENDING));
    cancel(run);
    expect(lastOf(run)).toEqual(['Cancel without effect', 'There is nothing left to cancel']);
  });

  it('said twice finds nothing to cancel the second time', () => {
    const { run, world } = settled();
    cancel(run);
    run.settle();
    for (const event of world.events.splice(0)) receive(run.dispatch, event);
    run.settle();
    cancel(run);
    expect(lastOf(run)).toEqual(['Cancel without effect', 'There is nothing left to cancel']);
    expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('of approved work says why nothing comes of it', () => {
    const life = settled();
    become(life, 'assigned', 'work-done', 'approved');
    cancel(life.run);
    expect(lastOf(life.run)).toEqual(['Cancel without effect', 'The work is approved in Field Nation already']);
    expect(life.run.memory.visits[0]?.cancel).toBeNull();
  });

  it('of work that is done is tried, and says that it is done', () => {
    const life = settled();
    become(life, 'assigned', 'work-done');
    cancel(life.run);
    expect(lastOf(life.run)).toEqual(['Cancel', 'The work is done already']);
    expect(life.run.memory.visits[0]?.cancel).not.toBeNull();
  });

  it('of a ticket whose link nobody knows lets it be', () => {
    const { run, world } = settled(({ ticket }) => void (ticket.link = '777'));
    cancel(run, { reason: 'no need', by: 'ann' });
    expect([run.memory.skipped, waiting(run)]).toEqual(['no need (ann)', []]);
    run.settle();
    expect(world.orders).toEqual([]);
  });

  it('given again ends a visit whose order Field Nation does not show', () => {
    const { run, world } = settled();
    world.orders = [];
    cancel(run);
    run.settle();
    expect(viewOf(run.dispatch).attention).toEqual({
      reason: 'not-found',
      detail: 'Field Nation does not show work order 901, so nobody knows whether it is cancelled',
      remedy:
        'Look in Field Nation whether somebody will come. When the work order is gone, run `deskbridge cancel 4711 --reason …` again; when the API user lacks the right to see it, give it and retry.',
    });
    expect(run.memory.blocked[0]?.summary).toBe('Cancelling: Field Nation does not show the work order');
    cancel(run, { reason: 'it is gone' });
    expect(run.memory.timeline).toContainEqual(
      expect.objectContaining({ what: 'Cancelled by a person’s word', detail: 'it is gone' }),
    );
    run.settle();
    expect([run.memory.visits[0]?.stage, waiting(run)]).toEqual(['ended', []]);
  });

  it('before anything is known asks Field Nation, and cancels what it has', () => {
    const { run, world } = begin(({ orders }) =>
      orders.push({
        id: 900,
        visit: 1,
        status: 'published',
        at: '2027-01-27T08:00:00.000Z',
        payload: {},
        published: 0,
      }),
    );
    waits(run, 'ticket');
    waits(run, 'ownership');
    cancel(run);
    expect([lastOf(run), waiting(run)]).toEqual([['Cancel', 'no need'], []]);
    expect(viewOf(run.dispatch).waitingFor).toBe('Field Nation: whether it has a work order of this ticket');
    run.settle();
    expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
    expect(run.memory.timeline).toContainEqual(
      expect.objectContaining({ what: 'Cancelled in Field Nation', detail: 'no need' }),
    );
  });

  it('before anything is known finds an order that the search does not show yet', () => {
    const { run, world } = begin((it) =>
      it.orders.push({
        id: 900,
        visit: 1,
        status: 'published',
        at: it.time(),
        payload: {},
        published: 0,
        madeAt: it.now,
      }),
    );
    cancel(run);
    run.settle();
    expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('is sent as ever where only a change found no order', () => {
    const { run } = settled();
    waits(run, 'update', 'not-found');
    cancel(run);
    expect(lastOf(run)).toEqual(['Cancel', 'no need']);
  });

  it('before anything is known, where there is no order, ends the visit that would have been', () => {
    const { run, world } = begin();
    cancel(run);
    run.settle();
    expect([world.orders, run.memory.visits.map(({ stage }) => stage)]).toEqual([[], ['ended']]);
    expect(viewOf(run.dispatch).state).toBe('cancelled');
  });
});
