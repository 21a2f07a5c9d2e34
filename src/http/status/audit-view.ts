/** Who did what: the newest acts of operators. */
import { html, type Markup } from '../../page/markup';
import type { AuditEntry } from '../audit';
import { moment } from './words';

/** Null: no file is kept here. */
export const auditView = (entries: AuditEntry[] | null): Markup =>
  html`<div class="head">
      <h1>Audit</h1>
      <p class="lead">Who signed in, dispatched, approved, retried, cancelled, paused, or changed the config.</p>
    </div>
    <section class="card" aria-label="Acts">
      <div id="rows" data-live>${entries === null ? elsewhere : entries.length === 0 ? none : tableOf(entries)}</div>
    </section>`;

const elsewhere = html`<p class="none">
  Several servers may run here, so no file is kept. Each server writes the audit trail into its log: look for lines with
  <span class="mono">"audit":true</span>.
</p>`;

const none = html`<p class="none">Nobody has done anything yet.</p>`;

const VIA: Record<NonNullable<AuditEntry['via']>, string> = {
  session: 'page',
  token: 'API',
  shell: 'command line',
  'this machine': 'this machine, no sign-in',
};

const tableOf = (entries: AuditEntry[]): Markup =>
  html`<div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Act</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          ({ at, act, who, via, what, detail }) =>
            html`<tr>
              <td>${moment(at)}</td>
              <td>${who ?? 'no name'}${via === null ? '' : html` <span class="soft">(${VIA[via] ?? via})</span>`}</td>
              <td>${act}${what === null ? '' : ` ${what}`}</td>
              <td>${detail ?? ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
