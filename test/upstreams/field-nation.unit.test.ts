import { customFieldValues } from '../../src/clients/field-nation';
import type { FieldNationClient, WorkOrderPayload } from '../../src/clients/field-nation';
import { caught } from './caught';
import { answerWithTokens, apiRequests, clientFor } from './field-nation-setup';
import { startScriptedServer } from './scripted-server';
import type { Reply, ScriptedServer, SeenRequest } from './scripted-server';

let server: ScriptedServer;
let client: FieldNationClient;

beforeEach(async () => {
  server = await startScriptedServer();
  client = clientFor(server);
});
afterEach(async () => {
  await server.close();
  await client.close();
});

const answer = (...replies: Reply[]): void => answerWithTokens(server, ...replies);
const sent = (): SeenRequest | undefined => apiRequests(server).at(-1);
const sentQuery = (): Record<string, string> => {
  const { access_token: _, ...query } = Object.fromEntries(sent()?.query ?? []);
  return query;
};

/** Contract 4.6, shortened. */
const order = {
  id: 901234,
  work_order_id: 901234,
  title: 'Ticket 4711: replace receipt printer',
  status: { id: 1, name: 'Draft', display: 'Draft', code: '', sub_status: '', is_routed: false, delay: 0, ncns: false },
  schedule: {
    service_window: {
      mode: 'between',
      start: { utc: '2027-03-02 15:00:00', local: { date: '2027-03-02', time: '09:00:00' } },
      end: { utc: '2027-03-02T19:00:00Z' },
    },
    time_zone: { id: 9, name: 'America/Chicago', short: 'CST', offset: -360 },
  },
  custom_fields: { internal: { id: 129, name: 'Ticket', value: 'ticket:acme:4711' }, results: [] },
  messages: { metadata: { total: 0 } },
  milestones: { created: { utc: '2027-02-26 18:04:09' }, assigned: { utc: '' }, published: '' },
  actions: ['edit', 'publish', 'delete'],
};

describe('work orders', () => {
  it('are created from allowed attributes only', async () => {
    answer({ json: order });
    const payload: WorkOrderPayload = {
      title: 'x',
      custom_fields: customFieldValues([{ id: 129, value: 'ticket:acme:4711' }]),
      schedule: { service_window: { mode: 'exact', start: { utc: '2027-03-02 15:00:00' } } },
    };
    await client.createWorkOrder({ ...payload, status: { id: 3 }, async: true } as WorkOrderPayload);
    expect(sent()).toMatchObject({ method: 'POST', path: '/field-nation/api/rest/v2/workorders' });
    expect(JSON.parse(sent()?.body ?? '')).toEqual({
      ...payload,
      custom_fields: { results: [{ results: [{ id: 129, value: 'ticket:acme:4711' }] }] },
    });
  });

  it('are read with "" as absent and times as ISO', async () => {
    answer({ json: order });
    expect(await client.viewWorkOrder(901234)).toMatchObject({
      id: 901234,
      status: { id: 1, code: null, sub_status: null, delay: 0 },
      schedule: {
        service_window: {
          start: { utc: '2027-03-02T15:00:00.000Z', local: { date: '2027-03-02', time: '09:00:00' } },
          end: { utc: '2027-03-02T19:00:00.000Z', local: null },
        },
        time_zone: { name: 'America/Chicago', offset: -360 },
      },
      milestones: { created: { utc: '2027-02-26T18:04:09.000Z' }, assigned: null, published: null, paid: null },
      assignee: null,
      actions: ['edit', 'publish', 'delete'],
      messages: { metadata: { total: 0 } },
    });
  });

  it('may have odd types and gaps', async () => {
    const odd = {
      id: '',
      work_order_id: '901234',
      status: '',
      assignee: { user: { id: 0, first_name: '' } },
      milestones: [],
      schedule: 'x',
      time_logs: {
        hours: '1.5',
        results: [{ id: '3', in: { created: { utc: '2027-03-02 15:00:00' } }, out: '' }, null],
      },
      pay: { base: '' },
      actions: 'none',
      manager: '',
    };
    answer({ json: odd });
    expect(await client.viewWorkOrder(1)).toMatchObject({
      id: 901234,
      title: null,
      status: null,
      assignee: { user: null },
      milestones: null,
      schedule: null,
      time_logs: { hours: 1.5, results: [{ id: 3, in: { created: { utc: '2027-03-02T15:00:00.000Z' } }, out: null }] },
      pay: { base: null },
      actions: [],
      manager: null,
    });
  });

  it('are unreadable without an id, since then nobody knows what was made', async () => {
    for (const reply of [{ json: { title: 'x' } }, { body: '<html></html>' }, { body: '' }, { status: 204 }]) {
      answer(reply);
      expect((await caught(client.createWorkOrder({ title: 'x' }))).phase).toBe('unreadable');
    }
  });

  it('are changed, published, routed and deleted by one call each', async () => {
    answer({ json: order }, { json: order }, { json: { id: '77' } }, { json: order });
    await client.updateWorkOrder(5, { title: 'y' });
    await client.publishWorkOrder(5);
    expect(await client.routeWorkOrder(5, 55021)).toMatchObject({ id: 77 });
    await client.deleteWorkOrder(5, 'no longer needed & closed');
    const base = '/field-nation/api/rest/v2/workorders/5';
    expect(apiRequests(server).map(({ method, path, body }) => [method, path, body])).toEqual([
      ['PUT', base, '{"title":"y"}'],
      ['POST', `${base}/publish`, ''],
      ['POST', `${base}/route`, '{"technician":{"id":55021}}'],
      ['DELETE', base, ''],
    ]);
    expect(sentQuery()).toEqual({ cancel_reason: 'no longer needed & closed' });
  });

  it('count as changed when the answer is empty or another object, but not when it is a web page', async () => {
    for (const reply of [{ status: 204 }, { json: {} }, { json: [] }]) {
      answer(reply);
      expect(await client.publishWorkOrder(5)).toBeNull();
    }
    answer({ body: '<html>captive portal</html>' });
    expect((await caught(client.publishWorkOrder(5))).phase).toBe('unreadable');
  });
});

