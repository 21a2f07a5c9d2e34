/**
 * The fakes' own answers against the contracts: what must be there, of which type, and what must not. Written from the
 * contracts, not shared with the clients, which forgive much. A fake that is too kind would hide what a real account does.
 */
import { z } from 'zod';
import type { Sandbox } from '../../sandbox';
import {
  completeOrder,
  fieldNation,
  freshdesk,
  receiver,
  send,
  start,
  token,
  until,
  type Json,
  type Reply,
} from './helpers';

let sandbox: Sandbox;
let key: string;
let ticketId: number;
let orderId: number;
beforeAll(async () => {
  sandbox = await start();
  key = await token(sandbox);
  ticketId = Number(sandbox.control.createTicket({ attachments: [{ name: 'a.txt', content: 'x' }] }).id);
  sandbox.control.addNote(ticketId, 'Cable is fine.');
  orderId = Number((await fieldNation(sandbox, key, 'POST', '/workorders', completeOrder())).json.id);
  for (const action of ['assign', 'check-in', 'check-out'] as const) sandbox.control.act(orderId, action);
  sandbox.control.act(orderId, 'upload', { fileName: 'done.txt', fileContent: 'done' });
  sandbox.control.act(orderId, 'message', { text: 'On site.' });
  sandbox.control.act(orderId, 'expense', { text: 'Parking', amount: 7.5 });
  sandbox.control.act(orderId, 'work-done', { text: 'All good' });
});
afterEach(() => sandbox.control.resetKnobs());
afterAll(() => sandbox.stop());

const fd = (method: string, path: string, body?: unknown): Promise<Reply> => freshdesk(sandbox, method, path, body);
const fn = (method: string, path: string, body?: unknown): Promise<Reply> =>
  fieldNation(sandbox, key, method, path, body);

const int = z.int().positive();
const stamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const orNull = <T extends z.ZodType>(schema: T) => schema.nullable();
const texts = z.array(z.string());

/** Freshdesk contract 6.1. */
const ticketFields = {
  ...{ id: int, requester_id: int, subject: orNull(z.string()), type: orNull(z.string()) },
  ...{ status: int, priority: int, source: int, structured_description: z.null() },
  ...{ responder_id: orNull(int), group_id: orNull(int), product_id: orNull(int), company_id: orNull(int) },
  ...{ email_config_id: orNull(int), support_email: orNull(z.string()), to_emails: orNull(texts) },
  ...{ cc_emails: texts, fwd_emails: texts, reply_cc_emails: texts, ticket_cc_emails: texts, ticket_bcc_emails: texts },
  ...{ tags: texts, custom_fields: z.record(z.string().regex(/^cf_/), z.unknown()) },
  ...{ spam: z.boolean(), fr_escalated: z.boolean(), is_escalated: z.boolean(), nr_escalated: z.boolean() },
  ...{ due_by: orNull(stamp), fr_due_by: orNull(stamp), nr_due_by: orNull(stamp) },
  ...{
    association_type: orNull(z.int()),
    associated_tickets_list: orNull(z.array(int)),
    source_additional_info: z.null(),
  },
  ...{ created_at: stamp, updated_at: stamp },
};
const attachment = z.strictObject({
  ...{ id: int, name: z.string(), content_type: z.string(), size: z.int() },
  ...{ attachment_url: z.string().includes('X-Amz-Expires=300'), created_at: stamp, updated_at: stamp },
});
const described = { description: z.string(), description_text: z.string() };
const ticket = z.strictObject({ ...ticketFields, ...described, attachments: z.array(attachment) });
const conversation = z.strictObject({
  ...{ id: int, ticket_id: int, user_id: int, incoming: z.boolean(), private: z.boolean(), source: z.int() },
  ...{ body: z.string(), body_text: z.string(), structured_body: z.null(), support_email: orNull(z.string()) },
  ...{ from_email: orNull(z.string()), to_emails: texts, cc_emails: texts, bcc_emails: texts },
  ...{ last_edited_at: orNull(stamp), last_edited_user_id: orNull(int), attachments: z.array(attachment) },
  ...{ created_at: stamp, updated_at: stamp },
});
const stats = z.strictObject({
  ...{ closed_at: orNull(stamp), resolved_at: orNull(stamp), first_responded_at: orNull(stamp) },
  ...{ agent_responded_at: orNull(stamp), requester_responded_at: orNull(stamp), status_updated_at: orNull(stamp) },
  ...{ reopened_at: orNull(stamp), pending_since: orNull(stamp) },
});
const view = ticket.extend({
  requester: z.strictObject({
    ...{ id: int, name: z.string(), email: orNull(z.string()), mobile: orNull(z.string()), phone: orNull(z.string()) },
  }),
  company: orNull(z.strictObject({ id: int, name: z.string() })),
  conversations: z.array(conversation).max(10),
  stats,
});
/** 12.1: an object, never an array; an update rule has performer and events. */
const action = z.looseObject({ field_name: z.string() });
const condition = z.looseObject({
  match_type: z.enum(['any', 'all']),
  properties: z.array(z.looseObject({ field_name: z.string() })),
});
const rule = {
  id: int,
  name: z.string(),
  position: z.int(),
  active: z.boolean(),
  conditions: z.array(condition),
  actions: z.array(action).min(1),
};
const rulesOf = (shape: z.ZodRawShape) =>
  z.strictObject({
    rules: z.array(z.strictObject({ ...rule, ...shape })).min(1),
    meta: z.strictObject({ count: z.int(), cascading_rules: z.boolean() }),
  });
