import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import type { OrderEvent } from '../../src/domain/order-event';
import { FIELD_NATION_SECRETS, FRESHDESK_SECRET, problemOf, serveApp, sign, type AppServer } from './app-server';

let app: AppServer;
beforeEach(async () => void (app = await serveApp()));
afterEach(() => app.close());

const MB = 1_000_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const event = { event: { name: 'workorder.status.assigned', params: { work_order_id: '77' } }, workorder: { id: 77 } };

describe('the Freshdesk webhook', () => {
  it.each([
    ['a number', { ticket_id: 4711 }],
    ['numeric text', { ticket_id: ' 4711 ' }],
    ['id', { id: '4711' }],
    ['the simple form', { freshdesk_webhook: { ticket_id: 4711 } }],
    ['the simple form with an empty text above', { ticket_id: '', freshdesk_webhook: { id: 4711 } }],
    ['our account', { ticket_id: 4711, account: ' ACME ' }],
    ['an account that is empty', { ticket_id: 4711, account: '' }],
    ['fields nobody knows', { ticket_id: 4711, status: 'x', pay: 9, constructor: 1 }],
  ])('starts the dispatch of a ticket given as %s', async (_, body) => {
    const answer = await app.freshdesk(body);
    expect([answer.status, await answer.json()]).toEqual([202, { dispatch: 'dispatch-acme-4711' }]);
    expect(app.calls).toEqual([['ticketChanged', 4711]]);
  });

  it.each(['ticket_id=4711', 'id=4711&account=acme', 'freshdesk_webhook%5Bticket_id%5D=4711'])(
    'reads the form %s',
    async (body) => {
      expect((await app.freshdesk(body, FORM)).status).toBe(202);
      expect(app.calls).toEqual([['ticketChanged', 4711]]);
    },
  );

  it.each([{ account: 'other' }, { account: 12 }, { account: {} }, { freshdesk_webhook: { account: 'other' } }])(
    'ignores and logs the ticket of another account %j',
    async (body) => {
      expect((await app.freshdesk({ ticket_id: 4711, ...body })).status).toBe(202);
      expect(app.calls).toEqual([]);
      expect(app.lines.join('')).toContain('webhook of another account ignored');
    },
  );

  it.each<[string, Record<string, string>]>([
    ['missing', { 'x-webhook-secret': '' }],
    ['wrong', { 'x-webhook-secret': 'canary-other' }],
    ['truncated', { 'x-webhook-secret': FRESHDESK_SECRET.slice(0, -1) }],
    ['doubled', { 'x-webhook-secret': FRESHDESK_SECRET.repeat(2) }],
    ['in upper case', { 'x-webhook-secret': FRESHDESK_SECRET.toUpperCase() }],
    ['wrong as Basic', { 'x-webhook-secret': '', authorization: basic('u:canary-other') }],
    ['as Bearer', { 'x-webhook-secret': '', authorization: `Bearer ${FRESHDESK_SECRET}` }],
  ])('is refused with one constant message when the secret is %s', async (_, headers) => {
    const answer = await app.freshdesk({ ticket_id: 1 }, headers);
    expect(answer.headers.get('www-authenticate')).toContain('Basic');
    expect(await problemOf(answer)).toMatchObject({
      ...{ status: 401, code: 'unauthorized', detail: 'The credential or signature is missing or wrong.' },
    });
    expect(app.calls).toEqual([]);
  });

  it('takes the secret as Basic password', async () => {
    const headers = { 'x-webhook-secret': '', authorization: basic(`any:${FRESHDESK_SECRET}`) };
    expect((await app.freshdesk({ ticket_id: 1 }, headers)).status).toBe(202);
  });

  const nested = (open: string, close: string, times: number): string =>
    `{"ticket_id":1,"x":${open.repeat(times)}1${close.repeat(times)}}`;
  it.each<[string, string | Buffer]>([
    ['no JSON', '{"ticket_id":'],
    ['empty', ''],
    ['an array', '[1]'],
    ['a number', '5'],
    ['null', 'null'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['without an id', '{"subject":"x"}'],
    ['with a negative id', '{"ticket_id":-1}'],
    ['with a fraction', '{"ticket_id":1.5}'],
    ['with a huge id', '{"ticket_id":1e300}'],
    ['with NaN', '{"ticket_id":NaN}'],
    ['with true as id', '{"ticket_id":true}'],
    ['with the id in __proto__', '{"__proto__":{"ticket_id":1}}'],
    ['65 levels deep', nested('[', ']', 64)],
    ['20 000 levels deep', nested('{"a":', '}', 20_000)],
    ['400 000 brackets', '['.repeat(400_000)],
  ])('is malformed when the body is %s', async (_, body) => {
    expect(await problemOf(await app.freshdesk(body))).toMatchObject({ status: 400, code: 'malformed' });
    expect(app.calls).toEqual([]);
  });

  it.each([nested('[', ']', 63), '{"ticket_id":2,"ticket_id":1}', '{"ticket_id":1,"__proto__":{"a":1},"x":"\\ud800"}'])(
    'takes strange but well-formed bodies cleanly (%#)',
    async (body) => {
      expect((await app.freshdesk(body)).status).toBe(202);
      expect(app.calls).toEqual([['ticketChanged', 1]]);
    },
  );

  it('counts no bracket inside a text', async () => {
    expect((await app.freshdesk({ ticket_id: 1, text: '\\"[{'.repeat(100) })).status).toBe(202);
  });

  it('refuses other types before it looks at the secret', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/jsonx', '']) {
      const answer = await app.freshdesk('{}', { 'content-type': type, 'x-webhook-secret': '' });
      expect(await problemOf(answer)).toMatchObject({ status: 415 });
    }
  });
});

