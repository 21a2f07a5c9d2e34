/** One dispatch: what is wrong and what to do first, then its facts and its story. */
import type { DispatchView, TimelineEntry, VisitFacts } from '../../contract/dispatch';
import type { SitesMemo } from '../../contract/sites';
import { endsByWord } from '../../domain/dispatch/words';
import { told, type ToldEntry } from '../../domain/timeline/words';
import { outsideLink } from '../../page/frame';
import { html, webAddress, type Markup } from '../../page/markup';
import type { DispatchLook } from '../../temporal/dispatches';
import { startView } from './overview-view';
import { money, yesText } from './operate-view';
import { sitesCard } from './sites-view';
import { hourOf, moment, pageRemedy, plural, reasonWords, retryLabel, stateBadge, timed } from './words';

/** What was just asked for; shown once, above all else. */
export const DONE = {
  retry: 'Trying again. The result appears below in a few seconds.',
  approve: 'Approved. Deskbridge reads the ticket again before it spends anything.',
  dispatch: 'Starting a visit. The result appears below in a few seconds.',
  cancel: 'Asked to cancel. It shows below as soon as Field Nation has confirmed it.',
  word: 'The visit ends as cancelled by your word: Field Nation does not show its work order.',
} as const;
export type Done = keyof typeof DONE;

/** Nothing is left to call off; work that is done could still be, but only by the command line, where no finger slips. */
const OVER = ['skipped', 'cancelled', 'completed', 'work-done'];

export interface DispatchShown extends DispatchLook {
  /** Of its child tickets; null: it has none. */
  sites: SitesMemo | null;
}

export function dispatchView(
  { view, silent, approval, facts, parentId, sites }: DispatchShown,
  done: Done | null,
): Markup {
  const { ticketId, visit, state, correlationId } = view;
  return html`<p class="crumbs"><a href="/">Dispatches</a> › Ticket ${ticketId}</p>
    ${done ? html`<p class="panel note" role="status">${DONE[done]}</p>` : ''}
    <div id="dispatch" data-live data-said="Ticket ${ticketId}: ${state}">
      <div class="head">
        <h1>Ticket ${ticketId}${facts?.subject ? `: ${facts.subject}` : ''}</h1>
        ${stateBadge(state)}
        <p class="lead">
          Visit ${visit} ·
          <span class="mono">${correlationId}</span
          >${parentId === null ? '' : html` · part of <a href="/dispatches/${parentId}">ticket ${parentId}</a>`}
        </p>
      </div>
      ${attentionPanel(view, approval)}
      <div class="cols">
        <section class="card" aria-labelledby="timeline">
          <h2 id="timeline">Timeline, the newest first</h2>
          <p class="soft small"><a href="/dispatches/${ticketId}/calls">Calls to Freshdesk and Field Nation</a></p>
          ${
            view.timeline.length === 0
              ? html`<p class="soft">${SILENT[silent ?? 'quiet']}</p>`
              : timelineView(view.timeline)
          }
        </section>
        <div>${factsCard(view, facts)} ${sites ? sitesCard(sites) : ''} ${actionsCard(view)}</div>
      </div>
    </div>`;
}

const SILENT = {
  quiet: 'Nothing has happened yet.',
  'no-worker': 'The worker is not responding.',
  ended: 'The run was ended in Temporal; its timeline is kept there.',
};

function attentionPanel({ attention, ticketId }: DispatchView, approval: DispatchLook['approval']): Markup | null {
  if (!attention) return null;
  const act =
    attention.reason === 'approval' && approval
      ? html`<form class="inline" method="post" action="/dispatches/${ticketId}/approve">
          <input type="hidden" name="yes" value="${yesText({ ticketId, amount: approval.amount })}" />
          <button class="main" id="approve">Approve ${money(approval.amount)}</button>
        </form>`
      : html`<form class="inline" method="post" action="/dispatches/${ticketId}/retry">
          <button class="main" id="retry">${retryLabel(attention.reason)}</button>
        </form>`;
  return html`<section class="panel bad" aria-labelledby="attention">
    <h2 id="attention">Needs a person: ${reasonWords(attention.reason)}</h2>
    <dl>
      <dt>Why</dt>
      <dd>${timed(attention.detail)}</dd>
      <dt>What to do</dt>
      <dd>${timed(pageRemedy(attention))}</dd>
      <dt>Reason code</dt>
      <dd class="mono">${attention.reason}</dd>
    </dl>
    <div class="row gap">
      ${act}
      <a class="button danger" href="/dispatches/${ticketId}/cancel">Cancel…</a>
      <form class="inline" method="post" action="/preview">
        <input type="hidden" name="ticket" value="${ticketId}" /><button id="preview">Preview the mapping</button>
      </form>
    </div>
  </section>`;
}

const FACTS: [name: keyof VisitFacts, label: string][] = [
  ['site', 'Site'],
  ['technician', 'Technician'],
  ['start', 'Start'],
  ['pay', 'Pay, at most'],
];

