/**
 * Carries traces through workflows. Promise: no step comes at another moment than without it, whether traces are on or
 * off: headers are passed on as they are, nothing is awaited, no randomness is used. The SDK's own interceptor for
 * workflows keeps none of that, brings a tracing library into the bundle, and shows a run only when it ends – a dispatch
 * lives for months.
 */
import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import { proxySinks, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from '../src/contract/names';
import type { TracingSinks } from '../src/contract/sinks';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

const { tracing } = proxySinks<TracingSinks>();

export const interceptors = (): WorkflowInterceptors => {
  /** Of what came last: what a webhook causes stands in that webhook's trace. */
  let current: Payload | undefined;
  let entries = 0;
  const enter = (headers: Headers, name: string): void => {
    const parent = parentOf(headers);
    if (!parent) return;
    const [, traceId = '', parentSpanId = '', flags = ''] = parent;
    // Unique in its trace: the end of a run's id is random.
    const spanId = workflowInfo().runId.slice(-8) + (++entries).toString(16).padStart(8, '0');
    tracing.entered({ name, traceId, spanId, parentSpanId, flags });
    current = defaultPayloadConverter.toPayload({ traceparent: `00-${traceId}-${spanId}-${flags}` });
  };
  const passOn = <Input extends { headers: Headers }>(input: Input): Input =>
    current ? { ...input, headers: { ...input.headers, [TRACE_HEADER]: current } } : input;

  return {
    inbound: [
      {
        execute: (input, next) => {
          enter(input.headers, `RunWorkflow:${workflowInfo().workflowType}`);
          return next(input);
        },
        handleSignal: (input, next) => {
          enter(input.headers, `HandleSignal:${input.signalName}`);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(passOn(input)),
        signalWorkflow: (input, next) => next(passOn(input)),
        continueAsNew: (input, next) => next(passOn(input)),
      },
    ],
  };
};

/** Null when the caller was not traced, or sent something else. */
function parentOf(headers: Headers): RegExpExecArray | null {
  const payload = headers[TRACE_HEADER];
  if (!payload) return null;
  try {
    const { traceparent } = defaultPayloadConverter.fromPayload<{ traceparent?: unknown }>(payload);
    return typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  } catch {
    return null;
  }
}
