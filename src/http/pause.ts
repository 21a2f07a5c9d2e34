/** Pausing and resuming all new dispatching of the account. Source: interface, sections 4 and 8. */
import type { Router } from 'express';
import { z } from 'zod';
import { shortText } from '../filled-text';
import type { Dispatching } from '../temporal/dispatching';
import { byOf, operatorOf, requireOperator } from './admin';
import { by, byBody, checked } from './api';
import { operatorIs, type Audit } from './audit';
import { exactRouter } from '../exact-router';
import { jsonObjectOf, optionalJson, rawBody, WEBHOOK_LIMIT } from './body';

export interface PauseDeps {
  dispatching: Pick<Dispatching, 'state' | 'pause' | 'resume'>;
  adminToken: string | null;
  audit: Audit;
}

export const pauseBody = z.object({ reason: shortText(500), by });

export function pauseRoutes({ dispatching, adminToken, audit }: PauseDeps): Router {
  const router = exactRouter();
  const operator = requireOperator(adminToken);

  router.get('/api/pause', operator, async (_request, response) => {
    response.json((await dispatching.state()).pause);
  });

  router.post('/api/pause', operator, ...rawBody(['application/json'], WEBHOOK_LIMIT), async (request, response) => {
    const { reason, by: who } = checked(pauseBody, jsonObjectOf(request));
    const pause = await dispatching.pause({ reason, by: byOf(request, who) });
    audit.note({ act: 'paused', by: operatorIs(operatorOf(request)) });
    response.json(pause);
  });

  router.post('/api/resume', operator, ...optionalJson(WEBHOOK_LIMIT), async (request, response) => {
    const { by: who } = checked(byBody, jsonObjectOf(request));
    const pause = await dispatching.resume(byOf(request, who));
    audit.note({ act: 'resumed', by: operatorIs(operatorOf(request)) });
    response.json(pause);
  });

  return router;
}
