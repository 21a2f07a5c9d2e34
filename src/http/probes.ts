/** What platforms ask: alive, ready, numbers. The same in a process that serves nothing else. */
import express, { type Router, type Express } from 'express';
import { exactRouter } from '../exact-router';
import helmet from 'helmet';
import type { Metrics } from '../metrics';
import { inTime } from './in-time';
import { notFound, sendProblem, unavailable } from './problem';

export interface ProbeDeps {
  metrics: Pick<Metrics, 'registry' | 'text'>;
  /** True when Temporal can take work now. */
  isReady: () => Promise<boolean>;
  /** The numbers have an address of their own, so that this one does not tell them to strangers. */
  metricsElsewhere?: boolean;
}

export function probeRoutes({ metrics, isReady, metricsElsewhere = false }: ProbeDeps): Router {
  const router = exactRouter();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/metrics', async (_request, response) => {
    if (metricsElsewhere) return sendProblem(response, notFound('The metrics are at METRICS_ADDRESS.'));
    response.type(metrics.registry.contentType).send(await metrics.text());
  });
  router.get('/readyz', async (_request, response) => {
    const ready = await inTime(isReady()).catch(() => false);
    if (ready) response.json({ status: 'ready' });
    else sendProblem(response, unavailable());
  });
  return router;
}

/** Alone, at `METRICS_ADDRESS`. */
export function createProbeApp(deps: ProbeDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  app.use(probeRoutes(deps));
  app.use((_request, response) => sendProblem(response, notFound('There are probes and metrics only.')));
  return app;
}
