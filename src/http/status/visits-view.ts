/** The visits of these hours by time, and which of them nobody comes to. */
import { expectedBy, unassignedLateAt } from '../../domain/lateness';
import { html, type Markup } from '../../page/markup';
import type { VisitSoon } from '../../temporal/overview';
import { listView } from './list-view';
import { near, plural, stateBadge } from './words';

const SHOWN = 30;
/** As the config's default has it, in ms: the alerts are exact. */
const SOON_MS = 4 * 60 * 60 * 1000;

/** What is wrong with it, in words; null: nothing. */
function lateness({ start, dueAt, state, orderedAt }: VisitSoon, now: number): string | null {
  if (state === 'dispatched') return now < unassignedLateAt(start, orderedAt, SOON_MS) ? null : 'Nobody assigned';
  return state === 'assigned' && now > expectedBy(Date.parse(start), dueAt) ? 'Not arrived' : null;
}

/** Nothing where no visit is near. */
export function visitsView(visits: readonly VisitSoon[], now = Date.now()): Markup | string {
  if (visits.length === 0) return '';
  const late = visits.filter((visit) => lateness(visit, now) !== null).length;
  const shown = visits.slice(0, SHOWN);
  return html`<section class="card" aria-labelledby="visits-head">
    <h2 id="visits-head">Visits: the last 12 hours and the next 24</h2>
    <p class="soft small">
      ${plural(visits.length, 'visit')}, ${late === 0 ? 'none of them late' : `${late} late`}.
      ${visits.length > SHOWN ? `The first ${SHOWN} are shown.` : ''}
    </p>
    ${listView({
      look: 'cards',
      caption: null,
      heads: ['Start', 'Ticket', 'Site', 'Technician', 'State'],
      rows: shown.map((visit) => rowOf(visit, now)),
    })}
  </section>`;
}

function rowOf(visit: VisitSoon, now: number): Markup {
  const { ticketId, start, dueAt, state, facts } = visit;
  const late = lateness(visit, now);
  return html`<tr role="row">
    <td class="lead" role="cell" data-label="Start">
      <span
        >${near(start)}
        ${dueAt === null || dueAt <= start ? '' : html`<span class="soft small under">arrival by ${near(dueAt)}</span>`}</span
      >
    </td>
    <td role="cell" data-label="Ticket">
      <span><a class="strong" href="/dispatches/${ticketId}">${ticketId}</a></span>
    </td>
    <td role="cell" data-label="Site"><span>${facts?.site ?? '–'}</span></td>
    <td role="cell" data-label="Technician"><span>${facts?.technician ?? '–'}</span></td>
    <td role="cell" data-label="State">
      <span>${stateBadge(state)} ${late === null ? '' : html`<span class="badge bad">${late}</span>`}</span>
    </td>
  </tr>`;
}
