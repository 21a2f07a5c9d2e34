import { html } from '../../src/page/markup';
import type { Markup } from '../../src/page/markup';
import type { SandboxControl } from '../control-types';
import { asArray, asObject, asText } from '../json';
import type { JsonObject } from '../json';

const SHOWN = 200;
const FACTS = ['email', 'phone', 'mobile', 'unique_external_id', 'job_title', 'address', 'company_id'] as const;

/** All contacts, newest first; deleted ones are marked. `said` tells what came of a form. */
export function contactsPage(control: SandboxControl, said: string | null): Markup {
  const contacts = control.contacts();
  return html`<div class="narrow">
    <div class="head">
      <h1>Contacts</h1>
      <p class="lead">
        People of the make-believe
        Freshdesk${contacts.length > SHOWN ? `, the newest ${SHOWN} of ${contacts.length}` : ''}. An event of your
        product makes one, when the person agreed to marketing.
      </p>
    </div>
    ${said === null ? '' : html`<p class="panel note" role="status">${said}</p>`}
    <details class="card" id="event" open>
      <summary>Send a product event</summary>
      ${eventForm()}
    </details>
    <section id="contacts" data-live aria-label="Contacts">
      ${contacts.slice(-SHOWN).reverse().map(contactCard)}
    </section>
  </div>`;
}

function eventForm(): Markup {
  return html`<form class="stack" method="post" action="/contacts/events">
    <div class="three">
      <label>Name <input name="name" required value="Ann Lee" /></label>
      <label>E-mail <input name="email" type="email" required value="ann@example.com" /></label>
      <label>User id <input name="user_id" required value="usr_1" /></label>
    </div>
    <label class="check"><input type="checkbox" name="consent" value="1" checked /> agreed to marketing</label>
    <div class="row">
      <button class="main" name="event" value="Signed Up">Signed Up</button>
      <button name="event" value="Identified">Identified</button>
    </div>
  </form>`;
}

export function contactPage(control: SandboxControl, id: number): Markup {
  const contact = control.contact(id);
  return html`<div class="narrow">
    <p class="crumbs"><a href="/">Sandbox</a> › <a href="/contacts">Contacts</a> › ${id}</p>
    <h1 class="unseen">Contact ${id}</h1>
    <section id="contact" data-live aria-label="Contact">
      ${contact === null ? html`<p class="card soft">There is no such contact.</p>` : contactCard(contact)}
    </section>
  </div>`;
}

function contactCard(contact: JsonObject): Markup {
  const facts = [
    ...FACTS.map((name): [string, unknown] => [name, contact[name]]),
    ...Object.entries(asObject(contact['custom_fields'])),
  ].filter(([, value]) => asText(value) !== '');
  const tags = asArray(contact['tags']);
  return html`<article class="card">
    <h3><a href="/contacts/${asText(contact['id'])}">${asText(contact['name'])}</a></h3>
    <dl class="facts gap">
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${asText(value)}</dd>`,
      )}
    </dl>
    ${
      contact['deleted'] === true || tags.length > 0
        ? html`<div class="row gap">
            ${contact['deleted'] === true ? html`<span class="badge bad">deleted</span>` : ''}
            ${tags.map((tag) => html`<span class="badge plain">${asText(tag)}</span>`)}
          </div>`
        : ''
    }
  </article>`;
}