const updateRules = rulesOf({
  performer: z.looseObject({ type: z.int().min(1).max(4) }),
  events: z.array(z.looseObject({ field_name: z.string() })).min(1),
});
const agent = z.looseObject({
  ...{ id: int, available: z.boolean(), occasional: z.boolean(), ticket_scope: z.int().min(1).max(3) },
  ...{
    type: z.enum(['support_agent', 'field_agent', 'collaborator']),
    group_ids: z.array(int),
    role_ids: z.array(int),
  },
  contact: z.looseObject({ active: z.boolean(), email: z.string(), name: z.string(), time_zone: z.string() }),
});
const field = z.looseObject({
  ...{ id: int, name: z.string(), label: z.string(), position: int, type: z.string(), default: z.boolean() },
  ...{ required_for_closure: z.boolean(), required_for_agents: z.boolean(), required_for_customers: z.boolean() },
  ...{ label_for_customers: z.string(), created_at: stamp, updated_at: stamp },
});
const contact = z.looseObject({
  ...{ id: int, name: z.string(), email: orNull(z.string()), unique_external_id: orNull(z.string()) },
  ...{ company_id: orNull(int), tags: texts, other_emails: texts, active: z.boolean(), deleted: z.boolean() },
  ...{
    contact_type: z.enum(['contact', 'visitor']),
    custom_fields: z.record(z.string().regex(/^(?!cf_)/), z.unknown()),
  },
  ...{ created_at: stamp, updated_at: stamp },
});
const complaint = z.strictObject({ field: z.string(), message: z.string(), code: z.string() });
const nested = z.strictObject({ description: z.string(), errors: z.array(complaint).min(1) });
const flat = z.strictObject({ code: z.string(), message: z.string() });

