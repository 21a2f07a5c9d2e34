/** The Express shim: verify, parse, hand to Temporal, answer. It holds no state and decides nothing. */
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Source } from '../contract/alerts';
import type { Logger } from '../log';
import type { Metrics } from '../metrics';
import { eventRoutes, type EventsDeps } from './events';
import { EventLog } from './event-log';
import { intakeRoutes, type IntakeDeps } from './intake';
import { apiRoutes, type ApiDeps } from './api';
import { codecRoutes, type CodecDeps } from './codec';
import type { Tracing } from '../tracing';
import { measured } from './measured';
import { docsRoutes } from './openapi/routes';
import { probeRoutes, type ProbeDeps } from './probes';
import { notFound, sendProblem, unexpected } from './problem';
import { problemOf } from './problem-of';
import { pauseRoutes, type PauseDeps } from './pause';
import { previewRoutes, type PreviewDeps } from './preview';
import { logOf, withRequestLog } from './request-log';
import { Heard } from './status/heard';
import { statusRoutes, type StatusDeps } from './status/routes';
import { webhookRoutes, type WebhookDeps } from './webhooks';

export interface AppDeps
  extends
    WebhookDeps,
    ApiDeps,
    PauseDeps,
    Omit<IntakeDeps, 'events'>,
    Omit<EventsDeps, 'log'>,
    PreviewDeps,
    CodecDeps,
    ProbeDeps,
    Omit<StatusDeps, 'heard' | 'eventLog'> {
  starter: WebhookDeps['starter'] & ApiDeps['starter'];
  dispatches: ApiDeps['dispatches'] & StatusDeps['dispatches'];
  previews: PreviewDeps['previews'];
  metrics: Metrics;
  /** Null or absent: no traces. */
  tracing?: Pick<Tracing, 'request'> | null;
  log: Logger;
}

/** A refusal repeats no more of a path, in characters. */
const LONGEST_PATH = 200;

/** Builds the app; it listens nowhere and reads no environment. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  const heard = new Heard();
  const came = (source: Source): void => {
    heard.note(source);
    deps.came(source);
  };
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(helmet());
  // What operators see is kept by no cache; style and script of the pages say otherwise themselves.
  app.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(withRequestLog(deps.log));
  app.use(measured(deps.metrics));
  if (deps.tracing) app.use(deps.tracing.request);
  const eventLog = new EventLog();
  app.use(intakeRoutes({ ...deps, events: eventLog, came }));
  app.use(webhookRoutes({ ...deps, came, tested: (id) => heard.noteTest(id) }));
  app.use(apiRoutes(deps));
  app.use(pauseRoutes(deps));
  app.use(eventRoutes({ ...deps, log: eventLog }));
  app.use(previewRoutes(deps));
  app.use(codecRoutes(deps));
  app.use(statusRoutes({ ...deps, heard, eventLog }));
  app.use(probeRoutes(deps));
  app.use(docsRoutes());
  app.use((request, _response, next) =>
    next(notFound(`There is no ${request.method} ${request.path.slice(0, LONGEST_PATH)}.`)),
  );
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error: unknown, request, response, _next) => {
  const problem = problemOf(error);
  const { path } = request;
  const log = logOf(response);
  if (!problem) log.error({ err: error, path }, 'request failed unexpectedly');
  else if (problem.status >= 500) log.warn({ path, code: problem.code }, 'request refused for now');
  else log.info({ path, code: problem.code, status: problem.status }, 'request refused');
  if (response.headersSent) response.destroy();
  else sendProblem(response, problem ?? unexpected());
};