describe('the size of a webhook', () => {
  const padded = (bytes: number): string => `{"ticket_id":1,"x":"${'x'.repeat(bytes - 22)}"}`;

  it('may be 1 MB to the byte, and not one more', async () => {
    expect((await app.freshdesk(padded(MB))).status).toBe(202);
    expect(await problemOf(await app.freshdesk(padded(MB + 1)))).toMatchObject({ status: 413, code: 'too-large' });
  });

  it('is bounded for chunked bodies, before they have been read', async () => {
    const headers = { 'content-type': 'application/json' };
    const upload = request(`${app.url}/webhooks/freshdesk`, { method: 'POST', headers });
    // The request has no end: an answer means that it was not waited for.
    upload.on('error', () => undefined).write(Buffer.alloc(2 * MB, 32));
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    upload.destroy();
  });

  it('is bounded after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * MB, 32));
    expect(bomb.length).toBeLessThan(60_000);
    expect(await problemOf(await app.freshdesk(bomb, { 'content-encoding': 'gzip' }))).toMatchObject({ status: 413 });
    expect((await app.freshdesk(gzipSync('{"ticket_id":1}'), { 'content-encoding': 'gzip' })).status).toBe(202);
    expect((await app.freshdesk('junk', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await app.freshdesk('junk', { 'content-encoding': 'zoo' })).status).toBe(415);
  });
});

const AT = '2027-02-27T09:15:42-06:00';