describe('Freshdesk answers as its contract says', () => {
  it.each<[string, () => Promise<Reply>, z.ZodType]>([
    ['the view of a ticket', () => fd('GET', `/tickets/${ticketId}`), ticket],
    ['a view with embeds', () => fd('GET', `/tickets/${ticketId}?include=requester,company,conversations,stats`), view],
    [
      'a list, without texts and attachments',
      () => fd('GET', '/tickets'),
      z.array(z.strictObject(ticketFields)).min(1),
    ],
    ['an update', () => fd('PUT', `/tickets/${ticketId}`, { priority: 2 }), ticket],
    ['conversations', () => fd('GET', `/tickets/${ticketId}/conversations`), z.array(conversation).min(1)],
    ['a note', () => fd('POST', `/tickets/${ticketId}/notes`, { body: 'x' }), conversation],
    ['ticket fields', () => fd('GET', '/ticket_fields'), z.array(field).min(10)],
    ['rules of creation', () => fd('GET', '/automations/1/rules'), rulesOf({})],
    ['rules of changes', () => fd('GET', '/automations/4/rules'), updateRules],
    ['the own agent', () => fd('GET', '/agents/me'), agent],
    ['agents', () => fd('GET', '/agents'), z.array(agent).min(1)],
    ['contacts', () => fd('GET', '/contacts'), z.array(contact).min(1)],
  ])('%s', async (_, ask, schema) => {
    const reply = await ask();
    expect(z.prettifyError(schema.safeParse(reply.json).error ?? new z.ZodError([]))).toBe('');
    expect(reply.status).toBeLessThan(300);
  });

  it('a child ticket names its parent, and the parent its children', async () => {
    const parent = Number(sandbox.control.createTicket().id);
    const born = await fd('POST', '/tickets', {
      ...{ subject: 'Site 1', description: 'x', email: 'ann@example.com', status: 2, priority: 1, parent_id: parent },
    });
    expect(born.json).toMatchObject({ association_type: 2, associated_tickets_list: [parent] });
    const made = Number(sandbox.control.createTicket().id);
    await fd('PUT', `/tickets/${made}`, { parent_id: parent });
    const seen = await fd('GET', `/tickets/${parent}`);
    expect(seen.json).toMatchObject({ association_type: 1, associated_tickets_list: [born.json.id, made] });
    const refused = await fd('PUT', `/tickets/${ticketId}`, { parent_id: made });
    expect([refused.status, JSON.stringify(refused.json)]).toEqual([400, expect.stringContaining('parent_id')]);
    const other = Number(sandbox.control.createTicket().id);
    await fd('PUT', `/tickets/${made}`, { parent_id: other });
    expect((await fd('GET', `/tickets/${parent}`)).json.associated_tickets_list).toEqual([born.json.id]);
  });

  it('every answer carries the headers of the quota, the request id and no tag to cache by', async () => {
    for (const path of [`/tickets/${ticketId}`, '/tickets/999999', '/nothing']) {
      const { headers } = await fd('GET', path);
      expect(headers.get('x-ratelimit-total')).toMatch(/^\d+\.\d$/);
      expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+\.\d$/);
      expect(headers.get('x-ratelimit-used-currentrequest')).toMatch(/^\d+$/);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-freshdesk-api-version')).toBe('latest=v2; requested=v2');
      expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
    }
  });

  it.each<[string, number, () => Promise<Reply>, z.ZodType | null]>([
    ['an unknown attribute', 400, () => fd('PUT', `/tickets/${ticketId}`, { plan: 1 }), nested],
    ['an echo of what was read', 400, () => fd('PUT', `/tickets/${ticketId}`, { id: ticketId }), nested],
    ['a status as text', 400, () => fd('PUT', `/tickets/${ticketId}`, { status: '4' }), nested],
    ['an unknown custom field', 400, () => fd('PUT', `/tickets/${ticketId}`, { custom_fields: { cf_no: 1 } }), nested],
    ['a page that is too large', 400, () => fd('GET', '/tickets?per_page=101'), nested],
    ['page 301', 400, () => fd('GET', '/tickets?page=301'), nested],
    ['a note without a body', 400, () => fd('POST', `/tickets/${ticketId}/notes`, {}), nested],
    [
      'a rule without events',
      400,
      () => fd('POST', '/automations/4/rules', { name: 'x', actions: [{ field_name: 'trigger_webhook' }] }),
      nested,
    ],
    ['a wrong key', 401, () => freshdesk(sandbox, 'GET', '/agents/me', undefined, 'wrong'), flat],
    ['an unknown ticket', 404, () => fd('GET', '/tickets/999999'), null],
    ['a wrong verb', 405, () => fd('DELETE', '/agents/me'), z.strictObject({ message: z.string() })],
  ])('refuses %s', async (_, status, ask, schema) => {
    const reply = await ask();
    expect(reply.status).toBe(status);
    if (schema === null) expect(reply.text).toBe('');
    else expect(z.prettifyError(schema.safeParse(reply.json).error ?? new z.ZodError([]))).toBe('');
  });

  it('names the holder of a taken address', async () => {
    const { email, id } = sandbox.control.contacts().find((one) => typeof one.email === 'string') ?? {};
    const reply = await fd('POST', '/contacts', { name: 'Another', email });
    expect([reply.status, reply.json.errors[0]]).toEqual([
      409,
      { field: 'email', additional_info: { user_id: id }, message: expect.any(String), code: 'duplicate_value' },
    ]);
  });
});

/** Field Nation contract 3. */
const utc = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const time = z.strictObject({
  utc,
  local: z.strictObject({ date: z.string().regex(/^\d{4}-\d\d-\d\d$/), time: z.string().regex(/^\d\d:\d\d:\d\d$/) }),
});
const metadata = z.looseObject({ total: z.int(), page: z.int(), pages: z.int(), per_page: z.int() });
const collectionOf = (item: z.ZodType) =>
  z.looseObject({ metadata: z.looseObject({ total: z.int() }), results: z.array(item) });
