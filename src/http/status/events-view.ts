/** What came in: every event with its reason, counts over time, a trial of one event, and sending again what failed. */
import type { ReplayCounts } from '../../contract/contact';
import type { EventTrial } from '../../domain/contacts';
import { html, type Markup } from '../../page/markup';
import { COUNTED_REASONS, type CountedReason, type HourCounts } from '../event-log';
import type { EventItem } from '../event-list';
import { rowBars } from './charts';
import { ago, contactBadge, plural } from './words';
import { listView } from './list-view';

export interface EventsContent {
  items: EventItem[];
  hours: HourCounts[];
  /** Since when this process has listened, ISO 8601. */
  since: string;
  outcome: string;
  reason: string;
}

export const REASON_WORDS: Record<CountedReason, string> = {
  accepted: 'Accepted',
  anonymous: 'Nobody is named',
  'unmapped-event': 'No rule for the event',
  'no-consent': 'No consent',
  'no-identifier': 'No usable identifier',
  invalid: 'Malformed',
};

const wordsOf = (reason: string): string => (REASON_WORDS as Record<string, string>)[reason] ?? reason;

export function eventsView({ items, hours, since, outcome, reason }: EventsContent): Markup {
  return html`<div class="head">
      <h1>Events</h1>
      <p class="lead">
        Every product event that came in, newest first. Accepted ones are kept in Temporal. This web server alone knows
        the dropped and malformed ones; it started ${ago(since)}.
      </p>
    </div>
    <div class="two">
      <section class="card">${reasonsChart(hours)}</section>
      <section class="card">${findForm('')} ${filterForm(outcome, reason)} ${trialForm()}</section>
    </div>
    <section class="card gap" aria-labelledby="all">
      <h2 id="all">Newest events</h2>
      <div id="rows" data-live>${eventTable(items)}</div>
    </section>
    ${replayForm()}`;
}

export const foundEventsView = (who: string, items: EventItem[]): Markup =>
  html`<p class="crumbs"><a href="/events">Events</a> › Look-up</p>
    <section class="card">${findForm(who)}</section>
    <div class="head"><h1>${items.length === 0 ? 'No event of this person is known' : `Events of ${who}`}</h1></div>
    <section class="card">${eventTable(items)}</section>`;

const findForm = (who: string): Markup =>
  html`<form class="filter" method="post" action="/events/find" role="search">
    <label class="wide"
      >Events of a person<input name="who" value="${who}" placeholder="User id or e-mail" required
    /></label>
    <button>Find</button>
  </form>`;

