import { inspect } from 'node:util';
import { createFreshdeskClient } from '../../src/clients/freshdesk';
import type { ContactAttributes, FieldChoice, FreshdeskClient, Quota, TicketPatch } from '../../src/clients/freshdesk';
import { normaliseChoices } from '../../src/clients/freshdesk/fields';
import { caught } from './caught';
import { startScriptedServer } from './scripted-server';
import type { ScriptedServer } from './scripted-server';

const KEY = 'CANARY-fd-key-81f0';
const BASIC = Buffer.from(`${KEY}:X`).toString('base64');

let server: ScriptedServer;
let client: FreshdeskClient;
let quotas: Quota[];

beforeEach(async () => {
  server = await startScriptedServer();
  quotas = [];
  client = createFreshdeskClient({
    baseUrl: `${server.url}/freshdesk`,
    apiKey: KEY,
    timeoutMs: 60_000,
    onQuota: (quota) => quotas.push(quota),
  });
});
afterEach(async () => {
  await server.close();
  await client.close();
});

const ticket = { id: 4711, status: 2 };

/** Contract 6.2, shortened. */
const fullTicket = {
  ...ticket,
  subject: 'Card reader offline',
  type: 'Incident',
  priority: 3,
  source: 2,
  requester_id: 158018064981,
  responder_id: null,
  company_id: 158003104315,
  to_emails: null,
  spam: false,
  due_by: '2026-02-03T17:00:00Z',
  description: '<div>Lane 3 shows <b>no link</b>.</div>',
  structured_description: null,
  custom_fields: { cf_site_address: '12 Mill Road', cf_hours: 2, cf_after_hours: false, cf_work_order_id: null },
  tags: ['field-visit', 'pos'],
  attachments: [
    { id: 158022055480, name: 'lane3.jpg', file_size: 1, size: 194424, attachment_url: 'https://s3.example/x' },
  ],
  created_at: '2026-02-02T09:14:30Z',
  updated_at: '2026-02-02T10:20:02+01:00',
  requester: {
    id: 158018064981,
    name: 'Mara Quint',
    email: 'mara@quint-foods.example',
    mobile: null,
    phone: '+19375550142',
  },
  company: { id: 158003104315, name: 'Quint Foods' },
};

