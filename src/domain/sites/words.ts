/** The sites of a parent ticket in words: the note on it, what the Temporal UI shows, lists. Promise: numbers only, no names. */
import type { Site, SitesMemo, SitesMemory } from '../../contract/sites';
import { correlationId } from '../correlation';
import { markdownText } from '../markdown';
import { MOST_LISTED, progressOf, sitesOf } from './sites';

export const STANDING_WORDS: Record<Site['standing'], string> = {
  open: 'under way',
  done: 'done',
  cancelled: 'cancelled',
  closed: 'closed without a visit',
  waiting: 'no visit yet',
};

const orderWords = ({ workOrderId }: Site): string => (workOrderId === null ? '' : `, work order ${workOrderId}`);

/** `Ticket 4712, work order 88: done`. */
export const siteLine = (site: Site): string =>
  `Ticket ${site.ticketId}${orderWords(site)}: ${STANDING_WORDS[site.standing]}`;

/** The one note on the parent. Its marker has the form of all our notes, so no conversation carries it to Field Nation. */
export function summaryNote(account: string, ticketId: number, memory: SitesMemory): { marker: string; body: string } {
  const marker = `${correlationId(account, ticketId, 1)} sites`;
  const sites = sitesOf(memory);
  const lines = sites.slice(0, MOST_LISTED).map((site) => `<li>${siteLine(site)}</li>`);
  const more = sites.length > MOST_LISTED ? `<p>And ${sites.length - MOST_LISTED} more.</p>` : '';
  const html = `<p><b>All sites are over: ${progressOf(memory)}.</b></p><ul>${lines.join('')}</ul>${more}`;
  return { marker, body: `<div>${html}</div><div><small>Deskbridge ${marker}</small></div>` };
}

/** Shown in the Temporal UI as the run's current details. */
export function sitesDetails({ progress, sites, summaryAt, problem }: SitesMemo): string {
  const lines = [`**${progress}**`, ''];
  if (problem !== null) lines.push(`* **Not written:** ${markdownText(problem)}`);
  lines.push(summaryAt === null ? '* The summary follows when all are over' : `* Summary written at ${summaryAt}`);
  return [...lines, ...sites.map((site) => `* ${siteLine(site)}`)].join('\n');
}
