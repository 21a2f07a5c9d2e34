/** The work order that would be created, field by field, before anything is. */
import type { MappingPreview, PreviewField, PreviewProblem, PreviewRefusal } from '../../contract/preview';
import { html, type Markup } from '../../page/markup';
import { plural } from './words';
import { listView } from './list-view';

export type PreviewShown = { preview: MappingPreview } | { refusal: PreviewRefusal } | { problem: string } | null;

/** `ticket` is what was typed. */
export function previewView(ticket: string, shown: PreviewShown): Markup {
  return html`<div class="head">
      <h1>Mapping preview</h1>
      <p class="lead">The work order that a ticket would become, field by field. Nothing is sent to Field Nation.</p>
    </div>
    <section class="card">
      <form class="filter" method="post" action="/preview">
        <label class="wide">
          Ticket number
          <input name="ticket" required inputmode="numeric" autocomplete="off" value="${ticket}" placeholder="4711" />
        </label>
        <button class="main">Preview</button>
      </form>
    </section>
    ${shown === null ? '' : resultView(shown)}`;
}

export function resultView(shown: NonNullable<PreviewShown>): Markup {
  if ('problem' in shown) return html`<p class="panel bad" role="alert">${shown.problem}</p>`;
  if ('refusal' in shown) {
    return html`<section class="panel bad" role="alert">
      <h2>No preview</h2>
      <p>${shown.refusal.detail}. ${shown.refusal.remedy}</p>
    </section>`;
  }
  const { ticketId, visit, correlationId, matchesRule, fields, problems } = shown.preview;
  const rule = matchesRule
    ? html`<span class="badge good">it asks for a technician</span>`
    : html`<span class="badge warn">it asks for no technician yet</span>`;
  return html`<section class="panel ${problems.length === 0 ? 'good' : 'bad'}" aria-labelledby="verdict">
      <h2 id="verdict">
        ${problems.length === 0 ? `Ticket ${ticketId} can become a work order` : `Ticket ${ticketId} cannot become a work order: ${plural(problems.length, 'problem')}`}
      </h2>
      <div class="row">
        ${rule} <span>Visit ${visit} · <span class="mono">${correlationId}</span></span>
      </div>
    </section>
    ${problems.map(problemCard)}
    <section class="card" aria-labelledby="fields">
      <h2 id="fields">Fields</h2>
      ${listView({
        look: 'cards',
        caption: null,
        heads: ['Work order', 'From', 'Action', 'Value'],
        rows: fields.map((field) => fieldRow(field, problems)),
      })}
    </section>`;
}

const problemCard = ({ target, source, message, value, remedy }: PreviewProblem): Markup =>
  html`<section class="card" aria-label="${target}">
    <h2 class="mono">${target}</h2>
    <dl class="facts">
      <dt>Problem</dt>
      <dd>${message}</dd>
      <dt>From</dt>
      <dd class="mono">${source ?? '–'}</dd>
      <dt>Value</dt>
      <dd>${value ?? 'none'}</dd>
      <dt>What to do</dt>
      <dd>${remedy}</dd>
    </dl>
  </section>`;

function fieldRow({ target, source, action, value }: PreviewField, problems: PreviewProblem[]): Markup {
  const shown =
    value === null || value === undefined
      ? problems.some((problem) => problem.target === target)
        ? html`<span class="why">see above</span>`
        : html`<span class="soft">left out</span>`
      : html`<span class="text">${typeof value === 'string' ? value : JSON.stringify(value)}</span>`;
  return html`<tr role="row">
    <td role="cell" data-label="Work order"><span class="mono">${target}</span></td>
    <td role="cell" data-label="From"><span class="mono soft">${source ?? '–'}</span></td>
    <td role="cell" data-label="Action"><span class="soft">${action}</span></td>
    <td role="cell" data-label="Value">${shown}</td>
  </tr>`;
}
