/**
 * Tickets that matched before the account could dispatch, or before the config named their trigger. Promise: a ticket that
 * was created since is never among them; at most {@link MOST} are remembered. Source: interface, section 3.
 */
import type { Baseline, BaselineSearch, FoundMatching, Watched } from '../../contract/dispatching';

export const NO_BASELINE: Baseline = { searches: [], ids: [], more: false };

/** So many tickets are remembered; an id takes about 9 bytes of the run's memory. */
export const MOST = 20_000;
/** Freshdesk's search index lags by minutes: what it did not show at once is looked for once more, in ms. */
const LAG_MS = 5 * 60_000;
/** Triggers in one query, so that it stays under Freshdesk's 512 characters. */
const TRIGGERS_A_QUERY = 8;
/** Freshdesk's search shows so many tickets a page, and no more pages. */
const PAGE = 30;
const PAGES = 10;
/** Before the first ticket of any account. */
const FIRST_DAY = '2010-01-01';
const DAY_MS = 86_400_000;

const iso = (at: number): string => new Date(at).toISOString();
const dayOf = (at: string): string => at.slice(0, 10);
const dayAfter = (day: string, days: number): string => dayOf(iso(Date.parse(day) + days * DAY_MS));
/** Freshdesk's times have whole seconds: what was created within the second is new. */
const isBefore = (at: string | null, moment: string): boolean =>
  at !== null && Date.parse(at) < Math.floor(Date.parse(moment) / 1000) * 1000;

/** All first searches are through. */
export const isTaken = ({ searches }: Baseline): boolean => searches.every(({ first }) => !first);

/** Before which moment tickets still wait for the first searches; null: for none. */
export const waitsBefore = ({ searches }: Baseline): string | null =>
  searches
    .filter(({ first }) => first)
    .map(({ before }) => before)
    .sort()
    .at(-1) ?? null;

function searchesFor(
  triggers: readonly string[],
  before: string,
  how: Pick<BaselineSearch, 'first' | 'unchanged' | 'dueAt'>,
) {
  const groups: BaselineSearch[] = [];
  for (let from = 0; from < triggers.length; from += TRIGGERS_A_QUERY) {
    const some = triggers.slice(from, from + TRIGGERS_A_QUERY);
    groups.push({ triggers: some, before, from: null, to: null, page: 1, ...how });
  }
  return groups;
}

/** The first ones first, so that none waits for one that has time. */
const inOrder = (searches: readonly BaselineSearch[]): BaselineSearch[] =>
  [...searches].sort((a, b) => Number(b.first) - Number(a.first) || a.dueAt.localeCompare(b.dueAt));

type Known = { watched: Watched; baseline: Baseline };

/** The config names these triggers; `only`: no others, so that one that comes again later is new. */
export function nameTriggers(
  { watched, baseline }: Known,
  { triggers, only }: { triggers: readonly string[]; only: boolean },
  now: number,
): Known {
  const at = iso(now);
  const fresh = [...new Set(triggers)].filter((trigger) => !(trigger in watched));
  const kept = Object.entries(watched).filter(([trigger]) => !only || triggers.includes(trigger));
  const searches = [
    ...baseline.searches,
    ...searchesFor(fresh, at, { first: true, unchanged: false, dueAt: at }),
    ...searchesFor(fresh, at, { first: false, unchanged: true, dueAt: iso(now + LAG_MS) }),
  ];
  return {
    watched: Object.fromEntries([...kept, ...fresh.map((trigger) => [trigger, at])]) as Watched,
    baseline: { ...baseline, searches: inOrder(searches) },
  };
}

/** Triggers that another copy knows and this run has never searched for: only what has not changed since can be told. */
export function searchAgain(baseline: Baseline, mine: Watched, joined: Watched, now: number): Baseline {
  const lost = Object.entries(joined).filter(([trigger]) => !(trigger in mine));
  if (lost.length === 0) return baseline;
  const searches = lost.flatMap(([trigger, before]) =>
    searchesFor([trigger], before, { first: true, unchanged: true, dueAt: iso(now) }),
  );
  return { ...baseline, searches: inOrder([...baseline.searches, ...searches]) };
}

/** What one page of a search has found. */
export function onFound(baseline: Baseline, search: BaselineSearch, { total, tickets }: FoundMatching): Baseline {
  const others = baseline.searches.filter((other) => other !== search);
  const { before, unchanged, page } = search;
  if (total > PAGE * PAGES && page === 1) {
    const [from, to] = [search.from ?? FIRST_DAY, search.to ?? dayOf(before)];
    const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
    if (days > 0) {
      const middle = dayAfter(from, Math.floor(days / 2));
      const halves = [
        { ...search, from, to: middle },
        { ...search, from: dayAfter(middle, 1), to },
      ];
      return { ...baseline, searches: [...halves, ...others] };
    }
  }
  const found = tickets.filter(
    ({ createdAt, updatedAt }) => isBefore(createdAt, before) && (!unchanged || isBefore(updatedAt, before)),
  );
  const all = [...new Set([...baseline.ids, ...found.map(({ id }) => id)])];
  if (all.length > MOST) return { searches: [], ids: all.slice(0, MOST), more: true };
  const isLast = tickets.length === 0 || page * PAGE >= total || page === PAGES;
  return {
    searches: isLast ? others : [{ ...search, page: page + 1 }, ...others],
    ids: all,
    more: baseline.more || (page === PAGES && total > PAGE * PAGES),
  };
}

/** A search that failed is tried again. */
export const postponed = (baseline: Baseline, search: BaselineSearch, dueAt: number): Baseline => ({
  ...baseline,
  searches: baseline.searches.map((other) => (other === search ? { ...search, dueAt: iso(dueAt) } : other)),
});

export const withoutTicket = (baseline: Baseline, ticketId: number): Baseline => ({
  ...baseline,
  ids: baseline.ids.filter((id) => id !== ticketId),
});

/** Of two copies the later moment holds: more tickets count as old, none is sent unasked. */
export function joinedWatched(a: Watched, b: Watched | undefined): Watched {
  const joined = { ...a };
  for (const [trigger, at] of Object.entries(b ?? {})) {
    const mine = joined[trigger];
    joined[trigger] = mine !== undefined && mine > at ? mine : at;
  }
  return joined;
}
