/** Tickets and work orders as people see them, with the buttons of both sides. */
import { html, webAddress } from '../../src/page/markup';
import type { Markup } from '../../src/page/markup';
import { outsideLink } from '../../src/page/frame';
import type { SandboxControl } from '../control-types';
import type { BotAction } from '../field-nation/states';
import { STATUSES } from '../freshdesk/account';
import { plainText } from '../html';
import { asArray, asNumber, asObject, asText, at } from '../json';
import type { JsonObject } from '../json';
import { pathOf } from './path';
import { editTicketForm, newTicketForm, troubleForm } from './forms';

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
  expense: 'Add expense',
  'approve-expenses': 'Approve expenses',
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

/** What the pages show beside the sandbox's own state. */
export interface Neighbour {
  /** Root of Deskbridge's pages; null: not known. */
  deskbridge: string | null;
}

/** Facts in one line; those that are empty are left out. */
const line = (...facts: string[]): string => facts.filter((fact) => fact !== '').join(' · ');

/** A time of either system; the reader's own clock once the script runs. */
const when = (value: unknown): Markup | string => {
  const text = asText(value).replace(' ', 'T').replace(/\.\d+/, '');
  const iso = /Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`;
  return Number.isNaN(Date.parse(iso))
    ? ''
    : html`<time datetime="${iso}" data-local="full">${text.slice(0, 16).replace('T', ' ')} UTC</time>`;
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

/** Tickets on the left, work orders on the right. */
export function overview(control: SandboxControl, neighbour: Neighbour): Markup {
  const tickets = control.tickets(SHOWN);
  const orders = control.workOrders(SHOWN);
  return html`<div class="head">
      <h1>Sandbox</h1>
      <p class="lead">
        A make-believe Freshdesk and Field Nation on this machine, wired to the real Deskbridge. Nothing leaves it,
        nothing costs anything.
      </p>
    </div>
    <ol class="steps">
      <li><strong>Make a ticket</strong>and let it need a technician.</li>
      <li><strong>See the work order</strong>Deskbridge creates and publishes it within seconds.</li>
      <li><strong>Be the technician</strong>Assign, check in, check out, work done.</li>
      <li><strong>Watch it resolve</strong>The ticket is resolved, with a private note.</li>
    </ol>
    <div class="board">
      <section aria-labelledby="tickets-head">
        <h2 id="tickets-head">Freshdesk tickets</h2>
        <details class="card" ${tickets.length < 3 ? html`open` : ''}>
          <summary>New ticket</summary>
          ${newTicketForm()}
        </details>
        <div id="tickets" data-live>
          ${tickets.length === 0 ? html`<p class="card none">No tickets yet.</p>` : ''}
          ${tickets.map((ticket) => ticketCard(control, ticket, neighbour))}
        </div>
      </section>
      <section aria-labelledby="orders-head">
        <h2 id="orders-head">Field Nation work orders</h2>
        <details class="card">
          <summary>Make something go wrong</summary>
          <div id="trouble" data-live>${troubleForm(control)}</div>
        </details>
        <div id="orders" data-live>
          ${orders.length === 0 ? html`<p class="card none">None yet. “Send a technician” on a ticket makes Deskbridge create one.</p>` : ''}
          ${orders.map((order) => orderCard(control, order))}
        </div>
      </section>
    </div>`;
}

/** One ticket with its conversation. */
export function ticketPage(control: SandboxControl, id: number, neighbour: Neighbour): Markup {
  const ticket = control.ticket(id);
  return html`<div class="narrow">
    <p class="crumbs"><a href="/">Sandbox</a> › Ticket ${id}</p>
    <h1 class="unseen">Ticket ${id}</h1>
    <div id="ticket" data-live>
      ${ticketCard(control, ticket, neighbour)}
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
    <details class="card" id="edit">
      <summary>Change the ticket</summary>
      ${editTicketForm(ticket)}
    </details>
  </div>`;
}

/** One work order with its messages and files. */
export function orderPage(control: SandboxControl, id: number): Markup {
  const order = control.workOrder(id);
  const blocks = asText(at(order, 'description.html')).replace(/<(p|div|ul|ol|table)\b/gi, '\n<$1');
  const description = tidy(plainText(blocks)).replace(/\n{2,}/g, '\n');
  const files = asArray(at(order, 'attachments.results')).flatMap((folder) => asArray(asObject(folder)['results']));
  return html`<div class="narrow">
    <p class="crumbs"><a href="/">Sandbox</a> › Work order ${id}</p>
    <h1 class="unseen">Work order ${id}</h1>
    <div id="order" data-live>
      ${orderCard(control, order)}
      <div class="card text">${description}</div>
      ${files.map((file) => fileCard(asObject(asObject(file)['file'])))}
      ${control.messages(id).map(
        (message) =>
          html`<div class="card message ${at(message, 'from.role') === 'buyer' ? 'private' : ''}">
            <p class="soft small">
              ${line(asText(at(message, 'from.name')), asText(message['role']))} ${when(at(message, 'created.utc'))}
            </p>
            <p class="text">${asText(message['message'])}</p>
          </div>`,
      )}
    </div>
  </div>`;
}

function fileCard(file: JsonObject): Markup {
  const address = webAddress(asText(file['link']));
  const name = asText(file['name']);
  return html`<p class="card">File: ${address ? outsideLink(address, name) : name}</p>`;
}

function ticketCard(control: SandboxControl, ticket: JsonObject, { deskbridge }: Neighbour): Markup {
  const id = Number(ticket['id']);
  const status = Number(ticket['status']);
  const gone = ticket['deleted'] === true ? 'deleted' : ticket['spam'] === true ? 'spam' : null;
  const order = asText(at(ticket, 'custom_fields.cf_work_order_id'));
  const technician = asText(at(ticket, 'custom_fields.cf_technician'));
  const button = (value: number, label: string): Markup =>
    html`<form class="inline" method="post" action="/tickets/${id}/status">
      <button name="status" value="${value}" class="${value === 8 ? 'main' : ''}">${label}</button>
    </form>`;
  return html`<article class="card">
    <h3><a href="/tickets/${id}">#${id} ${asText(ticket['subject'])}</a></h3>
    <p class="soft small">
      ${line(asText(at(ticket, 'requester.name')), asText(at(ticket, 'custom_fields.cf_site_name')), asText(at(ticket, 'custom_fields.cf_site_city')))}
    </p>
    ${pathOf(control, ticket)}
    <div class="row gap">
      <span class="badge ${status === 8 ? 'on' : status === 4 || status === 5 ? 'good' : ''}"
        >${STATUSES.get(status)?.[0] ?? status}</span
      >
      ${gone === null ? '' : html`<span class="badge bad">${gone}</span>`}
      ${asArray(ticket['tags']).map((tag) => html`<span class="badge plain">${asText(tag)}</span>`)}
      ${order === '' ? '' : html`<a class="badge on plain" href="/work-orders/${order}">Work order ${order}</a>`}
      ${technician === '' ? '' : html`<span class="badge plain">${technician}</span>`}
    </div>
    <div class="row gap">
      ${gone !== null || status === 8 ? '' : button(8, 'Send a technician')}
      ${gone !== null || status === 2 ? '' : button(2, 'Reopen')}
      ${gone !== null || status === 5 ? '' : button(5, 'Close')}
      ${deskbridge && (status === 8 || order !== '') ? html`<span class="small">${outsideLink(`${deskbridge}/dispatches/${id}`, 'In Deskbridge')}</span>` : ''}
    </div>
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
  const actions = byUse(control.possibleActions(id)).filter((action) => LABELS[action] !== undefined);
  const [next] = actions.filter((action) => NEXT_STEPS.includes(action) && action !== 'on-my-way');
  const button = (action: BotAction): Markup =>
    html`<form class="inline" method="post" action="/work-orders/${id}/actions">
      <button name="action" value="${action}" class="${action === next ? 'main' : ''}">${LABELS[action]}</button>
    </form>`;
  const usual = actions.filter((action) => NEXT_STEPS.includes(action));
  const others = actions.filter((action) => !NEXT_STEPS.includes(action));
  return html`<article class="card">
    <h3><a href="/work-orders/${id}">${id} ${asText(order['title'])}</a></h3>
    <p class="soft small">
      ${line(`${asText(at(order, 'location.city'))} ${asText(at(order, 'location.state'))}`.trim(), who)}
      ${when(at(order, 'schedule.service_window.start.utc'))}
    </p>
    <div class="row gap">
      <span class="badge ${tone}">${asText(at(order, 'status.name'))}</span>
      ${sub === '' ? '' : html`<span class="badge plain">${sub}</span>`}
      ${ticket === null ? '' : html`<a class="badge on plain" href="/tickets/${ticket}">Ticket ${ticket}</a>`}
    </div>
    <div class="row gap">${usual.map(button)}</div>
    ${
      others.length === 0
        ? ''
        : html`<details class="more" id="more-${id}">
            <summary>More of the technician and the office</summary>
            <div class="row gap">${others.map(button)}</div>
          </details>`
    }
  </article>`;
}

function conversationCard(control: SandboxControl, item: JsonObject): Markup {
  const isPrivate = item['private'] === true;
  const person = control.contact(Number(item['user_id']));
  const author = person === null ? 'Agent' : asText(person['name']);
  return html`<div class="card message ${isPrivate ? 'private' : ''}">
    <p class="soft small">
      ${line(author, isPrivate ? 'private note' : item['source'] === 2 ? 'public note' : 'reply')}
      ${when(item['created_at'])}
    </p>
    <p class="text">${tidy(asText(item['body_text']))}</p>
  </div>`;
}
