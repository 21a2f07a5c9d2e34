/**
 * The sites of a parent ticket: which of its child tickets are over. Promise: pure; the same news, in any order and however
 * often it comes, makes the same sites.
 */
import type { Site, SiteNews, SitesMemo, SitesMemory } from '../../contract/sites';

export const emptySites = (): SitesMemory => ({
  ...{ schema: 1, news: {}, children: null, closed: [], summaryAt: null, problem: null },
});

/** Takes in what a child tells, unless something newer is known of it. */
export function takeNews({ news }: SitesMemory, told: SiteNews): void {
  // Typed by hand a signal may hold anything.
  if (typeof told?.ticketId !== 'number' || typeof told.visit !== 'number') return;
  const known = news[told.ticketId];
  const isOlder = known && (told.visit < known.visit || (told.visit === known.visit && told.at < known.at));
  if (!isOlder) news[told.ticketId] = told;
}

/** Freshdesk says which tickets are children; until it was asked, those that have told of themselves. */
const childrenOf = ({ children, news }: SitesMemory): number[] => children ?? Object.keys(news).map(Number);

export const sitesOf = (memory: SitesMemory): Site[] =>
  childrenOf(memory).map((ticketId) => {
    const told = memory.news[ticketId];
    const unvisited = memory.closed.includes(ticketId) ? 'closed' : 'waiting';
    return { ticketId, standing: told?.standing ?? unvisited, workOrderId: told?.workOrderId ?? null };
  });

/** The child tickets that nobody has told of: whether they are over is asked only when all others are. */
export function ticketsToAsk(memory: SitesMemory): number[] {
  const sites = sitesOf(memory);
  const isOpen = sites.some(({ standing }) => standing === 'open');
  return isOpen ? [] : sites.flatMap(({ ticketId, standing }) => (standing === 'waiting' ? [ticketId] : []));
}

export const areAllOver = (memory: SitesMemory): boolean =>
  sitesOf(memory).every(({ standing }) => standing !== 'open' && standing !== 'waiting');

const count = (memory: SitesMemory, wanted: Site['standing']): number =>
  sitesOf(memory).filter(({ standing }) => standing === wanted).length;

/** `12 of 40 done`, with what ended otherwise. */
export function progressOf(memory: SitesMemory): string {
  const [cancelled, closed] = [count(memory, 'cancelled'), count(memory, 'closed')];
  return [
    `${count(memory, 'done')} of ${childrenOf(memory).length} done`,
    ...(cancelled === 0 ? [] : [`${cancelled} cancelled`]),
    ...(closed === 0 ? [] : [`${closed} closed without a visit`]),
  ].join(', ');
}

export const MOST_LISTED = 100;

export const sitesMemo = (memory: SitesMemory): SitesMemo => ({
  progress: progressOf(memory),
  sites: sitesOf(memory).slice(0, MOST_LISTED),
  summaryAt: memory.summaryAt,
  problem: memory.problem,
});
