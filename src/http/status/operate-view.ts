/** What operators do to all at once: pause, dispatch by hand, check now, try again by cause, approve what is listed. */
import { ATTENTION_REASONS, type AttentionReason } from '../../contract/dispatch';
import { html, type Markup } from '../../page/markup';
import type { DispatchingState } from '../../temporal/dispatching';
import type { Yes } from '../../temporal/operations';
import type { WaitingRun } from '../../temporal/waiting-runs';
import { listView } from './list-view';
import { ago, plural, reasonWords, timed } from './words';

/** What was just asked for, above all else. */
export const SAID = {
  paused: 'Dispatching is paused.',
  resumed: 'Dispatching goes on. Deskbridge reads each waiting ticket again.',
  checked: 'The check for missed changes has started.',
  'no-check': 'The check for missed changes is off: RECONCILE_INTERVAL is 0.',
} as const;
export type Said = keyof typeof SAID;

export const operateForms = ({ pause, baseline }: Pick<DispatchingState, 'pause' | 'baseline'>): Markup =>
  html`<details class="card" id="operate">
    <summary>Dispatch a ticket, check now, pause</summary>
    <div class="row end gap">
      <form class="filter" method="post" action="/dispatch">
        <label>
          Ticket number
          <input name="ticket" required inputmode="numeric" autocomplete="off" />
        </label>
        <button>Dispatch</button>
      </form>
      <form class="filter" method="post" action="/check"><button>Check for missed changes now</button></form>
      ${
        pause.paused
          ? ''
          : html`<form class="filter" method="post" action="/pause">
              <label>
                Reason
                <input name="reason" required maxlength="500" autocomplete="off" />
              </label>
              <button class="danger">Pause dispatching</button>
            </form>`
      }
    </div>
    ${
      baseline.count === 0
        ? ''
        : html`<p class="soft small">
            ${baseline.more ? 'More than ' : ''}${plural(baseline.count, 'ticket')} matched before Deskbridge could
            dispatch. They start nothing by themselves; dispatch one by its number.
          </p>`
    }
  </details>`;

/** Spans of time that a reader may choose, by what the form sends. */
export const SINCE: Record<string, [label: string, ms: number]> = {
  '1h': ['in the last hour', 3_600_000],
  '24h': ['in the last 24 hours', 86_400_000],
  '7d': ['in the last 7 days', 7 * 86_400_000],
};

export interface WaitingContent {
  runs: WaitingRun[];
  reason: AttentionReason | '';
  since: string;
  /** How many were just tried again; null: nobody asked. */
  retried: number | null;
}

/** Tickets that a group names one by one. */
const NAMED = 10;

export function waitingView({ runs, reason, since, retried }: WaitingContent): Markup {
  return html`<p class="crumbs"><a href="/">Dispatches</a> › Waiting</p>
    <div class="head">
      <h1>What waits for a person</h1>
      <p class="lead">Grouped by cause, the largest group first.</p>
    </div>
    ${retried === null ? '' : html`<p class="panel note" role="status">${plural(retried, 'item')} tried again. What still waits is listed below.</p>`}
    <section class="card">
      <form class="filter" method="get" action="/waiting">
        <label>
          Reason
          <select name="reason">
            <option value="">All</option>
            ${ATTENTION_REASONS.map((one) => html`<option value="${one}" ${one === reason ? html`selected` : ''}>${reasonWords(one)}</option>`)}
          </select>
        </label>
        <label>
          Began to wait
          <select name="since">
            <option value="">At any time</option>
            ${Object.entries(SINCE).map(([key, [label]]) => html`<option value="${key}" ${key === since ? html`selected` : ''}>${label}</option>`)}
          </select>
        </label>
        <button class="main">Filter</button>
      </form>
    </section>
    <div id="groups" data-live data-said="${plural(runs.length, 'item waits', 'items wait')} for a person">
      ${runs.length === 0 ? html`<p class="card none">Nothing is waiting.</p>` : groupsOf(runs).map((group) => groupView(group, since))}
    </div>`;
}

export interface Group {
  reason: string;
  detail: string | null;
  runs: WaitingRun[];
}

