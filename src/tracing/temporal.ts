/** Spans of what is asked of Temporal and of activities. Promise: workflows are given the caller's trace in a header. */
import { context, propagation, SpanStatusCode, type Attributes, type Context, type Tracer } from '@opentelemetry/api';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { TRACE_HEADER } from '../contract/names';

/** Who is asked, as the inputs of the client's interceptors name it. */
type Asked = { workflowExecution: { workflowId: string } } | { options: { workflowId: string } };

const idOf = (input: Asked): string =>
  'workflowExecution' in input ? input.workflowExecution.workflowId : input.options.workflowId;

export function traceClient(tracer: Tracer): WorkflowClientInterceptor {
  const span = <Answer>(name: string, input: Asked, ask: () => Promise<Answer>): Promise<Answer> =>
    within(tracer, name, { temporalWorkflowId: idOf(input) }, context.active(), ask);
  return {
    startWithDetails: (input, next) => span(`StartWorkflow:${input.workflowType}`, input, () => next(withTrace(input))),
    signalWithStart: (input, next) =>
      span(`SignalWithStartWorkflow:${input.workflowType}`, input, () => next(withTrace(input))),
    signal: (input, next) => span(`SignalWorkflow:${input.signalName}`, input, () => next(withTrace(input))),
    startUpdate: (input, next) => span(`StartWorkflowUpdate:${input.updateName}`, input, () => next(withTrace(input))),
    query: (input, next) => span(`QueryWorkflow:${input.queryType}`, input, () => next(withTrace(input))),
    describe: (input, next) => span('DescribeWorkflow', input, () => next(input)),
  };
}

export const traceActivities =
  (tracer: Tracer): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const { workflowId, runId } = info.workflowExecution ?? {};
        const ids = { temporalActivityId: info.activityId, temporalWorkflowId: workflowId, run_id: runId };
        return within(tracer, `RunActivity:${info.activityType}`, ids, traceOf(input.headers), () => next(input));
      },
    },
  });

/** A span for as long as `work` takes. Errors repeat what upstreams and people wrote: only their types leave. */
function within<Result>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  parent: Context,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes }, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.addEvent('exception', { 'exception.type': error instanceof Error ? error.name : 'Error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

function withTrace<Input extends { headers: Headers }>(input: Input): Input {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return { ...input, headers: { ...input.headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) } };
}

function traceOf(headers: Headers): Context {
  const payload = headers[TRACE_HEADER];
  if (!payload) return context.active();
  const carrier = defaultPayloadConverter.fromPayload<Record<string, string>>(payload);
  return propagation.extract(context.active(), carrier);
}
