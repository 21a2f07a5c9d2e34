/** Traces from a request to the calls it causes. Promise: without an address to send them to, nothing of it is loaded. */
import type { RequestHandler } from 'express';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

import type { UpstreamCall } from '../clients/http-types';
import type { Entry } from '../contract/sinks';

export interface Tracing {
  /** A span for each request, named after its route. */
  request: RequestHandler;
  client: WorkflowClientInterceptor;
  activity: ActivityInterceptorsFactory;
  workflowEntered(entry: Entry): void;
  /** A call that has just ended, within the activity that made it. */
  upstreamCall(call: UpstreamCall): void;
  /** Sends what waits. */
  close(): Promise<void>;
}

/** @param endpoint root of a collector that takes OTLP over HTTP; null: no traces */
export async function loadTracing(endpoint: string | null, account: string): Promise<Tracing | null> {
  if (endpoint === null) return null;
  const { createTracing } = await import('./otel');
  return createTracing(endpoint, account);
}
