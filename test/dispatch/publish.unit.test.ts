/** Publishing, holding back and cancelling, and what a dispatch says that it waits for (interface, sections 5 and 8). */
import type { Visit } from '../../src/contract/visit';
import { receiveCancel } from '../../src/domain/dispatch/commands';
import { receive } from '../../src/domain/dispatch/inbox';
import { startVisit } from '../../src/domain/dispatch/empty-memory';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { nextDue } from '../../src/domain/dispatch/times';
import { cancelStep, evolveCancel } from '../../src/domain/dispatch/publish';
import type { Step, StepKind } from '../../src/domain/dispatch/steps';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import { RESOLVED, RULES, Run, World, type End, type WorldOrder } from '../simulation/core-world';
import { begin, settled } from './begun-run';

function become({ world, run }: { world: World; run: Run }, ...statuses: OrderStatus[]): void {
  for (const status of statuses) world.become(world.orders[0] as WorldOrder, status);
  for (const event of world.events.splice(0)) receive(run.dispatch, event);
  run.settle();
}
function wait({ dispatch, world }: Run): void {
  world.now = Math.max(nextDue(dispatch) ?? 0, world.now + 1);
}
/** Steps until such a call is next; it ends so. */
function until(run: Run, kind: StepKind, end: End = 'not made'): Step {
  for (let turns = 0; turns < 50; turns++) {
    const step = run.turn((next) => (next.kind === kind ? end : 'answered'));
    if (step?.kind === kind) return step;
    if (step === null) wait(run);
  }
  throw new Error(`${kind} never came`);
}
const waitsFor = ({ dispatch }: Run): string | null => viewOf(dispatch).waitingFor;
const saysOf = ({ memory }: Run): [string, string | null][] =>
  memory.timeline.map(({ what, detail }) => [what, detail]);

