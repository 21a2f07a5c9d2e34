import { html } from '../../src/page/markup';
import type { Markup } from '../../src/page/markup';
import type { SandboxControl } from '../control-types';
import { asText, at } from '../json';
import type { JsonObject } from '../json';
import { TROUBLES } from './trouble';

const SITE = {
  cf_site_name: 'Harbor Books',
  cf_site_address: '200 Elm Ave',
  cf_site_city: 'Duluth',
  cf_site_state: 'MN',
  cf_site_zip: '55802',
};

function siteFields(valueOf: (name: keyof typeof SITE) => string): Markup {
  const field = (name: keyof typeof SITE, label: string): Markup =>
    html`<label>${label} <input name="${name}" value="${valueOf(name)}" /></label>`;
  return html`${field('cf_site_name', 'Site')} ${field('cf_site_address', 'Street, without it no work order')}
    <div class="three">
      ${field('cf_site_city', 'City')} ${field('cf_site_state', 'State')} ${field('cf_site_zip', 'ZIP')}
    </div>`;
}

export function newTicketForm(): Markup {
  return html`<form class="stack" method="post" action="/tickets">
    <label>Subject <input name="subject" required maxlength="255" value="Receipt printer does not print" /></label>
    <label>
      Description
      <textarea name="description" rows="3" required>
The receipt printer at till 3 stays dark. Power and cable are checked.</textarea>
    </label>
    <label>Requester's e-mail <input name="email" type="email" required value="ana@harbor-books.example" /></label>
    ${siteFields((name) => SITE[name])}
    <label class="check"><input type="checkbox" name="field" value="1" checked /> needs a technician</label>
    <div class="row"><button class="main">Create ticket</button></div>
  </form>`;
}

export function editTicketForm(ticket: JsonObject): Markup {
  return html`<form class="stack" method="post" action="/tickets/${Number(ticket['id'])}/edit">
    <label>Subject <input name="subject" required maxlength="255" value="${asText(ticket['subject'])}" /></label>
    ${siteFields((name) => asText(at(ticket, `custom_fields.${name}`)))}
    <div class="row"><button class="main">Save</button></div>
  </form>`;
}

export function troubleForm(control: SandboxControl): Markup {
  return html`<p class="soft small">Then look at the status page: it says what waits, why, and what to do.</p>
    ${TROUBLES.map((trouble) => {
      const on = trouble.isOn(control);
      return html`<form class="row gap" method="post" action="/trouble">
        <input type="hidden" name="on" value="${on ? '' : '1'}" />
        <button name="trouble" value="${trouble.name}" class="${on ? 'main' : 'danger'}">
          ${on ? `Fix: ${trouble.words}` : trouble.words}
        </button>
        ${on ? html`<span class="badge bad">on</span>` : ''}
      </form>`;
    })}`;
}
