/** What a contact's run gave to Freshdesk, and what came back. */
import { html, type Markup } from '../../page/markup';
import type { RunCall } from '../../temporal/run-calls';
import { moment } from './words';

/** The newest first; nothing where no call was made. */
export function contactCallsView(calls: readonly RunCall[]): Markup | string {
  if (calls.length === 0) return '';
  return html`<section class="card" aria-labelledby="calls-head">
    <h2 id="calls-head">Calls to Freshdesk</h2>
    <ol class="timeline" reversed>
      ${[...calls].reverse().map(callView)}
    </ol>
  </section>`;
}

const callView = ({ at, what, outcome, attempts, status, detail, contact }: RunCall): Markup =>
  html`<li class="${outcome === 'done' ? '' : 'bad'}">
    ${moment(at)}
    <h3>
      ${what} – ${outcome}${attempts > 1 ? `, attempt ${attempts}` : ''}${status === null ? '' : `, status ${status}`}
    </h3>
    ${[contact?.answer ? `Freshdesk answered ${contact.answer}` : null, detail].map((text) => (text ? html`<p>${text}</p>` : ''))}
    ${contact ? html`<pre>${JSON.stringify(contact.body, null, 2)}</pre>` : ''}
  </li>`;
