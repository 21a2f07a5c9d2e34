import express, { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';
import { z, ZodError } from 'zod';

import { SandboxRefusal } from './control-types';
import type { HandMadeEvent, NewTicket, SandboxControl } from './control-types';
import type { Fault } from './faults';
import { BOT_ACTIONS } from './field-nation/states';
import type { BotOptions } from './field-nation/bot';
import type { AutomationRule } from './freshdesk/types';
import type { KnobsPatch } from './knobs';

const performer = z.enum(['agent', 'requester', 'api']);
const system = z.enum(['freshdesk', 'field-nation']);
const file = z.object({ name: z.string(), type: z.string().optional(), content: z.string() });
const updateBody = z.object({ patch: z.record(z.string(), z.unknown()), performer: performer.optional() });
const noteBody = z.object({
  body: z.string(),
  by: performer.optional(),
  private: z.boolean().optional(),
  attachments: z.array(file).optional(),
});
const actBody = z.object({
  action: z.enum(BOT_ACTIONS),
  options: z
    .strictObject({
      providerId: z.int().optional(),
      text: z.string().optional(),
      fileName: z.string().optional(),
      fileContent: z.string().optional(),
      minutes: z.number().optional(),
      amount: z.number().optional(),
      asBuyer: z.boolean().optional(),
    })
    .optional(),
});
const eventBody = z.object({
  name: z.string(),
  workOrderId: z.int(),
  params: z.record(z.string(), z.unknown()).optional(),
  workorder: z.record(z.string(), z.unknown()).optional(),
});
const idleBody = z.object({ retries: z.boolean().optional(), timeoutMs: z.number().optional() });

type Work = (body: unknown, id: number, req: Request) => unknown;

/** The control over HTTP: JSON in, JSON out; 204 where there is nothing to say; refusals as `{ error, status, body }`. */
export function controlRouter(control: SandboxControl): Router {
  const router = Router();
  // Only JSON is read: a form on a foreign page cannot send it without asking first.
  router.use(express.json({ limit: '10mb', strict: false }), requireJson);
  const on = (method: 'get' | 'post' | 'patch' | 'put' | 'delete', path: string, work: Work): void => {
    router[method](path, async (req, res) => {
      const result = await work(req.body ?? {}, Number(req.params['id']), req);
      if (result === undefined) res.status(204).end();
      else res.json(result);
    });
  };
  on('get', '/tickets', (_body, _id, req) => control.tickets(newest(req)));
  on('post', '/tickets', (body) => control.createTicket(body as NewTicket));
  on('get', '/tickets/:id', (_body, id) => control.ticket(id));
  on('patch', '/tickets/:id', (body, id) => {
    const { patch, performer: by } = updateBody.parse(body);
    return control.updateTicket(id, patch, by);
  });
  on('delete', '/tickets/:id', (_body, id) => control.deleteTicket(id));
  on('post', '/tickets/:id/restore', (_body, id) => control.restoreTicket(id));
  on('post', '/tickets/:id/spam', (body, id) =>
    control.markSpam(id, z.object({ spam: z.boolean().optional() }).parse(body).spam),
  );
  on('get', '/tickets/:id/conversations', (_body, id) => control.conversations(id));
  on('post', '/tickets/:id/notes', (body, id) => {
    const { body: text, ...options } = noteBody.parse(body);
    return control.addNote(id, text, options as Parameters<SandboxControl['addNote']>[2]);
  });
  on('post', '/tickets/:id/replies', (body, id) => {
    const { body: text, by } = noteBody.parse(body);
    return control.reply(id, text, by);
  });
  on('post', '/tickets/:id/webhook', (body, id) => ({
    sent: control.fireWebhook(id, z.object({ copies: z.int().min(1).max(1000).optional() }).parse(body).copies),
  }));
  on('get', '/contacts', () => control.contacts());
  on('get', '/contacts/:id', (_body, id) => control.contact(id));
  on('get', '/rules', () => control.rules());
  on('put', '/rules/:id', (body, id) => control.setRule(id, body as Partial<Omit<AutomationRule, 'id'>>));

  on('get', '/work-orders', (_body, _id, req) => control.workOrders(newest(req)));
  on('get', '/work-orders/:id', (_body, id) => control.workOrder(id));
  on('get', '/work-orders/:id/messages', (_body, id) => control.messages(id));
  on('get', '/work-orders/:id/actions', (_body, id) => control.possibleActions(id));
  on('post', '/work-orders/:id/actions', (body, id) => {
    const { action, options } = actBody.parse(body);
    return control.act(id, action, options as BotOptions | undefined);
  });
  on('post', '/events', (body) => control.sendEvent(eventBody.parse(body) as HandMadeEvent));
  on('put', '/webhook', (body) => control.setWebhookActive(z.object({ active: z.boolean() }).parse(body).active));
  on('post', '/tokens/expire', () => control.expireTokens());

  on('get', '/deliveries', () => control.deliveries());
  on('post', '/deliveries/:id/resend', (_body, id) => control.resendDelivery(String(id)));
  on('post', '/deliveries/hold', (body) =>
    control.holdWebhooks(z.object({ system: system.optional() }).parse(body).system),
  );
  on('post', '/deliveries/release', (body) => {
    const release = z
      .object({ order: z.enum(['created', 'reversed', 'shuffled']).optional(), system: system.optional() })
      .parse(body);
    return control.releaseWebhooks(release.order, release.system);
  });
  on('post', '/deliveries/idle', (body) =>
    control.idle(idleBody.parse(body) as { retries?: boolean; timeoutMs?: number }),
  );

  on('get', '/knobs', () => control.knobs());
  on('patch', '/knobs', (body) => control.setKnobs(body as KnobsPatch));
  on('delete', '/knobs', () => control.resetKnobs());
  on('get', '/faults', () => control.faults());
  on('post', '/faults', (body) => ({ id: control.addFault(body as Fault) }));
  on('delete', '/faults', () => control.clearFaults());
  on('delete', '/faults/:id', (_body, _id, req) => control.clearFaults(String(req.params['id'])));
  on('get', '/history', () => control.history());
  on('get', '/calls', () => control.calls());
  on('delete', '/history', () => control.clearHistory());
  on('post', '/clock', (body) =>
    control.advanceClock(z.object({ advanceMs: z.number().min(0) }).parse(body).advanceMs),
  );

  router.use((_req, res) => void res.status(404).json({ error: 'There is no such control route.' }));
  router.use(controlError);
  return router;
}

/** `?newest=50` */
const newest = (req: Request): number | undefined =>
  z.object({ newest: z.coerce.number().int().positive().optional() }).parse(req.query).newest;

function requireJson(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.is('application/json') !== false || (req.get('content-length') ?? '0') === '0') {
    return next();
  }
  res.status(415).json({ error: 'Send JSON.' });
}

function controlError(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  if (error instanceof SandboxRefusal) {
    res.status(error.status).json({ error: error.message, status: error.status, body: error.body });
  } else if (error instanceof ZodError) {
    res.status(400).json({ error: z.prettifyError(error) });
  } else {
    res.status(400).json({ error: error instanceof Error ? error.message : 'unknown' });
  }
}