describe('an order', () => {
  it.each([
    ['publish', null, 'published', 'Published'],
    ['route', 55021, 'routed', 'Routed'],
  ] as const)('is brought out once: %s', (afterCreate, routeTo, status, what) => {
    const { run, world } = begin((it) => void (it.rules = { ...RULES, afterCreate, routeTo }));
    expect(until(run, 'publish')).toMatchObject({
      input: { workOrderId: 901, how: afterCreate, routeTo, readFirst: false },
      visit: 1,
    });
    run.settle();
    expect(world.orders).toMatchObject([{ status, published: 1 }]);
    expect(saysOf(run)).toContainEqual([what, 'Work order 901']);
    expect(run.memory.visits[0]?.times.publishedAt).not.toBeNull();
  });

  it('is left as a draft where the config says so, also when it came to say so while publishing waited', () => {
    const { run, world } = begin();
    until(run, 'publish', 'refused');
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'rejected' });
    world.rules = { ...RULES, afterCreate: 'draft' };
    askForLook(run.dispatch, null);
    run.turn();
    run.memory.blocked = [];
    run.settle();
    expect(world.orders).toMatchObject([{ status: 'draft', published: 0 }]);
    expect(saysOf(run)).toContainEqual(['Left as a draft', 'Work order 901']);
    expect(waitsFor(run)).toBe('a person who publishes the draft in Field Nation');
  });

  it('that nobody can be found for waits until the ticket names somebody', () => {
    const routeProblem = { target: 'routeTo', source: null, message: 'empty', value: null, remedy: 'name somebody' };
    const route = { ...RULES, afterCreate: 'route' as const };
    const { run, world } = settled((it) => void (it.rules = { ...route, routeProblem }));
    expect(run.memory.blocked).toMatchObject([
      {
        ...{ step: 'publish', summary: 'The ticket names nobody to route the work order to' },
        attention: { reason: 'mapping', remedy: expect.stringContaining('name somebody') as string },
      },
    ]);
    expect(world.orders).toMatchObject([{ status: 'draft', published: 0 }]);
    world.rules = { ...route, routeTo: 7 };
    world.change({});
    askForLook(run.dispatch, null);
    run.settle();
    expect(world.orders).toMatchObject([{ status: 'routed', published: 1 }]);
  });

  it('whose publish was not answered is read before it is published again', () => {
    const { run, world } = begin();
    until(run, 'publish', 'lost');
    world.now += 60_000;
    expect(until(run, 'publish')).toMatchObject({ input: { readFirst: true } });
    run.settle();
    expect(world.orders).toMatchObject([{ status: 'published', published: 1 }]);
  });

  it('whose publish was surely not carried out is not read first', () => {
    const { run, world } = begin();
    until(run, 'publish', 'unavailable');
    world.now += 60_000;
    expect(until(run, 'publish')).toMatchObject({ input: { readFirst: false } });
  });

  it('that stays a draft after its publish is tried later and later, then shown to a person', () => {
    const { run, world } = begin();
    const answer = world.answer.bind(world);
    world.answer = (step) => {
      const said = answer(step);
      return step.kind === 'publish' ? { ...(said as object), status: 'draft', told: undefined } : said;
    };
    const at: number[] = [];
    while (run.memory.blocked.length === 0) {
      until(run, 'publish', 'answered');
      at.push(world.now);
      world.now = Math.max(world.now, Date.parse(run.memory.visits[0]?.notBefore ?? run.dispatch.at()));
    }
    const waits = at.slice(1).map((moment, index) => moment - (at[index] ?? 0));
    expect(at).toHaveLength(run.dispatch.policy.publishTries);
    const { first, most } = run.dispatch.policy.backoff;
    expect(waits).toEqual(waits.map((_, index) => Math.min(first * 2 ** (index + 1), most)));
    expect(run.memory.visits[0]?.publishUnsure).toBe(true);
    expect(viewOf(run.dispatch).attention).toEqual({
      reason: 'ambiguous',
      detail: 'Field Nation accepted the publish of work order 901, but the work order is still a draft',
      remedy: 'Look at the work order in Field Nation: publish it there, or retry.',
    });
    expect(run.memory.blocked[0]?.summary).toBe('Published, but still a draft in Field Nation');
  });

  it('that went on before its publish was answered is followed', () => {
    const { run, world } = begin();
    until(run, 'publish');
    Object.assign(world.orders[0] as WorldOrder, { status: 'assigned', at: world.time() });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderStatus: 'assigned' });
    expect(world.orders).toMatchObject([{ status: 'assigned', published: 0 }]);
  });

  it('is linked before it is published, and linking is tried again', () => {
    const { run, world } = begin();
    until(run, 'link', 'refused');
    run.turn();
    expect(world.orders).toMatchObject([{ status: 'draft' }]);
    run.memory.blocked = [];
    run.settle();
    expect(saysOf(run)).toContainEqual(['Linked', 'Ticket 4711 names work order 901']);
    expect([world.ticket.link, world.orders[0]?.status]).toEqual(['901', 'published']);
  });
});

describe('a pause', () => {
  it('holds back, says why once, and asks again from time to time', () => {
    const { run, world } = begin((it) => void (it.paused = true));
    const asked: number[] = [];
    for (let turns = 0; turns < 200 && asked.length < 3; turns++) {
      const step = run.turn();
      if (step?.kind === 'create') asked.push(world.now);
      if (step === null) wait(run);
    }
    const { pausedRetry } = run.dispatch.policy;
    expect(asked.slice(1).map((at, index) => at - (asked[index] ?? 0))).toEqual([pausedRetry, pausedRetry]);
    expect(saysOf(run).filter(([what]) => what === 'Dispatching is paused')).toEqual([
      ['Dispatching is paused', 'rates'],
    ]);
    expect(run.memory.paused).toMatchObject({ reason: 'rates', since: new Date(asked[0] ?? 0).toISOString() });
    expect([run.memory.visits[0]?.stage, waitsFor(run)]).toEqual(['create', 'dispatching is paused: rates']);
    world.paused = false;
    run.settle();
    expect([run.memory.paused, world.orders.length]).toEqual([null, 1]);
  });
});