describe('the Field Nation webhook', () => {
  it('hands the event on with the uuid of its delivery, the same in every attempt', async () => {
    for (const attempt of [1, 2]) {
      await app.fieldNation(event, { 'x-fn-delivery-id': `0b6f3c1e-0000-4000-8000-000000000001:${attempt}` });
    }
    const expected = expect.objectContaining({
      ...{ key: '0b6f3c1e-0000-4000-8000-000000000001', name: event.event.name, workOrderId: 77 },
    });
    expect(app.calls).toEqual([
      ['workOrderEvent', expected],
      ['workOrderEvent', expected],
    ]);
  });

  it('reads the other published body, whose signed event id is the key, and takes the method PUT', async () => {
    const data = { id: 77, title: 'A visit', assignee: { id: 5, first_name: 'Lee', last_name: 'Park' } };
    const body = { eventName: event.event.name, eventId: 'evt_abc123', workOrderId: 77, timestamp: AT, data };
    await app.fieldNation(body, { 'x-fn-delivery-id': 'del_xyz789:1' });
    const text = JSON.stringify({ ...body, eventId: 'evt_abc124' });
    const put = await fetch(`${app.url}/webhooks/field-nation`, {
      ...{ method: 'PUT', body: text },
      headers: { 'content-type': 'application/json', 'x-fn-signature': sign(text) },
    });
    expect(put.status).toBe(202);
    const expected = (key: string): unknown =>
      expect.objectContaining({
        ...{ key, name: event.event.name, workOrderId: 77, at: '2027-02-27T15:15:42.000Z' },
        provider: { id: 5, first_name: 'Lee', last_name: 'Park' },
      });
    expect(app.calls.map((call) => call[1])).toEqual([expected('evt_abc123'), expected('evt_abc124')]);
  });

  it('knows an event by its content when the delivery id has no usable form', async () => {
    for (const id of [':1', '../../x y', 'x'.repeat(200)]) await app.fieldNation(event, { 'x-fn-delivery-id': id });
    await app.fieldNation({ ...event, delivery: 'of the body' });
    expect(app.calls.map((call) => (call[1] as OrderEvent).key)).toEqual(Array(4).fill(`77 ${event.event.name} ?`));
  });

  const text = JSON.stringify(event, null, 1);
  it.each<[string, string, string]>([
    ['missing', text, ''],
    ['of a body that differs in one byte', text, sign(text.replace('77', '78'))],
    ['of the same JSON written anew', JSON.stringify(event), sign(text)],
    ['in upper case', text, sign(text).toUpperCase()],
    ['truncated', text, sign(text).slice(0, -1)],
    ['doubled', text, `${sign(text)}, ${sign(text)}`],
    ['of another secret', text, sign(text, 'other')],
  ])('is refused when the signature is %s', async (_, body, signature) => {
    const answer = await app.fieldNation(body, { 'x-fn-signature': signature });
    expect(await problemOf(answer)).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(app.calls).toEqual([]);
  });

  it('takes the old and the new secret during rotation', async () => {
    for (const secret of FIELD_NATION_SECRETS) {
      expect((await app.fieldNation(text, { 'x-fn-signature': sign(text, secret) })).status).toBe(202);
    }
  });

  it.each([
    '{}',
    '[]',
    'x',
    '{"event":{"name":""}}',
    '{"eventName":""}',
    '{"eventName":{"name":"x"}}',
    '{"event":{"__proto__":{"name":"x"}}}',
  ])('is malformed as %s', async (body) => {
    expect(await problemOf(await app.fieldNation(body))).toMatchObject({ status: 400 });
    expect(await problemOf(await app.fieldNation(body, { 'x-fn-signature': '' }))).toMatchObject({ status: 401 });
  });

  it('passes on at most 4 kB of a work order of 500 kB', async () => {
    const workorder = {
      ...{ id: 77, title: 'Drucker ü '.repeat(100), closing_notes: 'done '.repeat(2000) },
      description: { html: `${'<p>text</p>'.repeat(40_000)}<p>Deskbridge FD-acme-4711-1</p>` },
      assignee: { user: { id: 5, first_name: 'Lee'.repeat(100), last_name: 'Park'.repeat(100) } },
      custom_fields: {
        results: Array.from({ length: 500 }, (_, id) => ({ results: [{ id, value: 'v'.repeat(50) }] })),
      },
    };
    expect((await app.fieldNation({ ...event, workorder })).status).toBe(202);
    const reduced = JSON.stringify(reduceEvent(app.calls[0]?.[1] as OrderEvent));
    expect(Buffer.byteLength(reduced)).toBeLessThanOrEqual(4096);
    expect(reduced).toContain('FD-acme-4711-1');
  });
});

describe('while Temporal cannot take work', () => {
  it.each([
    ['out of reach', new TemporalUnavailableError('canary'), 'temporal-unavailable'],
    ['failing unexpectedly', new Error('canary'), 'internal'],
    ['overloaded', Object.assign(new Error('canary'), { status: 500 }), 'internal'],
  ])('both routes answer 503 with Retry-After when it is %s', async (_, error, code) => {
    await app.close();
    app = await serveApp({ ticketChanged: () => Promise.reject(error), workOrderEvent: () => Promise.reject(error) });
    for (const answer of [await app.freshdesk({ id: 1 }), await app.fieldNation(event)]) {
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(await problemOf(answer)).toMatchObject({ status: 503, code });
    }
  });

  it('nothing is acknowledged before it is stored', async () => {
    let store: (id: string) => void = () => undefined;
    let asked: () => void = () => undefined;
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    await app.close();
    app = await serveApp({
      ticketChanged: () => {
        asked();
        return new Promise((resolve) => (store = resolve));
      },
    });
    let answered = false;
    const answer = app.freshdesk({ id: 1 }).then((response) => {
      answered = true;
      return response.status;
    });
    await wasAsked;
    await (await fetch(`${app.url}/healthz`)).text();
    expect(answered).toBe(false);
    store('dispatch-acme-1');
    expect(await answer).toBe(202);
  });
});

it('logs no secret, signature, body or query, one line a record', async () => {
  const id = 'trace-1';
  await app.freshdesk({ id: 1, note: 'canary-body\r\n' }, { 'x-request-id': id, authorization: basic('u:canary-p') });
  await app.post('/webhooks/freshdesk?key=canary-query', '{"a":"canary-body"', { 'content-type': 'application/json' });
  await app.fieldNation(event);
  await app.post('/nowhere?token=canary-query%0A', '');
  expect(app.lines.length).toBeGreaterThanOrEqual(4);
  for (const line of app.lines) {
    expect(line).not.toMatch(/canary|sha256=|[0-9a-f]{64}/);
    expect(line.trimEnd()).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({ requestId: expect.any(String), msg: expect.any(String) });
  }
  expect(app.lines[0]).toContain(id);
});
