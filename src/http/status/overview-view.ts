/** The first page: how it goes, what waits for a person, and every dispatch. */
import { SOURCES, type QuotaLeft, type Source } from '../../contract/alerts';
import { DISPATCH_STATES, type VisitFacts } from '../../contract/dispatch';
import { outsideLink } from '../../page/frame';
import { SYSTEM_NAMES } from '../../contract/failures';
import { html, webAddress, type Markup } from '../../page/markup';
import type { DispatchRow, DispatchRows } from '../../temporal/dispatches';
import type { DispatchingState } from '../../temporal/dispatching';
import type { Tiles, Trends, VisitSoon } from '../../temporal/overview';
import type { Month } from '../../temporal/month';
import { visitsView } from './visits-view';
import { bannerView } from './banner-view';
import { durationsChart, hoursChart } from './charts';
import type { Heard } from './heard';
import { operateForms, SAID, type Said } from './operate-view';
import { monthChart } from './month-chart';
import type { Quota } from './quota';
import { ago, near, plural, reasonWords, span, stateBadge, stateLabel, timed } from './words';
import { listView } from './list-view';

/** What the reader asked for. */
export interface Search {
  text: string;
  state: string;
  /** Among how many of the newest the words were looked for; null: no words were. */
  among: number | null;
}

export interface OverviewContent {
  tiles: Tiles;
  trends: Trends;
  visits: VisitSoon[];
  month: Month;
  dispatching: DispatchingState;
  /** What was just asked for. */
  said: Said | null;
  found: DispatchRows;
  search: Search;
  /** True on a page after the first. */
  later: boolean;
  heard: Heard;
  quota: Quota;
  /** Both accounts are the sandbox, and the set-up pages are here. */
  invites: boolean;
}

export function overviewView({
  tiles,
  trends,
  visits,
  month,
  dispatching,
  said,
  found,
  search,
  later,
  heard,
  quota,
  invites,
}: OverviewContent): Markup {
  const seen = newer(quota.freshdesk(), tiles.watched?.quota ?? null);
  const troubles = bannerView({ troubles: tiles.troubles, dispatching, quota: seen });
  return html`<div class="head">
      <h1>Dispatches</h1>
      <p class="lead">Freshdesk tickets on their way to a field visit and back.</p>
    </div>
    ${said ? html`<p class="panel note" role="status">${SAID[said]}</p>` : ''}
    ${
      invites
        ? html`<p class="panel note">
            Deskbridge plays Freshdesk and Field Nation here. <a href="/setup">Connect your own accounts</a>
          </p>`
        : ''
    }
    <div
      id="banner"
      data-live
      data-said="${troubles.length === 0 ? '' : `${plural(troubles.length, 'trouble concerns', 'troubles concern')} all dispatches`}"
    >
      ${troubles}
    </div>
    <div id="tiles" data-live data-said="${plural(tiles.attention, 'dispatch needs', 'dispatches need')} a person">
      ${tilesView(tiles, heard, quota, troubles.length === 0)}
    </div>
    ${operateForms(dispatching)}
    <div id="visits" data-live>${visitsView(visits)}</div>
    <section class="card" aria-labelledby="all">
      <h2 id="all">All dispatches</h2>
      ${filterForm(search)}
      <div id="rows" class="gap" data-live>${rowsView(found, search, later)}</div>
    </section>
    <section id="trends" class="two" data-live aria-label="Trends">
      <div class="card">${hoursChart(trends)}</div>
      <div class="card">${durationsChart(trends)}</div>
    </section>
    <section id="month" class="card gap" data-live>${monthChart(month)}</section>`;
}