describe('a cancel', () => {
  it.each<[OrderStatus[], OrderStatus]>([
    [[], 'cancelled'],
    [['assigned'], 'cancelled'],
    [['assigned', 'work-done'], 'cancelled'],
  ])('after %j ends the order, once Field Nation says so', (before, after) => {
    const life = settled();
    become(life, ...before);
    receiveCancel(life.run.dispatch, { reason: 'no need' });
    expect(until(life.run, 'cancel')).toMatchObject({
      input: { workOrderId: 901, reason: 'no need', onlyUnassigned: false },
    });
    expect(waitsFor(life.run)).toBe('Field Nation: the work order is cancelled');
    life.run.settle();
    expect([life.world.orders[0]?.status, viewOf(life.run.dispatch).state]).toEqual([after, 'cancelled']);
    expect(saysOf(life.run)).toContainEqual(['Cancelled in Field Nation', 'no need']);
    expect(waitsFor(life.run)).toBeNull();
  });

  it('that Field Nation refuses waits for a person', () => {
    const { run, world } = settled();
    receiveCancel(run.dispatch, { reason: 'no need' });
    until(run, 'cancel', 'refused');
    expect(viewOf(run.dispatch)).toMatchObject({ attention: { reason: 'rejected' }, waitingFor: 'a person' });
    run.memory.blocked = [];
    run.settle();
    expect(world.orders[0]?.status).toBe('cancelled');
  });

  it('for a closed ticket leaves an order alone that was assigned meanwhile, and asks', () => {
    const { run, world } = settled();
    world.change({ status: RESOLVED });
    askForLook(run.dispatch, null);
    const step = until(run, 'cancel');
    expect(step).toMatchObject({ input: { onlyUnassigned: true } });
    Object.assign(world.orders[0] as WorldOrder, { status: 'assigned', at: world.time() });
    run.settle();
    expect([world.orders[0]?.status, viewOf(run.dispatch).attention?.reason]).toEqual(['assigned', 'decision']);
  });

  it('before the create ends the visit without one', () => {
    const { run, world } = begin();
    until(run, 'create');
    receiveCancel(run.dispatch, { reason: 'no need' });
    run.settle();
    expect([world.orders, run.memory.visits[0]?.stage]).toEqual([[], 'ended']);
    expect(saysOf(run)).toContainEqual(['Visit 1 cancelled', 'no need']);
  });
});

describe('a call that fails waits under its name, and leaves nothing behind once it succeeds', () => {
  it.each<[StepKind, string]>([
    ['fetch-ticket', 'ticket'],
    ['read-link', 'ownership'],
    ['find-own', 'ownership'],
    ['create', 'create'],
    ['link', 'link'],
    ['publish', 'publish'],
    ['cancel', 'cancel'],
  ])('%s', (kind, name) => {
    const { run, world } = begin(
      ({ ticket }) => void (ticket.link = kind.startsWith('read') || kind === 'find-own' ? '777' : null),
    );
    if (kind === 'cancel') {
      run.settle();
      receiveCancel(run.dispatch, { reason: 'no need' });
    }
    expect(until(run, kind, 'unavailable').name).toBe(name);
    expect(run.memory.failing).toMatchObject([{ step: name, failures: 1 }]);
    world.now = Date.parse(run.memory.failing[0]?.nextTry ?? '');
    until(run, kind, 'answered');
    expect(run.memory.failing).toEqual([]);
  });
});

describe('a cancel of an order', () => {
  const visitWith = (run: Run, patch: Partial<Visit>): Visit =>
    Object.assign(startVisit(run.dispatch, 1), {
      ...{ stage: 'open', workOrderId: 901, status: { key: 'published', at: null }, rules: RULES },
      ...{ cancel: { reason: 'closed', byTicket: true, onlyUnassigned: true } },
      ...patch,
    });
  const answered = (patch: Partial<Visit>, status: OrderStatus | null) => {
    const run = new Run(new World());
    const visit = visitWith(run, patch);
    const at = '2027-02-27T09:00:00.000Z';
    evolveCancel(run.dispatch, visit, {
      ...{ kind: 'answered', answer: { workOrderId: 901, status, at, correlationId: null, href: null } },
    });
    return { run, visit };
  };

  it.each<[string, Partial<Visit>, OrderStatus | null, string, string[]]>([
    ['that is cancelled now', {}, 'cancelled', 'ended', []],
    ['of which no status is told', {}, null, 'ended', []],
    ['that was assigned meanwhile', {}, 'assigned', 'open', ['decision']],
    ['that was assigned before the rules were known', { rules: null }, 'assigned', 'open', ['decision']],
    ['whose work was done meanwhile', {}, 'work-done', 'open', []],
  ])('%s', (_, patch, status, stage, blocked) => {
    const { run, visit } = answered(patch, status);
    expect([visit.stage, visit.cancel, run.memory.blocked.map(({ step }) => step)]).toEqual([stage, null, blocked]);
  });

  it('that a person asked for is believed whatever the order was', () => {
    const cancel = { reason: 'no need', byTicket: false, onlyUnassigned: false };
    expect(answered({ cancel }, 'assigned').visit.stage).toBe('ended');
  });

  it('that may exist looks for it first, and ends where nothing was tried', () => {
    const run = new Run(new World());
    const tried = visitWith(run, { stage: 'create', workOrderId: null, status: null, tried: true });
    expect(cancelStep(run.dispatch, tried)).toBeNull();
    expect([tried.stage, tried.unsureSince]).toEqual(['unsure', run.dispatch.at()]);
    const untried = visitWith(run, { stage: 'create', workOrderId: null, status: null });
    expect(cancelStep(run.dispatch, untried)).toBeNull();
    expect(untried.stage).toBe('ended');
  });

  it('that nobody wants is not sent', () => {
    const run = new Run(new World());
    expect(cancelStep(run.dispatch, visitWith(run, { cancel: null }))).toBeNull();
  });
});

