import type { SandboxControl } from '../control-types';
import type { BotAction } from '../field-nation/states';
import { plainText } from '../html';
import { asArray, asNumber, asObject, asText, at } from '../json';
import type { JsonObject } from '../json';
import { STATUSES } from '../freshdesk/account';
import { html } from '../../page/markup';
import type { Markup } from '../../page/markup';

const SHOWN = 50;
const LABELS: Partial<Record<BotAction, string>> = {
  request: 'Request',
  assign: 'Assign',
  'accept-route': 'Accept route',
  decline: 'Decline',
  confirm: 'Confirm',
  'on-my-way': 'On my way',
  'check-in': 'Check in',
  'check-out': 'Check out',
  upload: 'Upload photo',
  message: 'Message',
  problem: 'Report problem',
  'resolve-problem': 'Resolve problem',
  delay: 'Running late',
  'at-risk': 'At risk',
  'cancel-assignment': 'Cancel assignment',
  'work-done': 'Work done',
  incomplete: 'Mark incomplete',
  approve: 'Approve',
  pay: 'Pay',
  cancel: 'Cancel order',
  postpone: 'Postpone',
};
const NEXT_STEPS: BotAction[] = [
  'assign',
  'accept-route',
  'on-my-way',
  'check-in',
  'check-out',
  'work-done',
  'approve',
  'pay',
];

/** Facts in one line; those that are empty are left out. */
const line = (...facts: string[]): string => facts.filter((fact) => fact !== '').join(' · ');

/** A time of either system, for people: `2026-11-22 06:18 UTC`. */
const when = (value: unknown): string => {
  const text = asText(value);
  return text === '' ? '' : `${text.slice(0, 16).replace('T', ' ')} UTC`;
};

/** Text with its line breaks, without the indentation that markup leaves behind. */
const tidy = (text: string): string =>
  text
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();

/** The ticket that an order belongs to, by the id that Deskbridge put into it. */
const ticketOf = (order: JsonObject): string | null =>
  /\bFD-[a-z0-9-]+-(\d+)-\d+\b/.exec(JSON.stringify(order))?.[1] ?? null;

/** What usually comes next stands first. */
const byUse = (actions: BotAction[]): BotAction[] => [
  ...NEXT_STEPS.filter((action) => actions.includes(action)),
  ...actions.filter((action) => !NEXT_STEPS.includes(action)),
];

/** The frame around every page. */
export function pageFrame(title: string, body: Markup): string {
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/sandbox/page.css" />
        <script src="/sandbox/page.js" defer></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`.text
  }`;
}

/** Tickets on the left, work orders on the right. */
export function overview(control: SandboxControl): Markup {
  const tickets = control.tickets(SHOWN);
  const orders = control.workOrders(SHOWN);
  return html`<header>
      <h1>Sandbox</h1>
      <p>A make-believe Freshdesk and Field Nation on this machine. Nothing leaves it.</p>
      <p><a href="/contacts">Contacts</a></p>
    </header>
    <main>
      <section>
        <h2>Freshdesk tickets</h2>
        <details class="card">
          <summary>New ticket</summary>
          ${newTicketForm()}
        </details>
        <div id="tickets" data-live>
          ${tickets.length === 0 ? html`<p class="card soft">No tickets yet.</p>` : ''} ${tickets.map(ticketCard)}
        </div>
      </section>
      <section>
        <h2>Field Nation work orders</h2>
        <div id="orders" data-live>
          ${orders.length === 0 ? html`<p class="card soft">None yet. “Needs a technician” on a ticket makes Deskbridge create one.</p>` : ''}
          ${orders.map((order) => orderCard(control, order))}
        </div>
      </section>
    </main>`;
}

/** One ticket with its conversation. */
export function ticketPage(control: SandboxControl, id: number): Markup {
  const ticket = control.ticket(id);
  return html`<header class="single">
      <h1><a href="/">Sandbox</a> › Ticket ${id}</h1>
    </header>
    <main class="single">
      <section>
        <div id="ticket" data-live>
          ${ticketCard(ticket)}
          <div class="card text">${tidy(asText(ticket['description_text']))}</div>
          ${control.conversations(id).map((item) => conversationCard(control, item))}
        </div>
        <form class="card stack" method="post" action="/tickets/${id}/notes">
          <label>Message <textarea name="body" rows="3" required></textarea></label>
          <div class="row">
            <button class="main" name="kind" value="note">Add private note</button>
            <button name="kind" value="reply">Reply to requester</button>
            <button name="kind" value="requester">Answer as requester</button>
          </div>
        </form>
      </section>
    </main>`;
}

/** One work order with its messages and files. */
export function orderPage(control: SandboxControl, id: number): Markup {
  const order = control.workOrder(id);
  const blocks = asText(at(order, 'description.html')).replace(/<(p|div|ul|ol|table)\b/gi, '\n<$1');
  const description = tidy(plainText(blocks)).replace(/\n{2,}/g, '\n');
  const files = asArray(at(order, 'attachments.results')).flatMap((folder) => asArray(asObject(folder)['results']));
  return html`<header class="single">
      <h1><a href="/">Sandbox</a> › Work order ${id}</h1>
    </header>
    <main class="single">
      <section id="order" data-live>
        ${orderCard(control, order)}
        <div class="card text">${description}</div>
        ${files.map((file) => html`<p class="card">📎 <a href="${asText(at(file, 'file.link'))}">${asText(at(file, 'file.name'))}</a></p>`)}
        ${control.messages(id).map(
          (message) =>
            html`<div class="card talk ${at(message, 'from.role') === 'buyer' ? 'private' : ''}">
              <p class="soft">
                ${line(asText(at(message, 'from.name')), asText(message['role']), when(at(message, 'created.utc')))}
              </p>
              <p class="text">${asText(message['message'])}</p>
            </div>`,
        )}
      </section>
    </main>`;
}

