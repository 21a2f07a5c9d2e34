/** Tickets that matched before, without a server: what is searched for, and which of the found ones count. */
import type { Baseline, FoundMatching, Watched } from '../../src/contract/dispatching';
import {
  isTaken,
  joinedWatched,
  MOST,
  nameTriggers,
  NO_BASELINE,
  onFound,
  searchAgain,
  waitsBefore,
} from '../../src/domain/dispatching/baseline';

const T0 = Date.parse('2026-03-01T08:00:00.500Z');
const NONE = { watched: {}, baseline: NO_BASELINE };
const OLD = '2026-02-01T08:00:00Z';
const ticket = (id: number, createdAt = OLD, updatedAt = createdAt) => ({ id, createdAt, updatedAt });
const named = (triggers: string[], before: { watched: Watched; baseline: Baseline } = NONE, now = T0) =>
  nameTriggers(before, { triggers, only: true }, now);

/** Answers every search from `tickets`, as Freshdesk does. */
function searched(baseline: Baseline, tickets: FoundMatching['tickets']): { baseline: Baseline; calls: number } {
  let calls = 0;
  for (let search = baseline.searches[0]; search; search = baseline.searches[0]) {
    const { from, to, page } = search;
    const day = (at: string | null): string => (at ?? '').slice(0, 10);
    const all = tickets.filter(({ createdAt: at }) => (!from || day(at) >= from) && (!to || day(at) <= to));
    const found = { total: all.length, tickets: all.slice((page - 1) * 30, page * 30) };
    baseline = onFound(baseline, search, found);
    calls += 1;
    if (calls > 5000) throw new Error('the search does not end');
  }
  return { baseline, calls };
}

it('a ticket that was created since, or in the same second, never counts', () => {
  const tickets = [ticket(1), ticket(2, '2026-03-01T08:00:00Z'), ticket(3, '2026-03-01T08:00:01Z')];
  expect(searched(named(['tag:on-site']).baseline, tickets).baseline.ids).toEqual([1]);
});

it('what the index shows late counts only where nobody changed it since', () => {
  const { baseline } = named(['tag:on-site']);
  const [first] = baseline.searches;
  const afterFirst = onFound(baseline, first!, { total: 0, tickets: [] });
  expect(isTaken(afterFirst)).toBe(true);
  const tickets = [ticket(1), ticket(2, OLD, '2026-03-01T08:01:00Z')];
  expect(searched(afterFirst, tickets).baseline.ids).toEqual([1]);
});

it('older tickets wait until the first search is through', () => {
  const { baseline } = named(['tag:on-site']);
  expect(waitsBefore(baseline)).toBe('2026-03-01T08:00:00.500Z');
  expect(waitsBefore(searched(baseline, []).baseline)).toBeNull();
});

it('more than a search shows is read by days of creation, each ticket once', () => {
  const tickets = Array.from({ length: 1000 }, (_, i) => {
    const day = new Date(Date.parse('2025-01-01T09:00:00Z') + (i % 300) * 86_400_000).toISOString();
    return ticket(i + 1, day);
  });
  const { baseline, calls } = searched(named(['tag:on-site']).baseline, tickets);
  expect(baseline.ids.sort((a, b) => a - b)).toEqual(tickets.map(({ id }) => id));
  expect(baseline.more).toBe(false);
  expect(calls).toBeLessThan(200);
});

it('more than can be remembered, or read of one day, is said', () => {
  const oneDay = Array.from({ length: 400 }, (_, i) => ticket(i + 1));
  expect(searched(named(['tag:on-site']).baseline, oneDay).baseline).toMatchObject({ more: true });
  const full = { ...named(['tag:on-site']).baseline, ids: Array.from({ length: MOST }, (_, i) => i + 10) };
  expect(searched(full, [ticket(1)]).baseline).toMatchObject({ more: true, searches: [] });
});

it('only a new trigger is searched for, and one that went and comes again is new', () => {
  const first = named(['tag:on-site']);
  const same = named(['tag:on-site'], first, T0 + 1000);
  expect(same).toEqual(first);
  const other = named(['tag:visit'], first, T0 + 1000);
  expect(Object.keys(other.watched)).toEqual(['tag:visit']);
  const again = named(['tag:on-site'], other, T0 + 2000);
  expect(again.watched).toEqual({ 'tag:on-site': '2026-03-01T08:00:02.500Z' });
});

it('a run that comes anew searches with the moments of the one before', () => {
  const watched = { 'tag:on-site': '2026-03-01T08:00:00.500Z' };
  const { searches } = searchAgain(NO_BASELINE, {}, watched, T0 + 9000);
  expect(searches).toMatchObject([{ triggers: ['tag:on-site'], before: watched['tag:on-site'], unchanged: true }]);
  expect(joinedWatched(watched, { 'tag:on-site': '2026-02-01T00:00:00.000Z' })).toEqual(watched);
});
