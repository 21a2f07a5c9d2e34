/** The documented interface is the one that is there (interface, section 4). */
import type { z } from 'zod';
import { ticketId } from '../../src/http/api';
import { openApiDocument } from '../../src/http/openapi/document';
import { OPERATIONS, type Operation } from '../../src/http/openapi/operations';
import { problem } from '../../src/http/openapi/schemas';
import type { DispatchView } from '../../src/contract/dispatch';
import { serveApp, type AppServer } from '../edge/app-server';

const VIEW: DispatchView = {
  ...{ ticketId: 4711, account: 'acme', visit: 1, state: 'attention', correlationId: 'FD-acme-4711-1' },
  ...{ workOrderId: null, workOrderStatus: null, waitingFor: 'a person', nextAttemptAt: '2030-01-01T00:00:00.000Z' },
  attention: { reason: 'mapping', detail: 'no address', remedy: 'fill it in' },
  timeline: [{ at: '2030-01-01T00:00:00.000Z', what: 'Attention: mapping', detail: null }],
  links: { ticket: 'http://127.0.0.1/tickets/4711', workOrder: null, workflow: null },
};
const { timeline: _timeline, ...SUMMARY } = VIEW;
const PREVIEW = {
  ...{ ticketId: 4711, correlationId: 'FD-acme-4711-1', visit: 1, matchesRule: true, workOrder: { title: 'x' } },
  fields: [{ target: 'title', source: 'ticket.subject', action: 'from', value: 'x' }],
  problems: [{ target: 'pay', source: null, message: 'missing', value: null, remedy: 'map it' }],
};

let app: AppServer;
beforeAll(async () => {
  app = await serveApp({
    list: async () => ({ items: [SUMMARY], nextCursor: null }),
    view: async () => VIEW,
    ofTicket: async () => ({ preview: PREVIEW }),
  });
});
afterAll(() => app.close());

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle?: { stack?: Layer[] };
}
const routesOf = ({ stack }: { stack: Layer[] }): string[] =>
  stack.flatMap(({ route, handle }) => [
    ...(route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : []),
    ...(handle?.stack ? routesOf({ stack: handle.stack }) : []),
  ]);
/** Pages of operators are for people; they describe themselves. */
const FOR_PROGRAMS = /^\w+ \/(api|v1|webhooks|healthz|readyz|metrics|openapi\.json|docs)(\/|$)/;

const urlOf = ({ path }: Operation): string => `${app.url}${path.replace('{ticket}', '4711')}`;
const send = (operation: Operation, body: object | undefined = operation.body?.example): Promise<Response> => {
  if (operation.method === 'get') return fetch(urlOf(operation));
  const { path } = operation;
  if (path === '/webhooks/freshdesk') return app.freshdesk(body ?? {});
  if (path === '/webhooks/field-nation') return app.fieldNation(body ?? {});
  if (path.startsWith('/v1/')) return app.events(path.slice('/v1/'.length), body ?? {});
  return app.post(path.replace('{ticket}', '4711'), JSON.stringify(body ?? {}), { 'content-type': 'application/json' });
};
const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
const byName = OPERATIONS.map((operation): [string, Operation] => [nameOf(operation), operation]);
const checked = (schema: z.ZodType, value: unknown): void =>
  expect(schema.safeParse(value).error?.issues ?? []).toEqual([]);

test('every route for programs is documented, and every documented one is there', () => {
  const there = routesOf(app.app.router as unknown as { stack: Layer[] }).filter((name) => FOR_PROGRAMS.test(name));
  const documented = OPERATIONS.map((one) => nameOf(one).replace('{ticket}', ':ticket'));
  expect([...documented].sort()).toEqual([...there].sort());
});

test.each(byName)('%s takes its example and answers as its schema says', async (_, operation) => {
  const answer = await send(operation);
  expect(answer.status).toBe(operation.answer.status);
  const { schema, type = 'application/json' } = operation.answer;
  expect(answer.headers.get('content-type')).toContain(type);
  if (operation.body) checked(operation.body.schema, operation.body.example);
  if (schema) checked(schema, await answer.json());
});