test('a publish that a look put off is counted', () => {
  const { run } = begin();
  until(run, 'publish');
  expect(run.memory.visits[0]?.publishPutOff).toBe(1);
});

test('a publish whose answer tells no status counts as published', () => {
  const { run, world } = begin();
  const answer = world.answer.bind(world);
  world.answer = (step) => {
    const said = answer(step) as object;
    return step.kind === 'publish' ? { ...said, status: null, told: undefined } : said;
  };
  run.settle();
  expect(run.memory.visits[0]).toMatchObject({ stage: 'open', status: { key: 'published' } });
});

describe('what is waited for', () => {
  it.each<[StepKind, string]>([
    ['fetch-ticket', 'Freshdesk: the ticket is read'],
    ['create', 'Field Nation: the work order is created'],
    ['link', 'Freshdesk: the work order is linked to the ticket'],
    ['publish', 'Field Nation: the work order is published'],
  ])('before %s', (kind, words) => {
    const { run } = begin();
    until(run, kind);
    expect(waitsFor(run)).toBe(words);
  });

  it.each<[OrderStatus[], string | null]>([
    [[], 'a technician in Field Nation'],
    [['assigned'], 'the technician to check in'],
    [['confirmed'], 'the technician to check in'],
    [['on-my-way'], 'the technician to check in'],
    [['at-risk'], 'the technician to check in'],
    [['delayed'], 'the technician to check in'],
    [['assigned', 'checked-in'], 'the technician to finish the work'],
    [['assigned', 'checked-out'], 'the technician to finish the work'],
    [['assigned', 'work-done'], 'the approval in Field Nation'],
    [['assigned', 'work-done', 'approved'], 'the payment in Field Nation'],
    [['assigned', 'work-done', 'approved', 'paid'], null],
    [['postponed'], 'Field Nation: the work order is postponed'],
  ])('after %j', (statuses, words) => {
    const life = settled();
    become(life, ...statuses);
    expect(waitsFor(life.run)).toBe(words);
  });

  it('names a call that fails, since when, and its next try', () => {
    const { run } = begin();
    run.turn(() => 'unavailable');
    expect(waitsFor(run)).toMatch(
      /^Freshdesk: reading the ticket\. It has failed since 2027-02-27 09:00(:\d\d)? UTC; next try 2027-02-27 09:00(:\d\d)? UTC\. refused$/,
    );
  });

  it('names the moment of the next look for an unanswered create', () => {
    const { run } = begin();
    until(run, 'create', 'lost');
    expect(waitsFor(run)).toMatch(
      /^Field Nation: whether the unanswered create was carried out; next look 2027-02-27 09:00/,
    );
  });

  it('is a person, and says when Deskbridge also tries by itself', () => {
    const { run } = begin();
    run.turn();
    run.memory.blocked = [
      {
        ...{ step: 'plan', summary: 'x', since: run.dispatch.at(), probes: 0, nextTry: '2027-02-27T10:00:00.000Z' },
        attention: { reason: 'unauthorized', detail: 'x', remedy: 'y' },
      },
    ];
    expect(waitsFor(run)).toMatch(/^a person\. Deskbridge also retries by itself at 2027-02-27 10:00/);
  });
});
