/** Traces from a webhook to the calls it causes, as a collector receives them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: object }[];
  events: object[];
  status: object;
}

const spans: Span[] = [];
let raw = '';
let collector: Server;
let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  // Spans wait for company before they are sent.
  process.env.OTEL_BSP_SCHEDULE_DELAY = '50';
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      raw += text;
      for (const { scopeSpans } of JSON.parse(text).resourceSpans) {
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const tracesEndpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  // Replayed at each task: what is sent again by a replay would show.
  stack = await startStack({ tracesEndpoint, cachedRuns: 0 });
  desk = ticketsOf(stack);
});
afterAll(async () => {
  await stack.stop();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const named = (name: string | RegExp, traceId?: string): Span[] =>
  spans.filter(
    (span) =>
      (typeof name === 'string' ? span.name === name : name.test(span.name)) &&
      (traceId === undefined || span.traceId === traceId),
  );

test('one trace leads from the webhook through client, workflow and activity to the upstream calls', async () => {
  const id = desk.newTicket({ subject: 'canary subject' });
  desk.trigger(id);
  await desk.dispatched(id);
  const names = [
    'POST /webhooks/freshdesk',
    'SignalWithStartWorkflow:ticketDispatch',
    'RunWorkflow:ticketDispatch',
    'RunActivity:createWorkOrder',
    'field-nation POST /workorders',
  ];
  let found: Span[] = [];
  await until(
    'the whole trace',
    () => {
      const traces = named('POST /webhooks/freshdesk').map(({ traceId }) =>
        names.flatMap((name) => named(name, traceId).slice(0, 1)),
      );
      found = traces.find((trace) => trace.length === names.length) ?? [];
      return found.length > 0;
    },
    () => JSON.stringify(spans.map(({ name, traceId }) => [name, traceId])),
  );
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const above = (span: Span | undefined): string[] => {
    const parent = byId.get(span?.parentSpanId ?? '');
    return parent ? [parent.name, ...above(parent)] : [];
  };
  const [webhook, client, run, activity, call] = found;
  expect(above(webhook)).toEqual([]);
  expect(above(client)).toEqual([names[0]]);
  expect(above(run)).toEqual([names[1], names[0]]);
  expect(above(activity)).toEqual(expect.arrayContaining([names[1], names[0]]));
  expect(above(call)[0]).toBe(names[3]);
  expect(named('RunWorkflow:ticketDispatch', webhook?.traceId)).toHaveLength(1);
});

test('a later webhook has a trace of its own, with what it causes', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  spans.length = 0;
  await desk.finish(id, order);
  await until(
    'the effect in the trace of its webhook',
    () =>
      named('RunActivity:writeEffect')
        .concat(named(/^freshdesk PUT/))
        .some(
          ({ traceId }) =>
            named('POST /webhooks/field-nation', traceId).length > 0 &&
            named('HandleSignal:workOrderEvent', traceId).length > 0,
        ),
    () => JSON.stringify(spans.map(({ name, traceId }) => [name, traceId])),
  );
});

test('no words of people and no credentials leave, not even in errors', async () => {
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400 },
  });
  const id = desk.newTicket({ subject: 'canary subject', description: 'canary description' });
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  await until('the failed activity', () =>
    named('RunActivity:createWorkOrder').some(({ events }) => JSON.stringify(events).includes('exception.type')),
  );
  stack.sandbox.control.clearFaults(fault);
  expect(raw).not.toMatch(/canary|password|freshdesk-key|webhook-secret|exception\.(message|stacktrace)|Bearer|Basic/);
});
