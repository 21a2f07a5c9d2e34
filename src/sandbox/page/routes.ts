import express, { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';

import { SandboxRefusal } from '../control-types';
import type { SandboxControl } from '../control-types';
import { BOT_ACTIONS } from '../field-nation/states';
import { FIELD_SERVICE_REQUIRED } from '../freshdesk/account';
import { escapeHtml } from '../../page/markup';
import { asObject, asText } from '../json';
import { contactPage, contactsPage } from './contacts';
import { html } from '../../page/markup';
import { PAGE_SCRIPT, PAGE_STYLE } from './style';
import { orderPage, overview, pageFrame, ticketPage } from './views';

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

/** The page for people: tickets, work orders, and the buttons of both sides. Forms answer with a redirect. */
export function pageRouter(control: SandboxControl): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'X-Frame-Options': 'DENY',
    });
    next();
  });
  router.get('/sandbox/page.css', (_req, res) => void res.type('text/css').send(PAGE_STYLE));
  router.get('/sandbox/page.js', (_req, res) => void res.type('text/javascript').send(PAGE_SCRIPT));
  router.get('/', (_req, res) => void res.type('html').send(pageFrame('Sandbox', overview(control))));
  router.get('/tickets/:id', (req, res) => {
    const id = Number(req.params.id);
    res.type('html').send(pageFrame(`Ticket ${id}`, ticketPage(control, id)));
  });
  router.get('/contacts', (_req, res) => void res.type('html').send(pageFrame('Contacts', contactsPage(control))));
  router.get('/contacts/:id', (req, res) => {
    const id = Number(req.params.id);
    res.type('html').send(pageFrame(`Contact ${id}`, contactPage(control, id)));
  });
  router.get('/work-orders/:id', (req, res) => {
    const id = Number(req.params.id);
    res.type('html').send(pageFrame(`Work order ${id}`, orderPage(control, id)));
  });

  const form = [sameOrigin, express.urlencoded({ extended: false, limit: '200kb' })];
  router.post('/tickets', form, (req: Request, res: Response) => {
    const fields = asObject(req.body);
    const email = asText(fields['email']).trim();
    const site = Object.entries(fields).filter(([name]) => name.startsWith('cf_site_'));
    const created = control.createTicket({
      subject: asText(fields['subject']),
      description: `<div>${escapeHtml(asText(fields['description'])).replace(/\r?\n/g, '<br>')}</div>`,
      requester: { name: email.split('@')[0] ?? email, email },
      custom_fields: Object.fromEntries(site),
      ...(fields['field'] === undefined ? {} : { status: FIELD_SERVICE_REQUIRED }),
    });
    res.redirect(303, `/tickets/${Number(created['id'])}`);
  });
  router.post('/tickets/:id/status', form, (req: Request<{ id: string }>, res: Response) => {
    control.updateTicket(Number(req.params.id), { status: Number(asObject(req.body)['status']) });
    back(req, res);
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
  router.use((_req, res) => void res.status(404).type('html').send(message('There is no such page.')));
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!(error instanceof SandboxRefusal)) return next(error);
    res.status(error.status).type('html').send(message(error.message));
  });
  return router;
}

/** Forms of foreign pages are not taken. */
function sameOrigin(req: Request, res: Response, next: NextFunction): void {
  const { origin, host } = req.headers;
  if (origin === undefined || origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`) return next();
  res.status(403).type('html').send(message('This form was sent from another page.'));
}

/** Back to the page with the button; only paths of this server. */
function back(req: Request, res: Response): void {
  const text = req.get('referer') ?? '';
  const referer = URL.canParse(text) ? new URL(text) : null;
  const path = referer !== null && referer.host === req.headers.host ? referer.pathname : '/';
  res.redirect(303, path.startsWith('//') ? '/' : path);
}

const message = (text: string): string =>
  pageFrame(
    'Sandbox',
    html`<header class="single">
        <h1><a href="/">Sandbox</a></h1>
      </header>
      <main class="single">
        <p class="card">${text} <a href="/">Back to the overview</a></p>
      </main>`,
  );