/** `well`: nothing that concerns all is wrong. */
function tilesView(tiles: Tiles, heard: Heard, quota: Quota, well: boolean): Markup {
  const { open, attention, oldestWaiting, doneToday, week, contactsWaiting, sweep, watched } = tiles;
  const contacts =
    contactsWaiting === 0
      ? ''
      : html` and <a href="/contacts?state=attention">${plural(contactsWaiting, 'contact')}</a>`;
  return html`<div class="tiles">
    ${tile('Open', html`${open}`, 'work still to be done')}
    ${tile(
      'Need a person',
      attention > 0 ? html`<a href="/waiting">${attention}</a>` : html`0`,
      attention + contactsWaiting > 0
        ? html`${plural(attention, 'dispatch', 'dispatches')}${contacts}`
        : well
          ? 'Nothing is waiting'
          : 'See above: something concerns all',
      attention + contactsWaiting > 0 ? 'bad' : well ? 'good' : '',
    )}
    ${tile(
      'Oldest waiting',
      oldestWaiting ? html`${span(Date.now() - Date.parse(oldestWaiting.since))}` : html`–`,
      oldestWaiting
        ? html`<a href="/dispatches/${oldestWaiting.ticketId}">Ticket ${oldestWaiting.ticketId}</a>`
        : 'No ticket needs a person',
    )}
    ${tile('Work done today', html`${doneToday}`, 'since midnight, server time')}
    ${tile('Work done in 7 days', html`${week.done}`, `${plural(week.cancelled, 'visit')} cancelled besides`)}
    <section class="tile wide">
      <h2>Last webhook</h2>
      <dl>
        ${SOURCES.map(
          (source) =>
            html`<dt>${SOURCE_NAMES[source]}</dt>
              <dd>${lastHeard(heard, watched, source)}</dd>`,
        )}
      </dl>
      <p>Other servers' webhooks appear here after a few minutes.</p>
    </section>
    <section class="tile wide">
      <h2>Quota left</h2>
      ${quotaView(quota, watched)}
    </section>
    ${tile(
      'Last check for missed changes',
      sweep ? ago(sweep.at) : html`–`,
      sweep
        ? sweep.failed
          ? 'It failed: see the run of reconcile in Temporal'
          : 'It finds changes that no webhook reported'
        : 'It has not run yet',
      sweep?.failed ? 'bad' : '',
    )}
  </div>`;
}

const tile = (label: string, value: Markup, below: Markup | string, tone = ''): Markup =>
  html`<section class="tile ${tone}">
    <h2>${label}</h2>
    <p class="big">${value}</p>
    <p>${below}</p>
  </section>`;

const SOURCE_NAMES: Record<Source, string> = {
  ...SYSTEM_NAMES,
  events: 'Product events',
};

function lastHeard(heard: Heard, watched: Tiles['watched'], source: Source): Markup {
  const elsewhere = Date.parse(watched?.webhooks[source] ?? '') || null;
  const at = Math.max(heard.last(source) ?? 0, elsewhere ?? 0) || null;
  return at === null ? html`<span class="soft">none yet</span>` : ago(at);
}

