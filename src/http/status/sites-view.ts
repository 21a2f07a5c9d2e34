/** The child tickets of a parent ticket, and how their visits stand. */
import type { SitesMemo } from '../../contract/sites';
import { STANDING_WORDS } from '../../domain/sites/words';
import { html, type Markup } from '../../page/markup';
import { moment } from './words';

export const sitesCard = ({ progress, sites, summaryAt, problem }: SitesMemo): Markup =>
  html`<section class="card" aria-labelledby="sites">
    <h2 id="sites">Sites: ${progress}</h2>
    ${problem === null ? '' : html`<p class="panel bad">Not written to the ticket: ${problem}</p>`}
    ${summaryAt === null ? '' : html`<p class="soft small">Summary written on the ticket ${moment(summaryAt)}</p>`}
    <ul>
      ${sites.map(
        ({ ticketId, standing }) =>
          html`<li><a href="/dispatches/${ticketId}">Ticket ${ticketId}</a>: ${STANDING_WORDS[standing]}</li>`,
      )}
    </ul>
  </section>`;

/** A parent ticket that has no visit of its own. */
export const parentView = (ticketId: number, sites: SitesMemo): Markup =>
  html`<p class="crumbs"><a href="/">Dispatches</a> › Ticket ${ticketId}</p>
    <div id="dispatch" data-live data-said="Ticket ${ticketId}: ${sites.progress}">
      <div class="head"><h1>Ticket ${ticketId}</h1></div>
      ${sitesCard(sites)}
    </div>`;