describe('requests', () => {
  it('carry the key as Basic user under the path prefix', async () => {
    server.reply({ json: ticket });
    await client.viewTicket(4711, { include: ['requester', 'company'] });
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/freshdesk/api/v2/tickets/4711' });
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${BASIC}`);
    expect(server.seen[0]?.query.get('include')).toBe('requester,company');
  });

  it('hold only attributes that Freshdesk takes', async () => {
    server.reply({ json: ticket }, { status: 201, json: { id: 5 } });
    await client.updateTicket(4711, {
      status: 4,
      tags: [],
      custom_fields: { cf_a: null },
      id: 9,
      spam: true,
    } as TicketPatch);
    await client.createContact({ name: 'Mara', email: null, first_name: 'M', constructor: 'x' } as ContactAttributes);
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /freshdesk/api/v2/tickets/4711',
      'POST /freshdesk/api/v2/contacts',
    ]);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ status: 4, tags: [], custom_fields: { cf_a: null } });
    expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({ name: 'Mara', email: null });
  });

  it('keep the plus sign of an e-mail', async () => {
    server.reply({ json: [] });
    expect(await client.findContactsByEmail('mara+pos@quint-foods.example')).toEqual([]);
    expect(server.seen[0]?.url).toContain('email=mara%2Bpos%40');
  });

  it('list tickets by the wire names of the parameters', async () => {
    server.reply({ json: [ticket] });
    const updatedSince = '2026-02-02T09:00:00.000Z';
    await client.listTickets({
      updatedSince,
      orderBy: 'updated_at',
      orderType: 'asc',
      page: 2,
      perPage: 100,
      include: ['stats'],
    });
    expect(Object.fromEntries(server.seen[0]?.query ?? [])).toEqual({
      updated_since: '2026-02-02T09:00:00Z',
      order_by: 'updated_at',
      order_type: 'asc',
      page: '2',
      per_page: '100',
      include: 'stats',
    });
  });

  it('send notes as JSON, and as multipart when files go along', async () => {
    server.reply({ status: 201, json: { id: 158040183437 } });
    await client.addNote(4711, { body: '<p>hi</p>', private: true });
    const file = { name: 'a.jpg', contentType: 'image/jpeg', open: () => [Buffer.from('JPEG')] };
    await client.addNote(4711, { body: '<p>hi</p>', private: false, attachments: [file] });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual({ body: '<p>hi</p>', private: true });
    expect(server.seen[1]?.body).toContain('name="private"\r\n\r\nfalse\r\n');
    expect(server.seen[1]?.body).toContain(
      'name="attachments[]"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\nJPEG',
    );
  });
});

describe('answers', () => {
  it('are read with embeds, ISO times and untouched custom fields', async () => {
    server.reply({ json: fullTicket });
    expect(await client.viewTicket(4711)).toMatchObject({
      ...fullTicket,
      due_by: '2026-02-03T17:00:00.000Z',
      created_at: '2026-02-02T09:14:30.000Z',
      updated_at: '2026-02-02T09:20:02.000Z',
      attachments: [{ size: 194424 }],
      conversations: [],
      stats: null,
    });
  });

  it('may have odd types and gaps in fields that are not needed', async () => {
    const odd = {
      id: '4711',
      status: '2',
      subject: 5,
      tags: null,
      custom_fields: [],
      attachments: [{ name: 'no id' }, null],
      company: {},
      requester: [],
      due_by: '',
      priority: {},
      brand_new: { a: 1 },
    };
    server.reply({ json: odd });
    expect(await client.viewTicket(4711)).toMatchObject({
      id: 4711,
      status: 2,
      subject: '5',
      tags: [],
      custom_fields: {},
      attachments: [],
      company: null,
      requester: null,
      due_by: null,
      priority: null,
      brand_new: { a: 1 },
    });
  });

  it.each([
    ['HTML', '<html>welcome</html>'],
    ['empty', ''],
    ['without an id', '{"status":2}'],
    ['without a status', '{"id":4711,"status":null}'],
    ['a list', '[]'],
  ])('are unreadable when a 200 is %s', async (_, body) => {
    server.reply({ body });
    expect(await caught(client.viewTicket(4711))).toMatchObject({ phase: 'unreadable', status: 200 });
  });

  it('cannot pollute prototypes', async () => {
    server.reply({
      body: '{"id":1,"status":2,"__proto__":{"polluted":1},"custom_fields":{"__proto__":{"polluted":1}}}',
    });
    const read = await client.viewTicket(1);
    expect((read as Record<string, unknown>).polluted).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['<https://acme.example/api/v2/contacts?page=2>; rel="next"', true],
    ['< https://acme.example/api/v2/contacts?page=2>;rel="next"', true],
    ['<https://acme.example/api/v2/contacts?page=1>; rel="prev"', false],
    [undefined, false],
  ])('have more pages by the Link header %s', async (link, hasMore) => {
    server.reply({ json: [{ id: 1, body: 'a' }], ...(link ? { headers: { link } } : {}) });
    const page = await client.listConversations(4711, { page: 1, perPage: 100 });
    expect(page).toMatchObject({ hasMore, items: [{ id: 1, body: 'a', private: null }] });
  });

  it('fail as a whole when one listed note cannot be read, so that a look-up misses none', async () => {
    server.reply({ json: [{ id: 1 }, { body: 'mine' }] });
    expect((await caught(client.listConversations(4711, { page: 1, perPage: 100 }))).phase).toBe('unreadable');
  });

  it('tell the quota, also when they are errors, and a failing hook breaks nothing', async () => {
    const headers = {
      'X-RateLimit-Total': '50.0',
      'X-RateLimit-Remaining': '45.0',
      'X-RateLimit-Used-CurrentRequest': '3',
    };
    server.reply({ json: { id: 1 }, headers }, { status: 404, headers }, { json: { id: 1 } });
    await client.me();
    await caught(client.viewTicket(4711));
    await client.me();
    expect(quotas).toEqual([
      { limit: 50, remaining: 45, used: 3 },
      { limit: 50, remaining: 45, used: 3 },
    ]);
    const onQuota = (): never => {
      throw new Error('metrics are down');
    };
    server.reply({ json: { id: 7 }, headers });
    const other = createFreshdeskClient({ baseUrl: server.url, apiKey: KEY, onQuota });
    expect((await other.me()).id).toBe(7);
    await other.close();
  });
});

describe('errors', () => {
  it('nested: name every field, and the holder of a taken value', async () => {
    const errors = [
      {
        field: 'email',
        additional_info: { user_id: 158018064984 },
        message: 'It should be a unique value',
        code: 'duplicate_value',
      },
      { field: 'custom_fields.plan', message: 'Wrong', code: 'invalid_value' },
    ];
    const headers = { 'x-request-id': 'req-1' };
    server.reply({ status: 409, json: { description: 'Validation failed', errors }, headers });
    const error = await caught(client.createContact({ name: 'Mara' }));
    expect(error).toMatchObject({
      system: 'freshdesk',
      phase: 'answered',
      status: 409,
      code: 'duplicate_value',
      requestId: 'req-1',
      call: 'POST /contacts',
      errors: [
        { field: 'email', holderId: 158018064984, code: 'duplicate_value' },
        { field: 'custom_fields.plan', holderId: null },
      ],
    });
    expect(error.message).toBe(
      'POST /contacts answered 409: Validation failed; email: It should be a unique value; custom_fields.plan: Wrong',
    );
  });

  it.each([
    [
      401,
      { json: { code: 'invalid_credentials', message: 'You have to be logged in.' } },
      'invalid_credentials',
      'logged in',
    ],
    [405, { json: { message: 'PUT method is not allowed.' } }, null, 'PUT method is not allowed.'],
    [404, {}, null, 'GET /tickets/{id} answered 404'],
    [502, { body: '<html><title>Bad gateway</title></html>' }, null, 'GET /tickets/{id} answered 502'],
    [429, { body: 'You have exceeded the limit' }, null, 'You have exceeded the limit'],
    [400, { json: { description: 'Validation failed', errors: 'odd' } }, null, 'Validation failed'],
    [500, { json: [1] }, null, 'answered 500'],
    [302, { headers: { location: 'https://evil.example/' } }, null, 'redirects are not followed'],
  ])('%s: understands the body %j', async (status, reply, code, message) => {
    server.reply({ status, ...reply });
    const error = await caught(client.viewTicket(4711));
    expect(error).toMatchObject({ phase: 'answered', status, code, retryable: null });
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('<');
  });

  it('carry the wait of Retry-After', async () => {
    server.reply({ status: 429, headers: { 'Retry-After': '34' }, json: { message: 'rate limit reached' } });
    expect((await caught(client.me())).retryAfterMs).toBe(34_000);
  });

  it('never hold the key, even when the answer echoes it', async () => {
    const message = `key ${KEY} with Basic ${BASIC} at ?api_key=${KEY}`;
    const errors = [{ field: KEY, message, code: KEY }];
    server.reply({ status: 401, json: { description: message, code: KEY, errors }, headers: { 'x-request-id': KEY } });
    const error = await caught(client.me());
    for (const text of [inspect(error, { depth: 10 }), JSON.stringify(error), error.stack, error.message]) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain(BASIC);
    }
    expect(error.cause).toBeUndefined();
  });
});

describe('fields', () => {
  it('have one form of choices, whatever the answer has', () => {
    const read = (choices: unknown): unknown[] =>
      normaliseChoices(choices).map(({ value, label, id, customerLabel }) => [value, label, id, customerLabel]);
    expect(read(['Incident', 'Question'])).toEqual([
      ['Incident', 'Incident', null, null],
      ['Question', 'Question', null, null],
    ]);
    expect(read({ Low: 1, Email: '2' })).toEqual([
      ['1', 'Low', 1, null],
      ['2', 'Email', 2, null],
    ]);
    expect(read({ 2: ['Open', 'Being Processed'], 9000: ['Assigned to AI Agent'] })).toEqual([
      ['2', 'Open', 2, 'Being Processed'],
      ['9000', 'Assigned to AI Agent', 9000, 'Assigned to AI Agent'],
    ]);
    expect(read([{ id: 7, label: 'Pro plan', value: 'pro', position: 1 }])).toEqual([['pro', 'Pro plan', 7, null]]);
    for (const odd of [null, undefined, 'x', 5, [null, {}, []]]) expect(read(odd)).toEqual([]);
  });

  it.each([
    ['objects', { USA: { Ohio: ['Dayton', 'Akron'] }, Peru: [] }],
    [
      'arrays',
      [
        ['USA', [['Ohio', ['Dayton', 'Akron']]]],
        ['Peru', []],
      ],
    ],
  ])('keep the levels of nested choices written as %s', (_, choices) => {
    const [usa, peru] = normaliseChoices(choices);
    expect(usa?.children[0]?.value).toBe('Ohio');
    expect(usa?.children[0]?.children.map((child) => child.value)).toEqual(['Dayton', 'Akron']);
    expect(peru).toMatchObject({ value: 'Peru', children: [] });
  });

  it('keep the levels of nested choices in the documented form, numbers too, and the labels of codes', async () => {
    const nested = [{ usa: [{ texas: ['austin', 'dallas'] }, 'ohio'] }, { '2024': ['spring'] }];
    server.reply({ json: [{ id: 1, name: 'cf_place', type: 'nested_field', choices: nested }] });
    const [field] = await client.ticketFields();
    const shown = (choices: readonly FieldChoice[]): unknown[] =>
      choices.map(({ value, children }) => (children.length > 0 ? [value, shown(children)] : value));
    expect(shown(field?.choices ?? [])).toEqual([
      ['usa', [['texas', ['austin', 'dallas']], 'ohio']],
      ['2024', ['spring']],
    ]);
    expect(normaliseChoices({ ar: 'Arabic' })).toMatchObject([{ value: 'ar', label: 'Arabic', id: null }]);
  });

  it('are listed for tickets and contacts', async () => {
    server.reply({ json: [{ id: '1', name: 'ticket_type', type: 'default_ticket_type', choices: ['Incident'] }] });
    expect(await client.ticketFields()).toMatchObject([{ id: 1, label: null, choices: [{ value: 'Incident' }] }]);
    expect(await client.contactFields()).toMatchObject([{ name: 'ticket_type' }]);
    expect(server.seen.map((request) => request.path)).toEqual([
      '/freshdesk/api/v2/ticket_fields',
      '/freshdesk/api/v2/contact_fields',
    ]);
  });
});

it('reads the size of an attachment in its old form too', async () => {
  const file = { id: 7, name: 'a.jpg', file_size: 194424, attachment_url: 'https://cdn.freshdesk.com/a.jpg' };
  server.reply({ json: { ...ticket, attachments: [file, { ...file, size: 5 }] } });
  expect((await client.viewTicket(1)).attachments.map(({ size }) => size)).toEqual([194424, 5]);
});

it.each([
  [{ rules: [{ id: 1 }], meta: { count: 3, cascading_rules: true } }, 3],
  [{ results: [{ id: 1 }] }, null],
  [[{ id: 1 }], null],
])('reads the list of rules as %j', async (json, count) => {
  server.reply({ json });
  expect(await client.automationRules(4, 1)).toMatchObject({ items: [{ id: 1 }], hasMore: false, count });
});