function quotaView({ freshdesk, callsPerMinute }: Quota, watched: Tiles['watched']): Markup {
  const seen = newer(freshdesk(), watched?.quota ?? null);
  return html`<dl>
      <dt>Freshdesk</dt>
      <dd>
        ${seen ? html`${seen.remaining}${seen.limit === null ? '' : html` of ${seen.limit}`}` : html`<span class="soft">not known yet</span>`}
      </dd>
      <dt>Field Nation</dt>
      <dd><span class="soft">Field Nation does not report its limit</span></dd>
    </dl>
    <p>
      ${seen ? html`The account's minute, as of ${ago(seen.at)}.` : 'No answer of Freshdesk yet.'} Our share:
      ${callsPerMinute.freshdesk} and ${callsPerMinute.fieldNation} calls a minute.
    </p>`;
}

const newer = (a: QuotaLeft | null, b: QuotaLeft | null): QuotaLeft | null =>
  a !== null && (b === null || a.at >= b.at) ? a : b;

function filterForm({ text, state, among }: Search): Markup {
  return html`<form class="filter" method="get" action="/" role="search">
    <label class="wide">
      Search
      <input
        name="q"
        type="search"
        value="${text}"
        placeholder="Words, a number, or FD-…"
        autocomplete="off"
        aria-describedby="search-hint"
      />
    </label>
    <label>
      State
      <select name="state">
        <option value="">All</option>
        ${DISPATCH_STATES.map(
          (one) => html`<option value="${one}" ${one === state ? html`selected` : ''}>${stateLabel(one)}</option>`,
        )}
      </select>
    </label>
    <button class="main">Search</button>
    ${text || state ? html`<a class="button" href="/">Show all</a>` : ''}
    <p class="soft small" id="search-hint">
      ${among === null ? 'Search by ticket, work order or FD-… number, or by words of subject, site or technician.' : `Searched the newest ${among} dispatches for these words.`}
    </p>
  </form>`;
}

const HEADS = ['Ticket', 'State', 'Visit', 'Work order', 'Waits for', 'Triggered'];

function rowsView({ rows, nextCursor }: DispatchRows, search: Search, later: boolean): Markup {
  if (rows.length === 0) {
    const filtered = search.text !== '' || search.state !== '' || later;
    return html`<p class="none">
      ${filtered ? 'No dispatch fits.' : 'No dispatch yet. A ticket that asks for a technician starts one.'}
    </p>`;
  }
  const more = new URLSearchParams({
    ...(search.text ? { q: search.text } : {}),
    ...(search.state ? { state: search.state } : {}),
    cursor: nextCursor ?? '',
  });
  return html`${listView({ look: 'cards', caption: 'Dispatches, the newest first', heads: HEADS, rows: rows.map(rowView) })}
    <div class="table-foot">
      <span>${later ? html`<a href="/">« Newest</a>` : ''}</span>
      <span>${nextCursor === null ? '' : html`<a href="/?${more.toString()}">Older »</a>`}</span>
    </div>`;
}

/** `2027-03-02T15:00:00Z` by the reader's clock; a time at the site stays as it is. */
export const startView = (start: string): Markup | string =>
  start.endsWith('Z') ? near(start) : `${start}, at the site`;

const visitView = ({ site, technician, start, pay }: VisitFacts): Markup =>
  html`${site ?? ''}
    <span class="soft small under">${[technician, pay].filter((part) => part !== null).join(' · ')}</span>
    <span class="soft small under">${start === null ? '' : startView(start)}</span>`;

function rowView({ dispatch, facts, triggeredAt, waitingSince }: DispatchRow): Markup {
  const { ticketId, visit, state, workOrderId, workOrderStatus, attention, waitingFor, links } = dispatch;
  const order = webAddress(links.workOrder);
  const waits = attention
    ? html`<span class="why">${reasonWords(attention.reason)}</span>
        <span class="soft small under"
          >${timed(attention.detail)}${waitingSince ? html`, since ${ago(waitingSince)}` : ''}</span
        >`
    : waitingFor === null
      ? html`<span class="soft">nothing</span>`
      : timed(waitingFor);
  return html`<tr role="row">
    <td class="lead" role="cell" data-label="Ticket">
      <span
        ><a class="strong" href="/dispatches/${ticketId}"><span class="lead-word">Ticket </span>${ticketId}</a
        >${visit > 1 ? html` <span class="soft small">visit ${visit}</span>` : ''}
        <span class="soft small under">${facts?.subject ?? ''}</span></span
      >
    </td>
    <td class="lead" role="cell" data-label="State"><span>${stateBadge(state)}</span></td>
    <td role="cell" data-label="Visit"><span>${facts ? visitView(facts) : html`<span class="soft">–</span>`}</span></td>
    <td role="cell" data-label="Work order">
      <span
        >${workOrderId === null ? html`<span class="soft">none yet</span>` : order ? outsideLink(order, String(workOrderId)) : workOrderId}
        <span class="soft small under">${workOrderStatus}</span></span
      >
    </td>
    <td role="cell" data-label="Waits for"><span>${waits}</span></td>
    <td role="cell" data-label="Triggered">
      <span>${triggeredAt ? ago(triggeredAt) : html`<span class="soft">–</span>`}</span>
    </td>
  </tr>`;
}
