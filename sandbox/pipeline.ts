import { setTimeout as delay } from 'node:timers/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { Router } from 'express';
import type { NextFunction, Request, Response } from 'express';

import { BodyTooLarge, readBody } from './body';
import type { RequestBody } from './body';
import type { SandboxClock } from './clock';
import type { Fault, Faults } from './faults';
import { historyBody, historyQuery } from './history';
import type { RequestHistory } from './history';
import type { RequestWatcher, System } from './options';
import type { Store } from './store';

/** A request as the fakes' handlers see it. */
export interface Call {
  method: string;
  /** Without the system's prefix, e.g. `/api/v2/tickets/1`. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: RequestBody;
  /** The system's root as the caller addressed it, e.g. `http://127.0.0.1:4000/freshdesk`. */
  root: string;
}

/** What a handler answers: `body` goes out as JSON, `raw` as it is, neither as an empty body. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  raw?: { type: string; content: Buffer | string };
}

export type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One operation of an upstream. Handlers are synchronous, so that each request is one step of the state. */
export interface Route {
  /** Name for faults, e.g. `createWorkOrder`. */
  name: string;
  method: Verb;
  /** Express path without the system's prefix. */
  path: string;
  handle: (call: Call) => Answer;
  /** Credits against the quota; 1 when left out. */
  credits?: (call: Call) => number;
  /** Served without credentials and quota. */
  open?: boolean;
}

/** What an upstream does around each of its operations. */
export interface Surface {
  system: System;
  /** Parts of a path that history and faults leave out. */
  apiRoot: RegExp;
  routes: Route[];
  /** Quota and credentials: an answer refuses the call. */
  admit(call: Call, route: Route | null, credits: number): Answer | null;
  /** Headers that every answer of this call carries. */
  headers(call: Call, route: Route | null, credits: number): Record<string, string>;
  /** An error thrown by a handler, in the upstream's own form. */
  failure(error: unknown, call: Call): Answer;
  /** An injected failure, in the upstream's own form. */
  fault(status: number, call: Call): Answer;
  wrongMethod(allowed: string[], call: Call): Answer;
  unknownRoute(call: Call): Answer;
}

export interface PipelineParts {
  store: Store;
  history: RequestHistory;
  faults: Faults;
  clock: SandboxClock;
  watch: RequestWatcher | undefined;
}

/** Builds the router of one upstream: history → faults → admission → handler → answer. */
export function surfaceRouter(surface: Surface, parts: PipelineParts): Router {
  const router = Router({ caseSensitive: true });
  for (const route of surface.routes) {
    router[route.method](route.path, (req, res) =>
      serve(surface, parts, route, (call) => route.handle(call), req, res),
    );
  }
  for (const path of new Set(surface.routes.map((route) => route.path))) {
    const allowed = surface.routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    router.all(path, (req, res) => serve(surface, parts, null, (call) => surface.wrongMethod(allowed, call), req, res));
  }
  router.use((req, res) => serve(surface, parts, null, (call) => surface.unknownRoute(call), req, res));
  router.use((error: unknown, _req: Request, res: Response, next: NextFunction) => {
    if (!(error instanceof BodyTooLarge)) return next(error);
    res.status(413).set('Connection', 'close').end();
  });
  return router;
}

async function serve(
  surface: Surface,
  parts: PipelineParts,
  route: Route | null,
  handle: (call: Call) => Answer,
  req: Request,
  res: Response,
): Promise<void> {
  const url = new URL(req.url, 'http://sandbox.invalid');
  const path = readable(url.pathname);
  const call: Call = {
    method: req.method,
    path,
    params: req.params as Record<string, string>,
    query: url.searchParams,
    headers: req.headers,
    body: await readBody(req),
    root: `http://${req.headers.host ?? 'localhost'}${req.baseUrl}`,
  };
  const credits = route?.credits?.(call) ?? 1;
  const shortPath = path.replace(surface.apiRoot, '');
  const entry = parts.history.add({
    at: new Date(parts.clock.now()).toISOString(),
    system: surface.system,
    method: req.method,
    route: route === null ? 'unknown' : `${req.method} ${route.path.replace(surface.apiRoot, '')}`,
    path: shortPath,
    query: historyQuery(url.searchParams),
    status: null,
    credits,
    body: historyBody(call.body.value),
  });
  if ((await parts.watch?.(entry, 'arrived')) === 'cut') return void req.socket.destroy();
  const fault = parts.faults.take({
    system: surface.system,
    method: req.method,
    path: shortPath,
    routeName: route?.name ?? 'unknown',
  });
  if (fault?.kind === 'reset-before') return void req.socket.destroy();
  const delayMs = fault?.delayMs ?? 1000;
  if (fault?.kind === 'slow' || fault?.kind === 'hang') await delay(delayMs, undefined, { ref: false });
  if (fault?.kind === 'hang') return void req.socket.destroy();

  const answer = parts.store.batch(() => {
    const injected = fault === null ? null : injectedAnswer(surface, fault, call);
    const refused = injected ?? (route?.open === true ? null : surface.admit(call, route, credits));
    if (refused !== null) return refused;
    try {
      return handle(call);
    } catch (error) {
      return surface.failure(error, call);
    }
  });
  if ((await parts.watch?.(entry, 'done')) === 'cut') return void req.socket.destroy();
  if (fault?.kind === 'late-answer') await delay(delayMs, undefined, { ref: false });
  if (fault?.kind === 'reset-after' || fault?.kind === 'lost-answer') return void req.socket.destroy();
  parts.history.answered(entry, answer.status);
  send(res, answer, route?.open === true ? {} : surface.headers(call, route, credits));
}

/** Decoded where it can be: a path is only compared and shown. */
function readable(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function injectedAnswer(surface: Surface, fault: Fault, call: Call): Answer | null {
  if (fault.kind !== 'status' && fault.kind !== 'html') return null;
  const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
  const status = fault.status ?? (fault.kind === 'html' ? 502 : 503);
  if (fault.kind === 'html') {
    const content = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
    return { status, headers, raw: { type: 'text/html', content } };
  }
  const answer = surface.fault(status, call);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function send(res: Response, answer: Answer, headers: Record<string, string>): void {
  res.status(answer.status).set({ ...headers, ...answer.headers });
  if (answer.raw !== undefined) {
    res.set('Content-Type', answer.raw.type).end(answer.raw.content);
  } else if (answer.body !== undefined) {
    if (!res.hasHeader('Content-Type')) res.set('Content-Type', 'application/json; charset=utf-8');
    res.end(JSON.stringify(answer.body));
  } else {
    res.set('Content-Length', '0').end();
  }
}