function newTicketForm(): Markup {
  return html`<form class="stack" method="post" action="/tickets">
    <label>Subject <input name="subject" required maxlength="255" value="Receipt printer does not print" /></label>
    <label
      >Description
      <textarea name="description" rows="3" required>
The receipt printer at till 3 stays dark. Power and cable are checked.</textarea>
    </label>
    <label>Requester's e-mail <input name="email" type="email" required value="ana@harbor-books.example" /></label>
    <label>Site <input name="cf_site_name" value="Harbor Books" /></label>
    <label>Street <input name="cf_site_address" value="200 Elm Ave" /></label>
    <div class="pair">
      <label>City <input name="cf_site_city" value="Duluth" /></label>
      <label>State <input name="cf_site_state" value="MN" /></label>
      <label>ZIP <input name="cf_site_zip" value="55802" /></label>
    </div>
    <label class="check"><input type="checkbox" name="field" value="1" checked /> needs a technician</label>
    <div class="row"><button class="main">Create ticket</button></div>
  </form>`;
}

function ticketCard(ticket: JsonObject): Markup {
  const id = Number(ticket['id']);
  const status = Number(ticket['status']);
  const gone = ticket['deleted'] === true ? 'deleted' : ticket['spam'] === true ? 'spam' : null;
  const order = asText(at(ticket, 'custom_fields.cf_work_order_id'));
  const button = (value: number, label: string): Markup =>
    html`<form class="inline" method="post" action="/tickets/${id}/status">
      <button name="status" value="${value}" class="${value === 8 && status === 2 ? 'main' : ''}">${label}</button>
    </form>`;
  return html`<article class="card">
    <h3><a href="/tickets/${id}">#${id} ${asText(ticket['subject'])}</a></h3>
    <p class="soft">
      ${line(asText(at(ticket, 'requester.name')), asText(at(ticket, 'custom_fields.cf_site_name')), asText(at(ticket, 'custom_fields.cf_site_city')), when(ticket['updated_at']))}
    </p>
    <div class="row">
      <span class="badge ${status === 8 ? 'on' : status === 4 || status === 5 ? 'good' : ''}"
        >${STATUSES.get(status)?.[0] ?? status}</span
      >
      ${gone === null ? '' : html`<span class="badge bad">${gone}</span>`}
      ${asArray(ticket['tags']).map((tag) => html`<span class="badge">${asText(tag)}</span>`)}
      ${order === '' ? '' : html`<a class="badge on" href="/work-orders/${order}">Work order ${order}</a>`}
      ${asText(at(ticket, 'custom_fields.cf_technician')) === '' ? '' : html`<span class="badge">${asText(at(ticket, 'custom_fields.cf_technician'))}</span>`}
    </div>
    ${
      gone === null
        ? html`<div class="row">
            ${status === 8 ? '' : button(8, 'Needs a technician')} ${status === 2 ? '' : button(2, 'Open')}
            ${status === 5 ? '' : button(5, 'Close')}
          </div>`
        : ''
    }
  </article>`;
}

function orderCard(control: SandboxControl, order: JsonObject): Markup {
  const id = asNumber(order['id']) ?? 0;
  const user = asObject(at(order, 'assignee.user'));
  const status = asNumber(at(order, 'status.id')) ?? 0;
  const sub = asText(at(order, 'status.sub_status'));
  const ticket = ticketOf(order);
  const who = `${asText(user['first_name'])} ${asText(user['last_name'])}`.trim();
  const tone = status === 3 ? 'on' : status >= 4 && status <= 6 ? 'good' : status === 7 || status === 10 ? 'bad' : '';
  return html`<article class="card">
    <h3><a href="/work-orders/${id}">${id} ${asText(order['title'])}</a></h3>
    <p class="soft">
      ${line(`${asText(at(order, 'location.city'))} ${asText(at(order, 'location.state'))}`.trim(), when(at(order, 'schedule.service_window.start.utc')), who)}
    </p>
    <div class="row">
      <span class="badge ${tone}">${asText(at(order, 'status.name'))}</span>
      ${sub === '' ? '' : html`<span class="badge">${sub}</span>`}
      ${ticket === null ? '' : html`<a class="badge on" href="/tickets/${ticket}">Ticket ${ticket}</a>`}
    </div>
    <div class="row">
      ${byUse(control.possibleActions(id)).flatMap((action) =>
        LABELS[action] === undefined
          ? []
          : html`<form class="inline" method="post" action="/work-orders/${id}/actions">
              <button name="action" value="${action}" class="${NEXT_STEPS.includes(action) ? 'main' : ''}">
                ${LABELS[action]}
              </button>
            </form>`,
      )}
    </div>
  </article>`;
}

function conversationCard(control: SandboxControl, item: JsonObject): Markup {
  const isPrivate = item['private'] === true;
  const person = control.contact(Number(item['user_id']));
  const author = person === null ? 'Agent' : asText(person['name']);
  return html`<div class="card talk ${isPrivate ? 'private' : ''}">
    <p class="soft">
      ${line(author, isPrivate ? 'private note' : item['source'] === 2 ? 'public note' : 'reply', when(item['created_at']))}
    </p>
    <p class="text">${tidy(asText(item['body_text']))}</p>
  </div>`;
}