/** By reason and cause, the largest first. */
export function groupsOf(runs: readonly WaitingRun[]): Group[] {
  const groups = new Map<string, Group>();
  for (const run of runs) {
    const key = JSON.stringify([run.reason, run.detail]);
    const group = groups.get(key) ?? { reason: run.reason, detail: run.detail, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.runs.length - a.runs.length);
}

function groupView({ reason, detail, runs }: Group, since: string): Markup {
  const tickets = runs.flatMap(({ ticketId }) => (ticketId === null ? [] : [ticketId]));
  const others = runs.length - tickets.length;
  const more = tickets.length - NAMED;
  const act =
    reason === 'approval'
      ? html`<a class="button main" href="/approve">See the sums and approve…</a>`
      : html`<form class="inline" method="post" action="/waiting/retry">
          <input type="hidden" name="reason" value="${reason}" />
          <input type="hidden" name="detail" value="${detail ?? ''}" />
          <input type="hidden" name="since" value="${since}" />
          <button class="main">${runs.length === 1 ? 'Try this one again' : `Try these ${runs.length} again`}</button>
        </form>`;
  return html`<section class="panel bad">
    <h2>${runs.length} × ${reasonWords(reason as AttentionReason) ?? reason}</h2>
    <p>${timed(detail ?? 'Each page shows the cause.')}</p>
    <p class="soft small">The oldest began to wait ${ago(runs[0]?.since ?? '')}.</p>
    <p class="gap">
      ${tickets.slice(0, NAMED).map((id) => html`<a href="/dispatches/${id}">Ticket ${id}</a> `)}
      ${more > 0 ? `and ${more} more tickets ` : ''}
      ${others > 0 ? html`<a href="/contacts?state=attention">${plural(others, 'contact')}</a>` : ''}
    </p>
    <div class="row gap">${act}</div>
  </section>`;
}

/** A ticket that waits for a yes. */
export interface Asked extends Yes {
  since: string;
  detail: string | null;
}

export const money = (amount: number | null): string =>
  amount === null ? 'a sum without a bound' : `${amount.toFixed(2)} USD`;

export const sumOf = (asked: readonly Yes[]): string => {
  const cents = asked.reduce((sum, { amount }) => sum + Math.round((amount ?? 0) * 100), 0);
  const open = asked.filter(({ amount }) => amount === null).length;
  return `${(cents / 100).toFixed(2)} USD${open === 0 ? '' : `, and ${open} without a bound`}`;
};

/** `told`: what came of the yes before. */
export function approveView(asked: Asked[], told: string | null): Markup {
  return html`<p class="crumbs"><a href="/">Dispatches</a> › Approve</p>
    <div class="head">
      <h1>Money that waits for your yes</h1>
      <p class="lead">Nothing is spent before you approve it.</p>
    </div>
    ${told ? html`<p class="panel note" role="status">${told}</p>` : ''}
    <section class="card">
      ${
        asked.length === 0
          ? html`<p class="none">No ticket waits for an approval.</p>`
          : html`<form method="post" action="/approve">
              ${listView({ look: 'cards', caption: null, heads: ['Ticket', 'Sum', 'Waiting since', 'Why'], rows: asked.map(askedRow) })}
              <div class="row gap">
                <button class="main">
                  ${asked.length === 1 ? 'Approve this ticket' : `Approve these ${asked.length} tickets`}:
                  ${sumOf(asked)}
                </button>
              </div>
            </form>`
      }
    </section>`;
}

const askedRow = ({ ticketId, amount, since, detail }: Asked): Markup =>
  html`<tr role="row">
    <td class="lead" role="cell" data-label="Ticket">
      <a class="strong" href="/dispatches/${ticketId}"><span class="lead-word">Ticket </span>${ticketId}</a>
    </td>
    <td class="lead tight" role="cell" data-label="Sum">
      ${money(amount)}<input type="hidden" name="yes" value="${yesText({ ticketId, amount })}" />
    </td>
    <td role="cell" data-label="Waiting since"><span>${ago(since)}</span></td>
    <td role="cell" data-label="Why"><span>${detail === null ? '' : timed(detail)}</span></td>
  </tr>`;

/** `4711:1250.5`, as a form sends it. */
export const yesText = ({ ticketId, amount }: Yes): string => `${ticketId}:${amount ?? 'open'}`;

/** Null: no form of ours wrote it. */
export function yesOf(text: string): Yes | null {
  const [, ticket, sum] = /^(\d{1,16}):(open|\d+(?:\.\d+)?)$/.exec(text) ?? [];
  return ticket === undefined || sum === undefined
    ? null
    : { ticketId: Number(ticket), amount: sum === 'open' ? null : Number(sum) };
}
