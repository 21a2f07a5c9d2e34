/** What came of product events: all contacts, a person looked up, one contact. */
import type { ContactEventOutcome, ContactView } from '../../contract/contact';
import { outsideLink } from '../../page/frame';
import { html, webAddress, type Markup } from '../../page/markup';
import type { ContactOutcomes, ImportedContact } from '../../temporal/contact-outcomes';
import { CONTACT_FILTERS, type ContactRow } from '../../temporal/contact-runs';
import type { RunCall } from '../../temporal/run-calls';
import { contactCallsView } from './contact-calls-view';
import { ago, contactBadge, moment, plural, reasonWords, timed } from './words';
import { listView } from './list-view';

export interface ContactsContent {
  rows: ContactRow[];
  nextCursor: string | null;
  state: string;
  later: boolean;
}

const FILTERS: Record<(typeof CONTACT_FILTERS)[number], string> = {
  attention: 'Needs a person',
  conflict: 'Conflict',
  rejected: 'Rejected',
};

export function contactsView({ rows, nextCursor, state, later }: ContactsContent): Markup {
  const more = new URLSearchParams({ ...(state ? { state } : {}), cursor: nextCursor ?? '' });
  return html`<div class="head">
      <h1>Contacts</h1>
      <p class="lead">
        Results of product events with a user id or e-mail. Temporal holds no names: look a person up by either.
      </p>
    </div>
    <div class="two">
      <section class="card">${findForm('')}</section>
      <section class="card">
        <form class="filter" method="get" action="/contacts">
          <label class="wide">
            Outcome
            <select name="state">
              <option value="">All</option>
              ${CONTACT_FILTERS.map(
                (one) => html`<option value="${one}" ${one === state ? html`selected` : ''}>${FILTERS[one]}</option>`,
              )}
            </select>
          </label>
          <button>Show</button>
        </form>
      </section>
    </div>
    <section class="card gap" aria-labelledby="all">
      <h2 id="all">Newest runs</h2>
      <div id="rows" data-live>
        ${rows.length === 0 ? html`<p class="none">No contact ${state || later ? 'fits' : 'yet'}.</p>` : tableView(rows)}
        <div class="table-foot">
          <span>${later ? html`<a href="/contacts">« Newest</a>` : ''}</span>
          <span>${nextCursor === null ? '' : html`<a href="/contacts?${more.toString()}">Older »</a>`}</span>
        </div>
      </div>
    </section>`;
}

const findForm = (who: string): Markup =>
  html`<form class="filter" method="post" action="/contacts/find" role="search">
    <label class="wide">
      User id or e-mail
      <input name="who" required maxlength="500" autocomplete="off" value="${who}" />
    </label>
    <button class="main">Look up</button>
  </form>`;

const tableView = (rows: ContactRow[]): Markup =>
  listView({
    look: 'cards',
    caption: 'Contacts, the newest run first',
    heads: ['Run', 'Outcome', 'Contact', 'Begun'],
    rows: rows.map(
      ({ hash, state, contactId, link, at }) =>
        html`<tr role="row">
          <td class="lead" role="cell" data-label="Run">
            <a class="mono strong" href="/contacts/${hash}">${hash.slice(0, 8)}</a>
          </td>
          <td class="lead" role="cell" data-label="Outcome"><span>${contactBadge(state)}</span></td>
          <td role="cell" data-label="Contact"><span>${contactLink(link, contactId)}</span></td>
          <td role="cell" data-label="Begun"><span>${ago(at)}</span></td>
        </tr>`,
    ),
  });

function contactLink(address: string | null, contactId: number | null): Markup {
  const safe = webAddress(address);
  if (contactId === null) return html`<span class="soft">none known</span>`;
  return safe ? outsideLink(safe, String(contactId)) : html`${contactId}`;
}

export function foundView(who: string, { runs, imported }: ContactOutcomes): Markup {
  return html`<p class="crumbs"><a href="/contacts">Contacts</a> › Look-up</p>
    <section class="card">${findForm(who)}</section>
    <div class="head">
      <h1>${runs.length + imported.length === 0 ? 'Nothing is known of this person' : `Outcomes of ${who}`}</h1>
      <p class="lead">
        ${
          runs.length + imported.length === 0
            ? html`No accepted event carried this user id or e-mail, or it is older than the runs that Temporal keeps.
                <a href="/events">Events</a> shows those that were dropped.`
            : `${plural(runs.length, 'run')}, ${plural(imported.length, 'imported row')}`
        }
      </p>
    </div>
    ${runs.map((run) => runCard(run, true))}
    ${
      imported.length === 0
        ? ''
        : html`<section class="card">
            <h2>Imported rows</h2>
            ${imported.map(importedRow)}
          </section>`
    }`;
}

const importedRow = ({ line, outcome, detail, notes, at }: ImportedContact): Markup =>
  html`<p class="row">
    ${contactBadge(outcome)} line ${line}, ${ago(at)}
    ${[detail, ...notes].map((text) => (text ? html`<span class="soft">${text}</span>` : ''))}
  </p>`;

export function contactView(hash: string, view: ContactView, calls: readonly RunCall[], retried: boolean): Markup {
  return html`<p class="crumbs"><a href="/contacts">Contacts</a> › <span class="mono">${hash.slice(0, 8)}</span></p>
    ${retried ? html`<p class="panel note" role="status">Trying again. The result appears below in a few seconds.</p>` : ''}
    <div class="head"><h1>Contact run</h1></div>
    <div id="contact" data-live data-said="${view.state}">
      ${runCard(view, false, hash)} ${contactCallsView(calls)}
    </div>`;
}

function runCard({ state, contactId, attention, events, links }: ContactView, linked: boolean, hash = ''): Markup {
  const workflow = webAddress(links.workflow);
  return html`<section class="card" aria-label="Contact run">
    <div class="row">
      ${contactBadge(state)}
      <span>Contact ${contactLink(links.contact, contactId)}</span>
      ${workflow ? outsideLink(workflow, 'Workflow in Temporal') : ''}
    </div>
    ${
      attention
        ? html`<div class="panel bad gap">
            <h2>Needs a person: ${reasonWords(attention.reason)}</h2>
            <dl>
              <dt>Why</dt>
              <dd>${timed(attention.detail)}</dd>
              <dt>What to do</dt>
              <dd>${attention.remedy}</dd>
            </dl>
            ${
              linked
                ? ''
                : html`<form class="gap" method="post" action="/contacts/${hash}/retry">
                    <button class="main" id="retry">I fixed it – try again</button>
                  </form>`
            }
          </div>`
        : ''
    }
    ${
      events.length === 0
        ? html`<p class="soft gap">No event has ended yet, or no worker answers.</p>`
        : html`<ol class="timeline gap" reversed>
            ${[...events].reverse().map(eventView)}
          </ol>`
    }
  </section>`;
}

const eventView = ({ at, event, outcome, detail, notes }: ContactEventOutcome): Markup =>
  html`<li>
    ${moment(at)}
    <h3>${event}: ${outcome}</h3>
    ${[detail, ...notes].map((text) => (text ? html`<p>${timed(text)}</p>` : ''))}
  </li>`;