describe('the list of work orders', () => {
  const ask = { list: 'workorders_all', sort: 'created_date', order: 'desc', page: 1, perPage: 2 } as const;

  it('always says which list it wants and saves no filter', async () => {
    client = clientFor(server, { now: () => Date.parse('2027-02-28T23:00:00Z') });
    answer({ json: { metadata: { total: '1', pages: 1 }, results: [order] } });
    const page = await client.listWorkOrders({
      ...ask,
      search: 'acme 4711',
      workOrderIds: [1, 2],
      createdFrom: '2027-02-25',
    });
    expect(page).toMatchObject({ total: 1, pages: 1, results: [{ id: 901234 }] });
    expect(sentQuery()).toEqual({
      list: 'workorders_all',
      sticky: 'false',
      view: 'model',
      f_search: 'acme 4711',
      f_work_order_id: '1,2',
      f_created_date: '2027-02-25,2027-03-01',
      f_created: '2027-02-25,2027-03-01',
      sort: 'created_date',
      order: 'desc',
      page: '1',
      per_page: '2',
    });
  });

  it('supposes another page after a full one when the counts are missing', async () => {
    answer({ json: { results: [{ id: 1 }, { id: 2 }] } }, { json: { results: [{ id: 3 }] } });
    expect(await client.listWorkOrders(ask)).toMatchObject({ total: 2, pages: 2 });
    expect(await client.listWorkOrders(ask)).toMatchObject({ total: 1, pages: 1 });
  });

  it('fails as a whole when an order cannot be read, so that a look-up misses none', async () => {
    for (const json of [{ results: [order, { title: 'no id' }] }, { metadata: { total: 0 } }, { results: {} }]) {
      answer({ json });
      expect((await caught(client.listWorkOrders(ask))).phase).toBe('unreadable');
    }
  });
});