function filterForm(outcome: string, reason: string): Markup {
  const option = (value: string, label: string, chosen: string): Markup =>
    html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${label}</option>`;
  const chosen = reason || outcome;
  return html`<form class="filter gap" method="get" action="/events">
    <label class="wide"
      >Outcome<select name="show">
        ${option('', 'All', chosen)} ${COUNTED_REASONS.map((one) => option(one, REASON_WORDS[one], chosen))}
      </select></label
    >
    <button>Show</button>
  </form>`;
}

const trialForm = (): Markup =>
  html`<p class="gap">
    <a href="/events/test">Test an event</a>: through all gates, with the exact body. Nothing is sent.
  </p>`;

function eventTable(items: EventItem[]): Markup {
  if (items.length === 0) return html`<p class="none">No event yet.</p>`;
  const cell = (label: string, content: Markup | string, look = ''): Markup =>
    html`<td class="${look}" role="cell" data-label="${label}"><span>${content}</span></td>`;
  return listView({
    look: 'cards',
    caption: 'Events, the newest first',
    heads: ['Event', 'Outcome', 'Left out', 'Came'],
    rows: items.map(
      (item) =>
        html`<tr role="row">
          ${cell('Event', item.event || item.type || 'unknown', 'lead')} ${cell('Outcome', outcomeOf(item))}
          ${cell('Left out', item.notes.join('; ') || '–')} ${cell('Came', ago(item.at))}
        </tr>`,
    ),
  });
}

function outcomeOf({ outcome, reason, result, run }: EventItem): Markup {
  const hash = run?.split('-').at(-1) ?? '';
  const inRun = run === null ? '' : html` <a class="in-text" href="/contacts/${hash}">details</a>`;
  const words =
    outcome === 'accepted' ? '' : outcome === 'dropped' ? `Dropped: ${wordsOf(reason ?? '')}` : `Malformed: ${reason}`;
  if (outcome !== 'accepted' && result === null) return html`${words}${inRun}`;
  return html`${words} ${contactBadge(result ?? 'waiting')}${inRun}`;
}

/** One row for each reason, an hour a bar, with its sum. */
function reasonsChart(hours: HourCounts[]): Markup {
  const sum = (reason: CountedReason): number => hours.reduce((all, { counts }) => all + (counts[reason] ?? 0), 0);
  const most = Math.max(1, ...hours.flatMap(({ counts }) => Object.values(counts)));
  const bars = (reason: CountedReason): Markup =>
    rowBars(
      hours.map(({ counts }) => counts[reason] ?? 0),
      most,
    );
  return html`<figure>
    <h2>Events by reason</h2>
    <p class="total">
      ${plural(
        COUNTED_REASONS.reduce((all, one) => all + sum(one), 0),
        'event',
      )}
      in the last 24 hours
    </p>
    <table class="slim">
      <caption class="unseen">
        How many events of the last 24 hours ended for which reason; one bar an hour
      </caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Reason</th>
          <th scope="col">By hour</th>
          <th scope="col">Events</th>
        </tr>
      </thead>
      <tbody>
        ${COUNTED_REASONS.map(
          (reason) =>
            html`<tr>
              <td class="tight">${REASON_WORDS[reason]}</td>
              <td>${bars(reason)}</td>
              <td class="num">${sum(reason)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </figure>`;
}

export function trialView(typed: string, trial: EventTrial | { problem: string } | null): Markup {
  return html`<p class="crumbs"><a href="/events">Events</a> › Test</p>
    <div class="head"><h1>Test an event</h1></div>
    <section class="card">
      <form class="stack" method="post" action="/events/test">
        <label>One event as JSON, with its type<textarea name="event" rows="8" required>${typed}</textarea></label>
        <button class="main">Test</button>
      </form>
    </section>
    ${trial === null ? '' : 'problem' in trial ? html`<p class="panel bad" role="alert">${trial.problem}</p>` : trialResult(trial)}`;
}

const trialResult = ({ outcome, reason, gates, body, notes }: EventTrial): Markup =>
  html`<section class="card gap" role="status">
    <h2>${outcome === 'accepted' ? 'It would be sent' : `It would end as ${outcome}: ${wordsOf(reason ?? '')}`}</h2>
    <dl>
      ${gates.map(
        ({ gate, passed, detail }) =>
          html`<dt>${passed ? 'Passes' : 'Stops at'} ${gate}</dt>
            <dd>${detail}</dd>`,
      )}
    </dl>
    ${notes.length > 0 ? html`<p>Left out: ${notes.join('; ')}</p>` : ''}
    ${body === null ? '' : html`<pre>${JSON.stringify(body, null, 2)}</pre>`}
  </section>`;

const replayForm = (): Markup =>
  html`<section class="card gap">
    <h2>Send again</h2>
    <form class="filter" method="post" action="/events/replay">
      <label
        >Events that ended as<select name="outcome">
          <option value="rejected">rejected</option>
          <option value="conflict">conflict</option>
        </select></label
      >
      <label>in the last<input name="since" value="24h" required /></label>
      <button>Count them</button>
    </form>
  </section>`;

/** `run` null: nothing was begun yet. */
export function replayView(
  asked: { outcome: string; since: string },
  { contacts, events, newer, withdrawn, again, unmapped }: ReplayCounts,
  run: string | null,
): Markup {
  const left = [
    [newer, 'have a newer event'],
    [withdrawn, 'lost their consent'],
    [again, 'were sent again before'],
    [unmapped, 'have no rule any more'],
  ] as const;
  return html`<p class="crumbs"><a href="/events">Events</a> › Send again</p>
    <div class="head"><h1>Send again what ended as ${asked.outcome}</h1></div>
    <section class="card" role="status">
      <p>
        ${plural(events, 'event')} of ${plural(contacts, 'contact')}
        ${run === null ? 'can be sent again.' : 'are being sent again.'}
      </p>
      ${left.filter(([count]) => count > 0).map(([count, why]) => html`<p class="soft">${plural(count, 'other')} ${why}.</p>`)}
      ${
        run !== null || events === 0
          ? ''
          : html`<form class="gap" method="post" action="/events/replay">
              <input type="hidden" name="outcome" value="${asked.outcome}" />
              <input type="hidden" name="since" value="${asked.since}" />
              <input type="hidden" name="yes" value="yes" />
              <button class="main">Send ${plural(events, 'event')} again</button>
            </form>`
      }
    </section>`;
}
