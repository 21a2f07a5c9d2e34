/** The Express shim: verify, parse, hand to Temporal, answer. It holds no state and decides nothing. */
import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from '../log';
import { NoDispatchError, TemporalUnavailableError, VisitOpenError } from '../temporal/starter';
import { apiRoutes, type ApiDeps } from './api';
import { WEBHOOK_LIMIT } from './body';
import { conflict, malformed, notFound, Problem, sendProblem, tooLarge, unavailable } from './problem';
import { webhookRoutes, type WebhookDeps } from './webhooks';

export interface AppDeps extends WebhookDeps, ApiDeps {
  starter: WebhookDeps['starter'] & ApiDeps['starter'];
  /** True when Temporal can take work now. */
  isReady: () => Promise<boolean>;
  log: Logger;
}

/** Builds the app; it listens nowhere and reads no environment. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(helmet());
  app.use(requestId);
  app.use(webhookRoutes(deps));
  app.use(apiRoutes(deps));
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    if (!(await deps.isReady())) throw unavailable();
    response.json({ status: 'ready' });
  });
  app.use((request, _response, next) => next(notFound(`There is no ${request.method} ${request.path}.`)));
  app.use(answerError(deps.log));
  return app;
}

const requestId: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID());
  next();
};

/** What the body reader throws: `http-errors` with a status and a type. */
interface BodyError {
  status?: number;
  type?: string;
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof TemporalUnavailableError) return unavailable();
  if (error instanceof NoDispatchError) return notFound(`${error.message}.`);
  if (error instanceof VisitOpenError) return conflict(`${error.message}; a person's word starts no other beside it.`);
  const { status, type } = (error ?? {}) as BodyError;
  if (status === 413 || type === 'entity.too.large') return tooLarge(WEBHOOK_LIMIT.words);
  if (status === 415)
    return new Problem(415, 'unsupported-type', 'Unsupported encoding', 'Send the body plain or gzipped.');
  if (typeof status === 'number' && status >= 400 && status < 500) return malformed('The request cannot be read.');
  return null;
}

const answerError =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    if (!problem) log.error({ err: error, path: request.path }, 'request failed unexpectedly');
    else if (problem.status >= 500) log.warn({ path: request.path, code: problem.code }, 'request refused for now');
    else log.info({ path: request.path, code: problem.code, status: problem.status }, 'request refused');
    if (response.headersSent) {
      next(error);
      return;
    }
    // Whatever failed unexpectedly may heal, and a sender takes 4xx as final.
    sendProblem(
      response,
      problem ?? new Problem(503, 'internal', 'Not now', 'Something failed; send it again.', { retryAfterSeconds: 5 }),
    );
  };
