/** How long callers wait, by route. Promise: the route's pattern is the label, never the path, which callers choose. */
import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics';

export const measured =
  (metrics: Pick<Metrics, 'answered'>): RequestHandler =>
  (request, response, next) => {
    const began = performance.now();
    response.once('finish', () => {
      const route = request.route as { path?: unknown } | undefined;
      const name = typeof route?.path === 'string' ? `${request.method} ${route.path}` : 'other';
      metrics.answered(name, response.statusCode, (performance.now() - began) / 1000);
    });
    next();
  };