const file = z.looseObject({
  ...{ id: int, folder_id: int, author: z.looseObject({ id: int }), created: time, notes: z.string() },
  status: z.string().toLowerCase(),
  file: z.looseObject({
    name: z.string(),
    mime: z.string(),
    size_bytes: z.int(),
    link: z.url(),
    type: z.enum(['file', 'link']),
  }),
});
const folder = z.looseObject({ id: int, name: z.string(), type: z.enum(['document', 'slot']), results: z.array(file) });
const messageFields = {
  ...{ msg_id: int, parent_id: z.int(), message: z.string(), role: z.string(), created: time },
  from: z.looseObject({ id: int, name: z.string(), role: z.enum(['provider', 'buyer']) }),
};
const message = z.looseObject({ ...messageFields, replies: z.array(z.looseObject(messageFields)) });
const customField = z.looseObject({ id: int, name: z.string(), value: z.string() });
const status = z.looseObject({
  ...{ id: z.int().min(1).max(10), name: z.string(), display: z.string(), code: z.string(), sub_status: z.string() },
  ...{
    is_routed: z.boolean(),
    confirmed: z.boolean(),
    delay: z.number(),
    ncns: z.boolean(),
    correlation_id: z.string(),
  },
});
/** 4.6 and 5. */
const name = { id: int, first_name: z.string(), last_name: z.string() };
/** Without an e-mail address, which `GET /users/{id}` alone tells. */
const numbers = {
  country: z.string(),
  cell: z.string(),
  phone: z.string(),
  phone_ext: z.string().optional(),
  thumbnail: z.string().optional(),
};
const order = z.looseObject({
  ...{ id: int, work_order_id: int, title: z.string(), href: z.url(), status, actions: texts },
  types_of_work: z.array(z.looseObject({ id: int, name: z.string(), isPrimary: z.boolean() })),
  description: z.looseObject({ html: z.string() }),
  location: z.looseObject({ mode: z.enum(['custom', 'location', 'remote']) }),
  schedule: z.looseObject({
    service_window: z.looseObject({ mode: z.enum(['exact', 'hours', 'between']), start: time }),
    time_zone: z.looseObject({ id: int, name: z.string(), offset: z.int() }),
  }),
  pay: z.looseObject({
    ...{ type: z.string(), base: z.looseObject({ amount: z.number(), units: z.number() }), total: z.number() },
    expenses: z.looseObject({
      sum: z.looseObject({ all: z.number(), approved: z.int(), approved_amount: z.number() }),
      results: z.array(z.looseObject({ amount: z.number(), status: z.string(), category: z.looseObject({}) })),
    }),
  }),
  assignee: z.looseObject({ user: z.strictObject({ ...name, ...numbers }) }),
  custom_fields: z.looseObject({
    internal: customField,
    results: z.array(
      z.looseObject({ id: int, role: z.enum(['buyer', 'assigned_provider']), results: z.array(customField) }),
    ),
  }),
  attachments: collectionOf(folder),
  messages: z.strictObject({ metadata: z.looseObject({ total: z.int() }) }),
  time_logs: z.looseObject({
    hours: z.number(),
    results: z.array(z.looseObject({ in: z.looseObject({ created: time }), hours: z.number() })),
  }),
  milestones: z.looseObject({ created: time, assigned: time, workdone: time }),
  closing_notes: z.string(),
});
const envelope = (result: z.ZodType) =>
  z.strictObject({ metadata: z.looseObject({ timestamp: z.iso.datetime() }), result });
const webhook = z.looseObject({
  ...{ id: int, webhookId: z.uuid(), companyId: int, userId: int, events: texts, url: z.string() },
  ...{ method: z.enum(['post', 'put']), status: z.enum(['active', 'inactive', 'archived']), secret: z.string() },
  ...{ isIntegrationOnly: z.boolean(), createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() },
});
const problem = z.strictObject({
  ...{ type: z.url(), title: z.string(), status: z.int(), detail: z.string(), code: z.string().regex(/^[A-Z_]+$/) },
  errors: z.array(
    z.strictObject({ detail: z.string(), pointer: z.string().optional(), parameter: z.string().optional() }),
  ),
  ...{ retryable: z.boolean(), correlationId: z.string() },
  agent: z.strictObject({ action: z.string(), backoffMs: z.int().optional(), maxAttempts: z.int().optional() }),
});
const webhooksApi = (path: string): Promise<Reply> =>
  send(`${sandbox.fieldNationUrl}/api/v1/webhooks${path}`, { headers: { Authorization: `Bearer ${key}` } });