function factsCard(view: DispatchView, known: VisitFacts | null): Markup {
  const { workOrderId, workOrderStatus, waitingFor, nextAttemptAt, links } = view;
  const order = webAddress(links.workOrder);
  const places = [
    [links.ticket, 'Ticket in Freshdesk'],
    [links.workOrder, 'Work order in Field Nation'],
    [links.workflow, 'Workflow in Temporal'],
  ].flatMap(([address, label]) => {
    const safe = webAddress(address ?? null);
    return safe && label ? [outsideLink(safe, label)] : [];
  });
  return html`<section class="card" aria-labelledby="facts">
    <h2 id="facts">Now</h2>
    <dl class="facts">
      <dt>Waits for</dt>
      <dd>${timed(waitingFor ?? 'nothing')}</dd>
      ${
        nextAttemptAt
          ? html`<dt>Next attempt</dt>
              <dd>${moment(nextAttemptAt)}</dd>`
          : ''
      }
      ${FACTS.map(([name, label]) => {
        const value = known?.[name];
        return value
          ? html`<dt>${label}</dt>
              <dd>${name === 'start' ? startView(value) : value}</dd>`
          : '';
      })}
      <dt>Work order</dt>
      <dd>
        ${workOrderId === null ? 'none yet' : order ? outsideLink(order, String(workOrderId)) : workOrderId}
        ${workOrderStatus ? html`<span class="badge plain">${workOrderStatus}</span>` : ''}
      </dd>
      <dt>Open in</dt>
      <dd>${places.map((place) => html`<div>${place}</div>`)}</dd>
    </dl>
  </section>`;
}

function actionsCard({ ticketId, state, attention }: DispatchView): Markup {
  const offered = !attention && !OVER.includes(state);
  const command = attention === null ? 'show' : attention.reason === 'approval' ? 'approve' : 'retry';
  const shell = html`<span class="mono">npx deskbridge ${command} ${ticketId}</span>`;
  if (!offered) {
    return html`<section class="card" aria-labelledby="actions">
      <h2 id="actions">From a shell</h2>
      <p class="soft small">${shell}</p>
    </section>`;
  }
  return html`<section class="card" aria-labelledby="actions">
    <h2 id="actions">Actions</h2>
    <div class="row">
      <form class="inline" method="post" action="/dispatches/${ticketId}/retry">
        <button id="retry">Retry now</button>
      </form>
      <a class="button danger" href="/dispatches/${ticketId}/cancel">Cancel…</a>
    </div>
    <p class="soft small gap">From a shell: ${shell}</p>
  </section>`;
}

function timelineView(timeline: TimelineEntry[]): Markup {
  const entries = timeline.map(told).reverse();
  const folded = entries.filter((entry) => entry.folded);
  const shown = entries.filter((entry) => !entry.folded);
  return html`<ol class="timeline" reversed>
      ${shown.map(entryView)}
    </ol>
    ${
      folded.length === 0
        ? ''
        : html`<details class="more" id="folded">
            <summary>
              Details: ${plural(folded.length, 'confirmation or late repeat', 'confirmations and late repeats')}
            </summary>
            <ol class="timeline" reversed>
              ${folded.map(entryView)}
            </ol>
          </details>`
    }`;
}

const entryView = ({ at, text, detail, happened, tone }: ToldEntry): Markup =>
  html`<li class="${tone}">
    ${moment(at)}
    <h3>${text}${happened === null ? '' : html` <span class="soft small">(${hourOf(happened)})</span>`}</h3>
    ${detail ? html`<p>${timed(detail)}</p>` : ''}
  </li>`;

/** Asks before a visit is called off. */
export function cancelView(view: DispatchView, problem: string | null): Markup {
  const { ticketId, workOrderId, state } = view;
  return html`<p class="crumbs">
      <a href="/">Dispatches</a> › <a href="/dispatches/${ticketId}">Ticket ${ticketId}</a> › Cancel
    </p>
    <div class="narrow">
      <form class="card stack" method="post" action="/dispatches/${ticketId}/cancel">
        <div class="row">
          <h1>Cancel the visit for ticket ${ticketId}?</h1>
          ${stateBadge(state)}
        </div>
        <p>
          ${
            workOrderId === null
              ? 'No work order is known yet; none will be created.'
              : endsByWord(view)
                ? `Field Nation does not show work order ${workOrderId}. The visit ends as cancelled by your word, and nobody else is told: make sure that nobody comes.`
                : `Work order ${workOrderId} is cancelled in Field Nation. An assigned technician is told, and a fee may be due.`
          }
          This cannot be taken back.
        </p>
        ${problem ? html`<p class="panel bad" role="alert" id="problem">${problem}</p>` : ''}
        ${endsByWord(view) ? html`<input type="hidden" name="word" value="yes" />` : ''}
        <label>
          Reason, for Field Nation and the timeline
          <input name="reason" required maxlength="500" autofocus ${problem ? html`aria-describedby="problem"` : ''} />
        </label>
        <div class="row">
          <button class="danger main">Cancel the visit</button>
          <a class="button" href="/dispatches/${ticketId}">Keep it</a>
        </div>
      </form>
    </div>`;
}