describe('messages and attachments', () => {
  it('read threads with replies, ids as numbers', async () => {
    const from = { id: '55021', name: 'Lee Park', role: 'provider' };
    const message = { msg_id: '12', from, message: 'On my way', created: { utc: '2027-03-02 14:00:00' } };
    answer({ json: { metadata: {}, results: [{ ...message, to: '', replies: [{ ...message, msg_id: 13 }] }] } });
    expect((await client.messages(5)).messages).toMatchObject([
      { msg_id: 12, from: { id: 55021, role: 'provider' }, to: null, replies: [{ msg_id: 13 }] },
    ]);
  });

  it('post text with its audience', async () => {
    answer({ json: { results: [] } });
    await client.postMessage(5, { message: 'hi', type: 'STAFF_NOTE' });
    expect(JSON.parse(sent()?.body ?? '')).toEqual({ message: 'hi', type: 'STAFF_NOTE' });
  });

  it('read folders and stream an upload, anew after a refused token', async () => {
    const file = { name: 'sign-off.pdf', mime: 'application/pdf', size_bytes: '12', link: 'https://x.example/f' };
    answer({
      json: { results: [{ id: 1, name: 'Documents', type: 'document', results: [{ id: '9', file, author: '' }] }] },
    });
    expect(await client.attachments(5)).toMatchObject([
      { id: 1, type: 'document', results: [{ id: 9, author: null, file: { size_bytes: 12 } }] },
    ]);
    answer({ status: 401 }, { json: order });
    const open = jest.fn(() => [Buffer.from('PDF')]);
    await client.uploadAttachment(5, {
      folderId: 1,
      file: { name: 'a.pdf', contentType: 'application/pdf', open },
      notes: 'n',
    });
    expect(sent()?.path).toBe('/field-nation/api/rest/v2/workorders/5/attachments/1');
    expect(sent()?.body).toContain('name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\nPDF');
    expect(open).toHaveBeenCalledTimes(2);
  });
});

describe('look-ups', () => {
  const flat = { id: '129', name: 'Ticket', type: 'text', required: false, internal: true, unique: true };
  const flagged = {
    id: 130,
    name: 'Site',
    type: 'predefined',
    flags: ['required', 'unique'],
    options: ['A', { value: 'B' }],
  };

  it.each([
    ['a collection', { results: [flat, flagged] }],
    ['a bare list', [flat, flagged]],
  ])('read custom field definitions from %s', async (_, json) => {
    answer({ json });
    expect(await client.customFieldDefinitions()).toMatchObject([
      { id: 129, required: false, internal: true, unique: true, options: null },
      { id: 130, required: true, internal: false, unique: true, options: ['A', 'B'] },
    ]);
  });

  it('read types of work', async () => {
    answer({ json: { results: [{ id: '62', name: 'Point of Sale (POS)', industry: 'Retail' }] } });
    expect(await client.typesOfWork()).toMatchObject([{ id: 62, name: 'Point of Sale (POS)' }]);
  });
});

describe('webhooks', () => {
  const webhook = {
    id: 1,
    webhookId: 'b1946ac9',
    url: 'https://x.example/',
    status: 'active',
    events: ['a'],
    secret: 's',
  };

  it('are managed through the envelope', async () => {
    answer(
      { json: { metadata: { total: 40 }, result: [webhook] } },
      { json: { metadata: {}, result: webhook } },
      { json: { metadata: {}, result: { ...webhook, secret: '' } } },
      { json: { metadata: {}, result: [{ deliveryId: 'd:1', workOrderId: '5', deliveryAttempt: '2' }] } },
    );
    expect(await client.listWebhooks({ page: 2 })).toMatchObject({ total: 40, results: [{ webhookId: 'b1946ac9' }] });
    const input = { url: 'https://x.example/', method: 'post', status: 'active', events: ['a'] } as const;
    await client.createWebhook({ ...input, events: ['a'], headers: { 'x-a': '1' } });
    expect(JSON.parse(sent()?.body ?? '')).toEqual({ ...input, webhookAttribute: { header: { 'x-a': '1' } } });
    expect(await client.updateWebhook('b1946ac9', { status: 'inactive' })).toMatchObject({ secret: null });
    expect(sent()).toMatchObject({
      method: 'PUT',
      path: '/field-nation/api/v1/webhooks/b1946ac9',
      body: '{"status":"inactive"}',
    });
    const logs = await client.deliveryLogs({ webhookId: 'b1946ac9', perPage: 500 });
    expect(logs).toMatchObject([{ workOrderId: 5, deliveryAttempt: 2, eventName: null }]);
    const fields = 'deliveryId,webhookId,workOrderId,eventName,deliveryStatus,deliveryAttempt,createdAt';
    const query = new URL(sent()?.url ?? '', 'http://x').searchParams;
    expect(Object.fromEntries(query)).toEqual({ webhookId: 'b1946ac9', perPage: '500', fields });
  });
});

