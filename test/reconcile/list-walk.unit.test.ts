/** The walk through Freshdesk's list of changed tickets: nothing is left out, and every sweep gets further. */
import fc from 'fast-check';
import type { ListMark } from '../../src/contract/reconcile';
import { ListWalk } from '../../src/domain/sweep/list-walk';

const BEGIN = Date.UTC(2026, 0, 1, 9);
const PAGE = 3;
const at = (second: number): string => new Date(BEGIN + second * 1000).toISOString();

interface Account {
  /** In which second each ticket changed. */
  tickets: { id: number; second: number }[];
  /** Whether `updated_since` shows its own second. */
  inclusive: boolean;
}

/** As Freshdesk answers: oldest change first, page by page. */
function list({ tickets, inclusive }: Account, { since, page }: { since: string; page: number }) {
  const shown = tickets
    .filter(({ second }) => (inclusive ? at(second) >= since : at(second) > since))
    .sort((a, b) => a.second - b.second || a.id - b.id);
  return { items: shown.slice((page - 1) * PAGE, page * PAGE), hasMore: shown.length > page * PAGE };
}

/** One sweep that may read so many pages; gives its mark and how many it read. `between`: what happens after each page. */
function sweep(
  account: Account,
  mark: ListMark,
  most: number,
  seen: Set<number>,
  between: () => void = () => undefined,
): { mark: ListMark; pages: number } {
  const walk = new ListWalk(mark, at(0), 0);
  for (let pages = 1; pages <= most; pages++) {
    const { items, hasMore } = list(account, walk.next);
    for (const { id } of items) seen.add(id);
    const last = items.at(-1);
    const lastAt = last && at(last.second);
    between();
    if (!walk.take(lastAt, hasMore)) return { mark: walk.finished(0), pages };
  }
  return { mark: walk.stopped(), pages: most };
}

test('every ticket is seen, however many change at once and however little a sweep may read', () => {
  const seconds = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(seconds, seconds, fc.integer({ min: 1, max: 5 }), fc.boolean(), (first, later, most, inclusive) => {
      const account: Account = { tickets: first.map((second, id) => ({ id, second })), inclusive };
      const seen = new Set<number>();
      let mark: ListMark = { since: at(0), page: 1 };
      const run = (): void => {
        for (let sweeps = 0; sweeps < 500; sweeps++) {
          ({ mark } = sweep(account, mark, most, seen));
          if (!mark.midway) return;
        }
        throw new Error('the sweeps get no further');
      };
      run();
      account.tickets.push(...later.map((second, i) => ({ id: 1000 + i, second: second + 400 })));
      run();
      expect(seen.size).toBe(account.tickets.length);
    }),
  );
});

test('what moves up while the tickets of one second are read page by page is seen all the same', () => {
  const count = fc.integer({ min: 4, max: 30 });
  const moves = fc.array(fc.nat(29), { maxLength: 60 });
  fc.assert(
    fc.property(count, moves, fc.integer({ min: 1, max: 4 }), fc.boolean(), (tickets, moved, most, inclusive) => {
      const account: Account = { tickets: Array.from({ length: tickets }, (_, id) => ({ id, second: 1 })), inclusive };
      const left = [...moved];
      let second = 100;
      const moveOne = (): void => {
        const ticket = account.tickets[left.shift() ?? -1];
        if (ticket) ticket.second = second += 2;
      };
      const seen = new Set<number>();
      let mark: ListMark = { since: at(0), page: 1 };
      // What moves behind the end of a walk is met by the next one.
      for (let walks = 0, sweeps = 0; walks < 2; sweeps++) {
        if (sweeps > 500) throw new Error('the sweeps get no further');
        ({ mark } = sweep(account, mark, most, seen, moveOne));
        if (!mark.midway) walks += 1;
      }
      expect(seen.size).toBe(tickets);
    }),
  );
});

test('more changes within the overlap than a sweep may read do not hold it up for ever', () => {
  const tickets = Array.from({ length: 120 }, (_, id) => ({ id, second: 1 + id }));
  const seen = new Set<number>();
  let mark: ListMark = { since: at(0), page: 1 };
  for (let sweeps = 0; sweeps < 40 && seen.size < 120; sweeps++)
    ({ mark } = sweep({ tickets, inclusive: true }, mark, 5, seen));
  expect(seen.size).toBe(120);
});

test('a second with more tickets than Freshdesk shows is left behind', () => {
  const tickets = Array.from({ length: PAGE * 300 + 5 }, (_, id) => ({ id, second: 1 }));
  tickets.push({ id: 9999, second: 9 });
  const seen = new Set<number>();
  const account = { tickets, inclusive: true };
  const { mark } = sweep(account, { since: at(0), page: 1 }, 700, seen);
  expect(mark).toEqual({ since: at(9), page: 1 });
  expect(seen).toContain(9999);
});

test('what changed before Deskbridge was there is never asked for, later changes of it are', () => {
  expect(new ListWalk({ since: at(0), page: 1 }, at(0), 0).next.since).toBe(at(0));
  expect(new ListWalk({ since: at(60), page: 1 }, at(0), 0).next.since).toBe(at(0));
  expect(new ListWalk({ since: at(900), page: 1 }, at(0), 0).next.since).toBe(at(600));
});

test('what showed late is met by the next walk, however long this one took, and over how many sweeps', () => {
  const walk = new ListWalk({ since: at(0), page: 1 }, at(0), BEGIN);
  walk.take(at(2), true);
  const rest = new ListWalk(walk.stopped(), at(0), BEGIN + 500_000);
  // Ten minutes after the beginning: our own writes have moved on what was listed.
  rest.take(at(600), false);
  expect(new ListWalk(rest.finished(BEGIN + 600_000), at(0), 0).next.since).toBe(at(0));
  expect(rest.finished(BEGIN + 1000).since).toBe(at(599));
});
