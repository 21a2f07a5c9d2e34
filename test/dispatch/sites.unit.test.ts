/** Child tickets of one parent: what the parent's run makes of their news, and what a child tells. */
import fc from 'fast-check';
import type { SiteNews, SitesMemory } from '../../src/contract/sites';
import { areAllOver, emptySites, progressOf, sitesOf, takeNews, ticketsToAsk } from '../../src/domain/sites/sites';
import { sitesDetails, summaryNote } from '../../src/domain/sites/words';
import { sitesMemo } from '../../src/domain/sites/sites';
import { hasNoteMarker } from '../../src/domain/conversation/markers';
import { Run, World } from '../simulation/core-world';

const news = (ticketId: number, standing: SiteNews['standing'], minute = 0, visit = 1): SiteNews => ({
  ...{ ticketId, visit, standing, workOrderId: 900 + ticketId },
  at: `2027-03-01T09:${String(minute).padStart(2, '0')}:00.000Z`,
});

const having = (children: number[], ...told: SiteNews[]): SitesMemory => {
  const memory = { ...emptySites(), children };
  for (const one of told) takeNews(memory, one);
  return memory;
};

describe('the sites of a parent', () => {
  test('are counted by what Freshdesk lists, whether they have told of themselves or not', () => {
    const memory = having([1, 2, 3, 4], news(1, 'done'), news(2, 'cancelled'), news(3, 'open'), news(99, 'done'));
    expect(progressOf(memory)).toBe('1 of 4 done, 1 cancelled');
    expect(sitesOf(memory).map(({ standing }) => standing)).toEqual(['done', 'cancelled', 'open', 'waiting']);
    expect(areAllOver(memory)).toBe(false);
  });

  test('that have no visit are asked about only when no other is under way', () => {
    expect(ticketsToAsk(having([1, 2], news(1, 'open')))).toEqual([]);
    const memory = having([1, 2], news(1, 'done'));
    expect(ticketsToAsk(memory)).toEqual([2]);
    memory.closed.push(2);
    expect(areAllOver(memory)).toBe(true);
    expect(progressOf(memory)).toBe('1 of 2 done, 1 closed without a visit');
  });

  test('are open again when one is', () => {
    const memory = having([1], news(1, 'done', 1), news(1, 'open', 2));
    expect(areAllOver(memory)).toBe(false);
    expect(areAllOver(having([1], news(1, 'done', 5, 1), news(1, 'open', 1, 2)))).toBe(false);
  });

  test('come out the same in whatever order, and however often, the news comes', () => {
    const lives = fc.array(
      fc.record({ id: fc.integer({ min: 1, max: 3 }), minute: fc.integer({ min: 0, max: 30 }), done: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (life, picks) => {
        const unique = [...new Map(life.map((it) => [`${it.id} ${it.minute}`, it])).values()];
        const told = unique.map(({ id, minute, done }) => news(id, done ? 'done' : 'open', minute));
        const keyed = [...told, ...told].map((it) => ({ it, at: picks.next().value ?? 0 }));
        const mixed = keyed.sort((a, b) => a.at - b.at).map(({ it }) => it);
        expect(sitesOf(having([1, 2, 3], ...mixed))).toEqual(sitesOf(having([1, 2, 3], ...told.sort(byTime))));
      }),
    );
  });

  test('ignore a signal that somebody typed wrongly', () => {
    expect(having([], null as unknown as SiteNews, {} as SiteNews).news).toEqual({});
  });

  test('have a note that names tickets and orders, ends with our marker and is no message for Field Nation', () => {
    const { marker, body } = summaryNote('acme', 7, having([1, 2], news(1, 'done'), news(2, 'cancelled')));
    expect(body).toContain('All sites are over: 1 of 2 done, 1 cancelled.');
    expect(body).toContain('<li>Ticket 1, work order 901: done</li>');
    expect(hasNoteMarker(`All sites\nDeskbridge ${marker}`, 'acme', 7)).toBe(true);
  });

  test('show in the Temporal UI, with why the ticket could not be written', () => {
    const memory = { ...having([1], news(1, 'done')), problem: 'cf_sites does not exist. Add it.' };
    expect(sitesDetails(sitesMemo(memory))).toMatch(/^\*\*1 of 1 done\*\*[^]*Not written:\*\* cf.sites does not exist/);
  });
});

const byTime = (a: SiteNews, b: SiteNews): number => (a.at < b.at ? -1 : 1);

/** Steps until nothing is to be done now; the events of Field Nation arrive in between. */
function settle(run: Run, endOf: () => 'answered' | 'lost' = () => 'answered'): string[] {
  const kinds: string[] = [];
  for (let idle = 0; idle < 2;) {
    const step = run.turn(endOf);
    if (step) kinds.push(step.kind);
    for (const event of run.world.events.splice(0)) run.memory.inbox.push(event);
    idle = step ? 0 : idle + 1;
  }
  return kinds;
}

const childOf = (parentId: number | null): Run => {
  const world = new World();
  world.parentId = parentId;
  const run = new Run(world);
  run.dispatch.memory.look.wanted = true;
  return run;
};
const standings = ({ world }: Run): string[] => world.toldParent.map(({ news: { standing } }) => standing);

describe('a child ticket', () => {
  test('tells its parent once that its order is there, and once that its work is done', () => {
    const run = childOf(70);
    settle(run);
    const [order] = run.world.orders;
    expect(run.world.toldParent).toMatchObject([
      { parentId: 70, news: { ticketId: 4711, visit: 1, standing: 'open', workOrderId: order?.id } },
    ]);
    for (const status of ['assigned', 'checked-in', 'work-done', 'approved'] as const) {
      run.world.become(order!, status);
      settle(run);
    }
    expect(standings(run)).toEqual(['open', 'done']);
  });

  test('tells of a cancelled visit, and of one that lives again', () => {
    const run = childOf(70);
    settle(run);
    run.world.become(run.world.orders[0]!, 'cancelled');
    settle(run);
    expect(standings(run)).toEqual(['open', 'cancelled']);
  });

  test('tells no parent twice over a new run, and a new parent all', () => {
    const run = childOf(70);
    settle(run);
    run.continueAsNew();
    run.memory.look.wanted = true;
    settle(run);
    expect(run.world.toldParent).toHaveLength(1);
    run.world.parentId = 71;
    run.memory.look.wanted = true;
    settle(run);
    expect(run.world.toldParent.map(({ parentId }) => parentId)).toEqual([70, 71]);
  });

  test('still tells how its visit ends when it was deleted', () => {
    const run = childOf(70);
    settle(run);
    run.world.change({ gone: true });
    run.world.parentId = null;
    run.memory.look.wanted = true;
    settle(run);
    run.world.become(run.world.orders[0]!, 'cancelled');
    settle(run);
    expect(standings(run)).toEqual(['open', 'cancelled']);
  });

  test('without a parent makes no call and remembers nothing', () => {
    const run = childOf(null);
    expect(settle(run)).not.toContain('tell-parent');
    expect(run.memory).not.toHaveProperty('parent');
  });
});