describe('Field Nation answers as its contract says', () => {
  it.each<[string, () => Promise<Reply>, z.ZodType]>([
    ['a work order', () => fn('GET', `/workorders/${orderId}`), order],
    [
      'a list of them',
      () => fn('GET', '/workorders?list=workorders_all&view=model'),
      z.looseObject({ metadata, results: z.array(order).min(1), lists: z.array(z.unknown()), actions: texts }),
    ],
    [
      'a user',
      () => fn('GET', '/users/55021'),
      z.looseObject({ ...name, email: z.email(), phone: z.undefined().optional() }),
    ],
    ['a status', () => fn('GET', `/workorders/${orderId}/status`), status],
    ['messages', () => fn('GET', `/workorders/${orderId}/messages`), collectionOf(message)],
    ['attachments', () => fn('GET', `/workorders/${orderId}/attachments`), collectionOf(folder)],
    [
      'types of work',
      () => fn('GET', '/types-of-work'),
      z.looseObject({ results: z.array(z.looseObject({ id: int, name: z.string() })).min(1) }),
    ],
    [
      'custom fields',
      () => fn('GET', '/custom-fields'),
      z.looseObject({ results: z.array(z.looseObject({ id: int, name: z.string(), type: z.string() })).min(1) }),
    ],
    ['webhooks', () => webhooksApi('/'), envelope(z.array(webhook).min(1))],
    [
      'events',
      () => webhooksApi('/events?model=WorkOrder'),
      envelope(
        z
          .array(
            z.strictObject({
              name: z.string(),
              label: z.string(),
              description: z.string(),
              model: z.literal('WorkOrder'),
            }),
          )
          .length(33),
      ),
    ],
  ])('%s', async (_, ask, schema) => {
    const reply = await ask();
    expect(z.prettifyError(schema.safeParse(reply.json).error ?? new z.ZodError([]))).toBe('');
    expect(reply.status).toBe(200);
  });

  it.each<[string, number, () => Promise<Reply>]>([
    ['a create without a title', 400, () => fn('POST', '/workorders', {})],
    ['publishing what is assigned', 400, () => fn('POST', `/workorders/${orderId}/publish`)],
    ['a cancellation without a reason', 400, () => fn('DELETE', `/workorders/${orderId}`)],
    ['a message without a text', 400, () => fn('POST', `/workorders/${orderId}/messages`, { type: 'STAFF_NOTE' })],
    ['a list that there is not', 400, () => fn('GET', '/workorders?list=mine')],
    ['an unknown order', 404, () => fn('GET', '/workorders/5')],
    ['a wrong token', 401, () => fieldNation(sandbox, 'wrong', 'GET', '/workorders')],
    [
      'a token in the header',
      401,
      () => send(`${sandbox.fieldNationUrl}/api/rest/v2/workorders`, { headers: { Authorization: `Bearer ${key}` } }),
    ],
    ['PATCH, which there is not', 405, () => fn('PATCH', `/workorders/${orderId}`, {})],
  ])('refuses %s', async (_, status_, ask) => {
    const reply = await ask();
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      status_,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(z.prettifyError(problem.safeParse(reply.json).error ?? new z.ZodError([]))).toBe('');
  });

  it('publishes no draft that lacks what Field Nation demands', async () => {
    const { id } = (await fn('POST', '/workorders', { title: 'Bare' })).json;
    expect((await fn('POST', `/workorders/${id}/publish`)).status).toBe(400);
  });

  it.each<[Json, string[]]>([
    ['event', ['event', 'timestamp', 'triggered_by_user', 'workorder']],
    ['eventName', ['data', 'eventId', 'eventName', 'timestamp', 'workOrderId']],
  ])(
    'sends webhooks of the form %s with these keys and no other, signed, with the five headers',
    async (form, keys) => {
      const { url, received, close } = await receiver(202);
      sandbox.setDeskbridgeUrl(url);
      try {
        sandbox.control.setKnobs({ fieldNation: { webhookBody: form } });
        sandbox.control.act(orderId, 'message', { text: 'Once more.' });
        await until(() => received.length > 0, 'a webhook');
        const [{ json, headers } = { json: null, headers: {} }] = received;
        expect(Object.keys(json).sort()).toEqual(keys);
        expect(headers).toMatchObject({
          'x-fn-signature': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
          'x-fn-webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'x-fn-delivery-id': expect.stringMatching(/^[0-9a-f-]{36}:1$/),
          'x-fn-event-trace-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'x-fn-request-timestamp': expect.stringMatching(/^\d{13}$/),
        });
      } finally {
        sandbox.setDeskbridgeUrl(null);
        await close();
      }
    },
  );
});

it('a work order’s total grows by what is approved of the expenses, and by no more', async () => {
  const payOf = async (): Promise<Json> => (await fn('GET', `/workorders/${orderId}`)).json.pay;
  const { total, expenses } = await payOf();
  expect(expenses.sum).toMatchObject({ all: 7.5, pending: 1, approved: 0, approved_amount: 0 });
  sandbox.control.act(orderId, 'approve-expenses');
  expect((await payOf()).total).toBe(total + 7.5);
  expect((await payOf()).expenses.sum).toMatchObject({ pending: 0, approved: 1, approved_amount: 7.5 });
});