test.each(byName.filter(([, { body }]) => body))(
  '%s refuses a wrong type and a broken body as documented',
  async (_, operation) => {
    const { method, path, refusals } = operation;
    const wrongType = await fetch(urlOf(operation), { method, body: 'x', headers: { 'content-type': 'text/csv' } });
    expect(wrongType.status).toBe(415);
    const broken = await send(operation, path.startsWith('/api') ? { nothing: 'of use', by: 7 } : ('{' as never));
    for (const refused of [wrongType, broken]) {
      expect(refusals).toContain(refused.status);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      checked(problem, await refused.json());
    }
  },
);

test('the document is OpenAPI 3.1, and each of its references leads somewhere', async () => {
  const text = await (await fetch(`${app.url}/openapi.json`)).text();
  const document = JSON.parse(text);
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual([...new Set(OPERATIONS.map(({ path }) => path))]);
  for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = (path as string).split('/').reduce((at, key) => at?.[key], document);
    expect(found).toBeDefined();
  }
  const schemes = Object.keys(document.components.securitySchemes);
  for (const methods of Object.values<Record<string, { security: object[] }>>(document.paths)) {
    for (const { security } of Object.values(methods))
      expect(schemes).toEqual(expect.arrayContaining(security.flatMap(Object.keys)));
  }
  // What the routes check themselves with is what is shown.
  const list = document.paths['/api/dispatches'].get.parameters;
  expect(list.map(({ name }: { name: string }) => name)).toEqual(['state', 'ticket', 'limit', 'cursor']);
  expect(list[0].schema.enum).toContain('attention');
});

test('the page names every route, loads nothing from elsewhere and allows no script', async () => {
  const answer = await fetch(`${app.url}/docs`);
  const page = await answer.text();
  for (const { method, path } of OPERATIONS) expect(page).toContain(`<h3>${method.toUpperCase()} ${path}</h3>`);
  expect(page).not.toMatch(/<script|src=|https?:\/\/(?!127)/);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  expect(policy).not.toMatch(/unsafe|\*/);
});

test('each operation has a name of its own, for the clients that are generated from it', () => {
  const { paths } = openApiDocument() as { paths: Record<string, Record<string, { operationId: string }>> };
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
  expect(ids).toEqual(expect.arrayContaining(['postWebhooksFreshdesk', 'postApiDispatchesTicketRetry', 'getReadyz']));
  expect(new Set(ids).size).toBe(OPERATIONS.length);
});

describe('what the document allows, the routes take', () => {
  const { paths } = openApiDocument() as {
    paths: Record<string, Record<string, { parameters: { name: string; schema: Record<string, unknown> }[] }>>;
  };
  const bodyOf = (path: string): Record<string, Record<string, unknown>> => {
    const text = JSON.stringify(paths[path]?.post);
    return JSON.parse(text).requestBody.content['application/json'].schema.properties;
  };

  test.each(['/api/dispatches', '/api/events'])('%s: a limit between its bounds, and no other', async (path) => {
    const { schema } = paths[path]?.get?.parameters.find(({ name }) => name === 'limit') ?? {};
    const { minimum, maximum } = schema as { minimum: number; maximum: number };
    const statusOf = async (limit: number): Promise<number> => (await fetch(`${app.url}${path}?limit=${limit}`)).status;
    expect(await Promise.all([minimum - 1, minimum, maximum, maximum + 1].map(statusOf))).toEqual([400, 200, 200, 400]);
  });

  test.each(['0', '000', '1', ' 042 ', '999999999999999', '1e3', '-1'])('the ticket id "%s"', (text) => {
    const [, { pattern }] = bodyOf('/api/dispatches').ticket_id?.anyOf as [object, { pattern: string }];
    expect(new RegExp(pattern).test(text)).toBe(ticketId.safeParse(text).success);
  });

  test('the route of a call takes that call alone, and a trial needs to be told which', async () => {
    expect(bodyOf('/v1/alias').type).toMatchObject({ const: 'alias' });
    expect((await app.events('alias', { type: 'track', userId: 'u' })).status).toBe(400);
    expect(JSON.stringify(paths['/api/events/test'])).toContain('"required":["type"]');
  });

  test('a track call has a name, and a webhook of Freshdesk a ticket', async () => {
    expect(JSON.stringify(paths['/v1/track'])).toContain('"required":["event"]');
    expect((await app.events('track', { userId: 'u' })).status).toBe(400);
    expect(JSON.stringify(paths['/webhooks/freshdesk'])).toContain('"anyOf":[{"required":["ticket_id"]},');
    expect((await app.freshdesk({ account: 'acme' })).status).toBe(400);
  });
});
