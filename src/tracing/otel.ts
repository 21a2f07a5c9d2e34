/** OpenTelemetry behind {@link Tracing}. Promise: what leaves holds names, ids and codes, never what somebody wrote. */
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import type { Tracing } from './index';
import { traceActivities, traceClient } from './temporal';

const NAME = 'deskbridge';

export function createTracing(endpoint: string, account: string): Tracing {
  const resource = resourceFromAttributes({ 'service.name': NAME, 'deskbridge.account': account });
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const processor = new BatchSpanProcessor(new OTLPTraceExporter({ url }));
  const ids = new RandomIdGenerator();
  let givenId: string | null = null;
  const idGenerator = {
    generateTraceId: () => ids.generateTraceId(),
    generateSpanId: () => givenId ?? ids.generateSpanId(),
  };
  const provider = new BasicTracerProvider({ resource, idGenerator, spanProcessors: [processor] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer(NAME);

  return {
    // What a caller says of its own trace is not believed: anybody can call.
    request: (request, response, next) => {
      const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER }, ROOT_CONTEXT);
      response.once('close', () => {
        const route = request.route as { path?: unknown } | undefined;
        if (typeof route?.path === 'string') {
          span.updateName(`${request.method} ${route.path}`);
          span.setAttribute('http.route', route.path);
        }
        span.setAttributes({
          'http.request.method': request.method,
          'http.response.status_code': response.statusCode,
        });
        if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
      context.with(trace.setSpan(ROOT_CONTEXT, span), next);
    },
    client: traceClient(tracer),
    activity: traceActivities(tracer),
    workflowEntered: ({ name, traceId, spanId, parentSpanId, flags }) => {
      const parent = { traceId, spanId: parentSpanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
      // Its id was given out by the workflow, which has no tracer: activities hang below it.
      givenId = spanId;
      tracer.startSpan(name, {}, trace.setSpanContext(ROOT_CONTEXT, parent)).end();
      givenId = null;
    },
    upstreamCall: ({ system, call, status, ms }) => {
      const end = Date.now();
      const span = tracer.startSpan(`${system} ${call}`, { kind: SpanKind.CLIENT, startTime: end - ms });
      span.setAttributes({
        'peer.service': system,
        ...(status === null ? {} : { 'http.response.status_code': status }),
      });
      if (status === null || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(end);
    },
    close: () => provider.shutdown(),
  };
}
