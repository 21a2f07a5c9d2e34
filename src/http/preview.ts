/** `POST /api/mapping/preview`: what would be created for a ticket, without creating it. Source: interface, section 4. */
import type { Router } from 'express';
import { exactRouter } from '../exact-router';
import { ticketSchema } from '../clients/freshdesk/schemas';
import type { PreviewRefusal } from '../contract/preview';
import { PreviewLateError, type Previews } from '../temporal/previews';
import { requireOperator } from './admin';
import { jsonObjectOf, own, rawBody, ticketIdOf, WEBHOOK_LIMIT } from './body';
import { malformed, notFound, Problem } from './problem';

export interface PreviewDeps {
  previews: Previews;
  adminToken: string | null;
}

export function previewRoutes({ previews, adminToken }: PreviewDeps): Router {
  const router = exactRouter();
  const json = rawBody(['application/json'], WEBHOOK_LIMIT);
  router.post('/api/mapping/preview', requireOperator(adminToken), ...json, async (request, response) => {
    const result = await ask(previews, jsonObjectOf(request)).catch((error: unknown) => {
      if (error instanceof PreviewLateError)
        throw new Problem(503, 'preview-late', 'Not now', `${error.message}.`, { retryAfterSeconds: 30 });
      throw error;
    });
    if ('refusal' in result) throw refused(result.refusal);
    response.json(result.preview);
  });
  return router;
}

function ask(previews: Previews, body: Record<string, unknown>): ReturnType<Previews['ofTicket']> {
  const [id, ticket] = [own(body, 'ticket_id'), own(body, 'ticket')];
  if ((id === undefined) === (ticket === undefined)) throw malformed('Give either ticket_id or ticket.');
  if (ticket === undefined) {
    const ticketId = ticketIdOf(id);
    if (ticketId === null) throw malformed('ticket_id: is not a ticket number');
    return previews.ofTicket(ticketId);
  }
  const parsed = ticketSchema.safeParse(ticket);
  if (parsed.success) return previews.ofGiven(parsed.data);
  throw malformed(
    parsed.error.issues.map((issue) => `${['ticket', ...issue.path].join('.')}: ${issue.message}`).join('; '),
  );
}

function refused({ type, detail, remedy }: PreviewRefusal): Problem {
  const words = `${detail}. ${remedy}`;
  if (type === 'NotFound') return notFound(words);
  if (type === null || type === 'UpstreamUnavailable' || type === 'RateLimited')
    return new Problem(503, 'upstream-unavailable', 'Not now', words, { retryAfterSeconds: 30 });
  return new Problem(502, 'upstream-refused', 'Bad gateway', words);
}
