import express, { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';

import { pageFiles, pageFrame } from '../../src/page/frame';
import { pageHeaders } from '../../src/page/headers';
import { escapeHtml, html } from '../../src/page/markup';
import type { Markup } from '../../src/page/markup';
import { SandboxRefusal } from '../control-types';
import type { SandboxControl } from '../control-types';
import { BOT_ACTIONS } from '../field-nation/states';
import { FIELD_SERVICE_REQUIRED } from '../freshdesk/account';
import { asObject, asText } from '../json';
import type { JsonObject } from '../json';
import { contactPage, contactsPage } from './contacts';
import { sendProductEvent } from './product-event';
import { TROUBLES } from './trouble';
import { orderPage, overview, ticketPage } from './views';

const REFRESH_SECONDS = 2;

export interface PageDeps {
  control: SandboxControl;
  /** Root of Deskbridge, where webhooks go too; null: none is known. */
  deskbridgeUrl: () => string | null;
  eventsWriteKey: string | null;
}

/** The page for people: tickets, work orders, and the buttons of both sides. Forms answer with a redirect. */
export function pageRouter({ control, deskbridgeUrl, eventsWriteKey }: PageDeps): Router {
  const router = Router();
  const neighbour = () => ({ deskbridge: deskbridgeUrl() });
  const show = (res: Response, title: string, body: Markup, current = ''): void =>
    void res.type('html').send(frame(title, body, current, deskbridgeUrl()));

  router.use(pageFiles());
  router.use(pageHeaders);
  router.get('/', (_req, res) => show(res, 'Sandbox', overview(control, neighbour()), '/'));
  router.get('/tickets/:id', (req, res) => {
    const id = Number(req.params.id);
    show(res, `Ticket ${id}`, ticketPage(control, id, neighbour()));
  });
  router.get('/contacts', (_req, res) => show(res, 'Contacts', contactsPage(control, null), '/contacts'));
  router.get('/contacts/:id', (req, res) => {
    const id = Number(req.params.id);
    show(res, `Contact ${id}`, contactPage(control, id), '/contacts');
  });
  router.get('/work-orders/:id', (req, res) => {
    const id = Number(req.params.id);
    show(res, `Work order ${id}`, orderPage(control, id));
  });

  const refuse = (res: Response, status: number, text: string): void =>
    void res
      .status(status)
      .type('html')
      .send(frame('Sandbox', message(text), '', deskbridgeUrl()));
  /** Forms of foreign pages are not taken. */
  const sameOrigin = (req: Request, res: Response, next: NextFunction): void => {
    const { origin, host } = req.headers;
    if (origin === undefined || origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`) return next();
    refuse(res, 403, 'This form was sent from another page.');
  };
  const form = [sameOrigin, express.urlencoded({ extended: false, limit: '200kb' })];
  router.post('/tickets', form, (req: Request, res: Response) => {
    const fields = asObject(req.body);
    const email = asText(fields['email']).trim();
    const created = control.createTicket({
      subject: asText(fields['subject']),
      description: `<div>${escapeHtml(asText(fields['description'])).replace(/\r?\n/g, '<br>')}</div>`,
      requester: { name: email.split('@')[0] ?? email, email },
      custom_fields: siteOf(fields),
      ...(fields['field'] === undefined ? {} : { status: FIELD_SERVICE_REQUIRED }),
    });
    res.redirect(303, `/tickets/${Number(created['id'])}`);
  });
  router.post('/tickets/:id/status', form, (req: Request<{ id: string }>, res: Response) => {
    control.updateTicket(Number(req.params.id), { status: Number(asObject(req.body)['status']) });
    back(req, res);
  });
  router.post('/tickets/:id/edit', form, (req: Request<{ id: string }>, res: Response) => {
    const id = Number(req.params.id);
    const fields = asObject(req.body);
    control.updateTicket(id, { subject: asText(fields['subject']), custom_fields: siteOf(fields) });
    res.redirect(303, `/tickets/${id}`);
  });
  router.post('/tickets/:id/notes', form, (req: Request<{ id: string }>, res: Response) => {
    const id = Number(req.params.id);
    const { body, kind } = asObject(req.body);
    const text = escapeHtml(asText(body)).replace(/\r?\n/g, '<br>');
    if (kind === 'note') control.addNote(id, text);
    else control.reply(id, text, kind === 'requester' ? 'requester' : 'agent');
    res.redirect(303, `/tickets/${id}`);
  });
  router.post('/work-orders/:id/actions', form, (req: Request<{ id: string }>, res: Response) => {
    const action = BOT_ACTIONS.find((candidate) => candidate === asObject(req.body)['action']);
    if (action !== undefined) control.act(Number(req.params.id), action);
    back(req, res);
  });
  router.post('/contacts/events', form, async (req: Request, res: Response) => {
    const intake = { deskbridge: deskbridgeUrl(), writeKey: eventsWriteKey };
    const said = await sendProductEvent(intake, asObject(req.body));
    show(res, 'Contacts', contactsPage(control, said), '/contacts');
  });
  router.post('/trouble', form, (req: Request, res: Response) => {
    const { trouble, on } = asObject(req.body);
    TROUBLES.find(({ name }) => name === trouble)?.turn(control, asText(on) !== '');
    back(req, res);
  });
  router.use((_req, res) => refuse(res, 404, 'There is no such page.'));
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!(error instanceof SandboxRefusal)) return next(error);
    refuse(res, error.status, error.message);
  });
  return router;
}

/** Emptied fields are sent as null, as Freshdesk's own form does. */
const siteOf = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => name.startsWith('cf_site_'))
      .map(([name, value]) => [name, asText(value).trim() || null]),
  );

/** Back to the page with the button; only paths of this server. */
function back(req: Request, res: Response): void {
  const text = req.get('referer') ?? '';
  const referer = URL.canParse(text) ? new URL(text) : null;
  const path = referer !== null && referer.host === req.headers.host ? referer.pathname : '/';
  res.redirect(303, path.startsWith('//') ? '/' : path);
}

const frame = (title: string, body: Markup, current: string, deskbridge: string | null): string =>
  pageFrame({
    title,
    body,
    place: 'sandbox',
    refresh: REFRESH_SECONDS,
    nav: [
      { label: 'Tickets and work orders', href: '/', current: current === '/' },
      { label: 'Contacts', href: '/contacts', current: current === '/contacts' },
      ...(deskbridge === null ? [] : [{ label: 'Status page', href: deskbridge, outside: true }]),
    ],
  });

const message = (text: string): Markup =>
  html`<div class="narrow">
    <h1 class="unseen">Sandbox</h1>
    <p class="card">${text} <a href="/">Back to the overview</a></p>
  </div>`;