describe('errors', () => {
  const problem = {
    type: 'https://x.example/rate-limit-exceeded',
    title: 'Rate limit exceeded',
    status: 429,
    detail: 'Slow down',
    code: 'RATE_LIMIT_EXCEEDED',
    errors: [{ detail: 'too fast', parameter: 'page' }],
    retryable: true,
    correlationId: 'c-1',
    agent: { action: 'RETRY', backoffMs: 60000, maxAttempts: 3 },
  };

  it.each<[string, Reply, object]>([
    [
      'problem+json',
      { status: 429, json: problem },
      {
        code: 'RATE_LIMIT_EXCEEDED',
        requestId: 'c-1',
        retryable: true,
        retryAfterMs: 60_000,
        errors: [{ field: 'page', message: 'too fast', code: null, holderId: null }],
        message: 'GET /workorders/{id} answered 429: Rate limit exceeded: Slow down; page: too fast',
      },
    ],
    [
      'Retry-After before the body',
      { status: 429, json: problem, headers: { 'retry-after': '5' } },
      { retryAfterMs: 5000 },
    ],
    [
      '{ status, message }',
      { status: 404, json: { status: 500, message: 'No such order' } },
      { code: null, message: 'GET /workorders/{id} answered 404: No such order' },
    ],
    [
      '{ status_code, message }',
      { status: 403, json: { status_code: 403, message: 'No' } },
      { message: expect.stringMatching(/: No$/) },
    ],
    [
      '{ metadata, errors, result }',
      { status: 400, json: { metadata: {}, errors: [{ code: 4001, message: 'url must be https' }], result: {} } },
      { code: '4001', errors: [{ message: 'url must be https', code: '4001' }] },
    ],
    [
      '{ error: { … } }',
      { status: 422, json: { error: { code: 'invalid', message: 'Bad zip', field: 'location.zip', retry_after: 3 } } },
      { code: 'invalid', retryAfterMs: 3000, errors: [{ field: 'location.zip', message: 'Bad zip' }] },
    ],
    [
      '{ error: { …, details } }',
      { status: 400, json: { error: { code: 'invalid', message: 'Bad zip', details: { field: 'location.zip' } } } },
      { code: 'invalid', errors: [{ field: 'location.zip', message: 'Bad zip' }] },
    ],
    [
      '{ error, error_description }',
      { status: 400, json: { error: 'invalid_request', error_description: 'Missing title' } },
      { code: 'invalid_request', message: expect.stringMatching(/Missing title$/) },
    ],
    [
      '{ code, message, fields, trace }',
      { status: 400, json: { code: 400, message: 'Bad', fields: { title: ['is empty'] }, trace: ['#0 secret path'] } },
      { code: '400', errors: [{ field: 'title', message: 'is empty' }], message: expect.not.stringContaining('trace') },
    ],
    [
      'plain text',
      { status: 503, body: 'Service\u001b[31m\r\nunavailable' },
      { message: expect.stringMatching(/: Service \[31m unavailable$/) },
    ],
    [
      'HTML',
      { status: 502, body: '<html>Bad gateway</html>' },
      { message: 'GET /workorders/{id} answered 502', code: null },
    ],
    ['nothing', { status: 500 }, { message: 'GET /workorders/{id} answered 500', retryable: null, retryAfterMs: null }],
  ])('are understood as %s', async (_, reply, expected) => {
    answer(reply);
    const status = (reply as { status: number }).status;
    expect(await caught(client.viewWorkOrder(5))).toMatchObject({
      system: 'field-nation',
      phase: 'answered',
      status,
      ...expected,
    });
  });

  it('are cut to a bearable length', async () => {
    answer({ status: 500, body: 'x'.repeat(100_000) });
    expect((await caught(client.viewWorkOrder(5))).message.length).toBeLessThanOrEqual(1000);
  });
});
