/** What operators ask and say about dispatches. Source: interface, section 4. */
import { type Router, type Request } from 'express';
import { exactRouter } from '../exact-router';
import { z } from 'zod';
import { DISPATCH_STATES } from '../contract/dispatch';
import { shortText } from '../filled-text';
import type { Dispatches } from '../temporal/dispatches';
import type { Starter } from '../temporal/starter';
import { byOf, operatorOf, requireOperator } from './admin';
import { operatorIs, type Act, type Audit } from './audit';
import { jsonObjectOf, optionalJson, rawBody, ticketIdOf, WEBHOOK_LIMIT } from './body';
import { malformed, notFound } from './problem';

export interface ApiDeps {
  starter: Pick<Starter, 'dispatchVisit' | 'retry' | 'approve' | 'cancel'>;
  dispatches: Pick<Dispatches, 'list' | 'view'>;
  adminToken: string | null;
  audit: Audit;
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
      { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^\\s*(?=\\d{1,15}\\s*$)0*[1-9]\\d*\\s*$' },
    ],
  });

/** How many a list shall have; the annotation tells the documentation what the text holds. */
export const pageSize = (maximum: number) =>
  z
    .string()
    .regex(/^\d+$/, 'is not a number')
    .meta({ type: 'integer', minimum: 1, maximum })
    .transform(Number)
    .pipe(z.number().min(1).max(maximum));

export const listQuery = z.object({
  state: z.enum(DISPATCH_STATES).optional(),
  ticket: ticketId.optional(),
  limit: pageSize(200).default(50),
  cursor: z
    .string()
    .regex(/^[\w-]{1,2000}$/, 'is not the nextCursor of an answer')
    .optional(),
});

/** Who gives the command; null or absent: a person who gives no name. */
export const by = shortText(100).nullish();
export const byBody = z.object({ by });
export const visitBody = z.object({ ticket_id: ticketId, by });
export const cancelBody = z.object({ reason: shortText(500), by });
export const approveBody = z.object({
  by,
  amount: z.number().min(0).nullish().describe('The sum that was shown, in USD; null where it has no bound'),
});

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

export function apiRoutes({ starter, dispatches, adminToken, audit }: ApiDeps): Router {
  const router = exactRouter();
  const operator = requireOperator(adminToken);
  const json = rawBody(['application/json'], WEBHOOK_LIMIT);
  const optional = optionalJson(WEBHOOK_LIMIT);
  /** Who it was stands first; `given` is whom a trusted program acts for. */
  const done = (request: Request, act: Act, ticket: number, given?: string | null): void => {
    audit.note({
      act,
      by: operatorIs(operatorOf(request)),
      what: `ticket ${ticket}`,
      ...(given ? { detail: `for ${given}` } : {}),
    });
  };

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
    const { ticket_id, by: given } = checked(visitBody, jsonObjectOf(request));
    const dispatch = await starter.dispatchVisit(ticket_id, byOf(request, given));
    done(request, 'dispatched', ticket_id, given);
    response.status(202).json({ dispatch });
  });

  router.post('/api/dispatches/:ticket/retry', operator, ...optional, async (request, response) => {
    const { by: given } = checked(byBody, jsonObjectOf(request));
    await starter.retry(ticketOf(request), byOf(request, given));
    done(request, 'retried', ticketOf(request), given);
    response.status(202).json({ accepted: true });
  });

  router.post('/api/dispatches/:ticket/approve', operator, ...optional, async (request, response) => {
    const { by: given, amount } = checked(approveBody, jsonObjectOf(request));
    await starter.approve(ticketOf(request), { by: byOf(request, given), ...(amount === undefined ? {} : { amount }) });
    done(request, 'approved', ticketOf(request), given);
    response.status(202).json({ accepted: true });
  });

  router.post('/api/dispatches/:ticket/cancel', operator, ...json, async (request, response) => {
    const { reason, by: given } = checked(cancelBody, jsonObjectOf(request));
    await starter.cancel(ticketOf(request), reason, byOf(request, given));
    done(request, 'cancelled', ticketOf(request), given);
    response.status(202).json({ accepted: true });
  });

  return router;
}
