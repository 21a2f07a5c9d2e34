/** The calls of one dispatch; of those that failed, what was sent and what came back. */
import { html, type Markup } from '../../page/markup';
import { hasFailed } from '../../temporal/failed-calls';
import type { RunCall } from '../../temporal/run-calls';
import { moment } from './words';

export const callsView = (ticketId: number, calls: readonly RunCall[]): Markup =>
  html`<p class="crumbs">
      <a href="/">Dispatches</a> › <a href="/dispatches/${ticketId}">Ticket ${ticketId}</a> › Calls
    </p>
    <div class="head">
      <h1>Calls for ticket ${ticketId}</h1>
      <p class="lead">The newest first. A failed call shows what was sent and answered; what people wrote is masked.</p>
    </div>
    ${
      calls.length === 0
        ? html`<p class="soft">No calls yet.</p>`
        : html`<ol class="timeline" reversed>
            ${[...calls].reverse().map(callView)}
          </ol>`
    }`;

const outcomeOf = ({ outcome, attempts, status }: RunCall): string =>
  [outcome, ...(attempts > 1 ? [`attempt ${attempts}`] : []), ...(status === null ? [] : [`status ${status}`])].join(
    ', ',
  );

const callView = (call: RunCall): Markup =>
  html`<li class="${hasFailed(call) ? 'bad' : 'good'}">
    ${moment(call.at)}
    <h3>${call.to}: ${call.what}</h3>
    <p>${outcomeOf(call)}</p>
    ${call.detail ? html`<p>${call.detail}</p>` : ''}
    ${
      call.exchange
        ? html`<details>
            <summary>Details</summary>
            <pre>${call.exchange.request}</pre>
            <pre>${call.exchange.answer ?? 'No answer came.'}</pre>
          </details>`
        : ''
    }
  </li>`;
