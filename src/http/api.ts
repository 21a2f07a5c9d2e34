/** What operators ask and say about dispatches. Source: interface, section 4. */
import { Router, type Request } from 'express';
import { z } from 'zod';
import { DISPATCH_STATES } from '../contract/dispatch';
import { shortText } from '../filled-text';
import type { Dispatches } from '../temporal/dispatches';
import type { Starter } from '../temporal/starter';
import { requireOperator } from './admin';
import { jsonObjectOf, rawBody, ticketIdOf, WEBHOOK_LIMIT } from './body';
import { malformed, notFound } from './problem';

export interface ApiDeps {
  starter: Pick<Starter, 'dispatchVisit' | 'retry' | 'cancel'>;
  dispatches: Pick<Dispatches, 'list' | 'view'>;
  adminToken: string | null;
}

/** A number, or its text; the annotation tells the documentation what the transform takes. */
export const ticketId = z
  .unknown()
  .transform((value, context) => {
    const id = ticketIdOf(value);
    if (id !== null) return id;
    context.addIssue({ code: 'custom', message: 'is not a ticket number' });
    return z.NEVER;
  })
  .meta({
    description: 'Ticket number',
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'string', pattern: '^\\s*\\d{1,16}\\s*$' },
    ],
  });

const pageSize = z.string().regex(/^\d+$/, 'is not a number').transform(Number).pipe(z.number().min(1).max(200));

export const listQuery = z.object({
  state: z.enum(DISPATCH_STATES).optional(),
  ticket: ticketId.optional(),
  limit: pageSize.default(50),
  cursor: z
    .string()
    .regex(/^[\w-]{1,2000}$/, 'is no nextCursor of an answer')
    .optional(),
});

export const visitBody = z.object({ ticket_id: ticketId });
export const cancelBody = z.object({ reason: shortText(500) });

/** @throws Problem 400 that names every wrong field. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw malformed(result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; '));
}

const ticketOf = (request: Request): number => {
  const id = ticketIdOf(request.params.ticket);
  if (id === null) throw notFound('A ticket is named by its number.');
  return id;
};

export function apiRoutes({ starter, dispatches, adminToken }: ApiDeps): Router {
  const router = Router();
  const operator = requireOperator(adminToken);
  const json = rawBody(['application/json'], WEBHOOK_LIMIT);

  router.get('/api/dispatches', operator, async (request, response) => {
    const { state, ticket, limit, cursor } = checked(listQuery, request.query);
    const filter = {
      limit,
      ...(state ? { state } : {}),
      ...(ticket === undefined ? {} : { ticketId: ticket }),
      ...(cursor ? { cursor } : {}),
    };
    response.json(await dispatches.list(filter));
  });

  router.get('/api/dispatches/:ticket', operator, async (request, response) => {
    const view = await dispatches.view(ticketOf(request));
    if (!view) throw notFound(`There is no dispatch for ticket ${ticketOf(request)}.`);
    response.json(view);
  });

  router.post('/api/dispatches', operator, ...json, async (request, response) => {
    const { ticket_id } = checked(visitBody, jsonObjectOf(request));
    response.status(202).json({ dispatch: await starter.dispatchVisit(ticket_id) });
  });

  router.post('/api/dispatches/:ticket/retry', operator, async (request, response) => {
    await starter.retry(ticketOf(request));
    response.status(202).json({ accepted: true });
  });

  router.post('/api/dispatches/:ticket/cancel', operator, ...json, async (request, response) => {
    const { reason } = checked(cancelBody, jsonObjectOf(request));
    await starter.cancel(ticketOf(request), reason);
    response.status(202).json({ accepted: true });
  });

  return router;
}
