import type { SandboxControl } from '../control-types';
import { asArray, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import { html } from '../../page/markup';
import type { Markup } from '../../page/markup';

const SHOWN = 200;
const FACTS = ['email', 'phone', 'mobile', 'unique_external_id', 'job_title', 'address', 'company_id'] as const;

/** All contacts, newest first; deleted ones are marked. */
export function contactsPage(control: SandboxControl): Markup {
  const contacts = control.contacts();
  return html`<header class="single">
      <h1><a href="/">Sandbox</a> › Contacts</h1>
      <p>${contacts.length > SHOWN ? `The newest ${SHOWN} of ${contacts.length}` : ''}</p>
    </header>
    <main class="single">
      <section id="contacts" data-live>${contacts.slice(-SHOWN).reverse().map(contactCard)}</section>
    </main>`;
}

export function contactPage(control: SandboxControl, id: number): Markup {
  const contact = control.contact(id);
  return html`<header class="single">
      <h1><a href="/">Sandbox</a> › <a href="/contacts">Contacts</a> › ${id}</h1>
    </header>
    <main class="single">
      <section id="contact" data-live>
        ${contact === null ? html`<p class="card soft">There is no such contact.</p>` : contactCard(contact)}
      </section>
    </main>`;
}

function contactCard(contact: JsonObject): Markup {
  const facts = [
    ...FACTS.map((name): [string, unknown] => [name, contact[name]]),
    ...Object.entries(asObject(contact['custom_fields'])),
  ];
  return html`<article class="card">
    <h3><a href="/contacts/${asText(contact['id'])}">${asText(contact['name'])}</a></h3>
    ${facts.map(([name, value]) => (asText(value) === '' ? '' : html`<p><span class="soft">${name}</span> ${asText(value)}</p>`))}
    <div class="row">
      ${contact['deleted'] === true ? html`<span class="badge bad">deleted</span>` : ''}
      ${asArray(contact['tags']).map((tag) => html`<span class="badge">${asText(tag)}</span>`)}
    </div>
  </article>`;
}
