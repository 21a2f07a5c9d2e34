import { gzipSync } from 'node:zlib';
import type { ContactEvents } from '../../src/contract/contact';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { problemOf, serveApp, WRITE_KEY, type AppServer } from './app-server';

const consent = { context: { consent: { marketing: true } } };
const identify = (traits: object = {}, more: object = {}) => ({
  userId: 'usr_1',
  traits: { email: 'jo@example.com', name: 'Jo', ...traits },
  ...consent,
  ...more,
});

let app: AppServer;
beforeEach(async () => {
  app = await serveApp();
});
afterEach(() => app.close());

const accepted = (): ContactEvents[] =>
  app.calls.filter(([name]) => name === 'accept').flatMap(([, list]) => list as ContactEvents[]);
const counts = async (): Promise<Record<string, number>> => {
  const { values } = await app.metrics.registry.getSingleMetric('deskbridge_events_total')!.get();
  return Object.fromEntries(
    values.map(({ labels, value }) => [[labels.result, labels.reason].filter(Boolean).join(' '), value]),
  );
};

describe('single calls', () => {
  it('hands an identified event to its contact and answers as Segment does', async () => {
    const response = await app.events('identify', identify());
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, outcome: 'accepted', reason: null, notes: [] });
    expect(accepted()).toHaveLength(1);
    expect(accepted()[0]?.events[0]).toMatchObject({
      name: 'Identified',
      action: 'upsert',
      contact: { name: 'Jo', email: 'jo@example.com', unique_external_id: 'usr_1', tags: ['marketing-consent'] },
    });
  });

  it('takes traits beside the properties of a track call', async () => {
    await app.events('track', {
      event: 'Signed Up',
      userId: 'usr_123',
      properties: { method: 'email' },
      traits: {
        firstName: 'John',
        lastName: 'Doe',
        email: 'John.Doe@example.com',
        phone: '07700 900123',
        title: 'CTO',
        marketing_consent: true,
      },
    });
    expect(accepted()[0]?.events[0]?.contact).toEqual({
      name: 'John Doe',
      email: 'john.doe@example.com',
      phone: '+447700900123',
      unique_external_id: 'usr_123',
      job_title: 'CTO',
      tags: ['marketing-consent'],
      custom_fields: { signup_method: 'email' },
    });
  });

  it.each([
    ['identify', { anonymousId: 'a', traits: {}, ...consent }, 'anonymous'],
    ['page', { userId: 'usr_1', name: 'Home', ...consent }, 'anonymous'],
    ['screen', { userId: 'usr_1', name: 'Home' }, 'anonymous'],
    ['track', { userId: 'usr_1', event: 'Clicked', ...consent }, 'unmapped-event'],
    ['group', { userId: 'usr_1', groupId: 'g' }, 'unmapped-event'],
    ['alias', { userId: 'usr_1', previousId: 'b' }, 'unmapped-event'],
    ['identify', { userId: 'usr_1', traits: { email: 'jo@example.com' } }, 'no-consent'],
    ['identify', { traits: { email: 'nobody', marketing_consent: true } }, 'no-identifier'],
  ])('drops %s %j as %3$s, counts it once and tells Temporal nothing', async (route, body, reason) => {
    const response = await app.events(route, body);
    expect(await response.json()).toMatchObject({ success: true, outcome: 'dropped', reason });
    expect(app.calls).toEqual([]);
    expect(await counts()).toEqual({ [`dropped ${reason}`]: 1 });
  });

  it('names every field that is wrong, and no value', async () => {
    const response = await app.events('track', { event: 7, userId: { id: 'canary' }, traits: 'canary' });
    const { detail } = await problemOf(response);
    expect(response.status).toBe(400);
    for (const field of ['event', 'userId', 'traits']) expect(detail).toContain(field);
    expect(await counts()).toEqual({ invalid: 1 });
  });
});

describe('what operators see of it', () => {
  const items = async (query = ''): Promise<Record<string, unknown>[]> =>
    ((await (await fetch(`${app.url}/api/events${query}`)).json()) as { items: Record<string, unknown>[] }).items;

  it('is every event with its reason, newest first, found by person, and nothing personal', async () => {
    await app.events('identify', identify({ phone: '12' }));
    await app.events('track', { userId: 'usr_1', event: 'jo@example.com bought', ...consent });
    await app.events('identify', { traits: { email: 'JO@example.com' } });
    await app.events('identify', { userId: {} });
    const all = await items();
    expect(all).toMatchObject([
      { type: 'identify', outcome: 'invalid', reason: expect.stringContaining('userId'), result: null, run: null },
      { type: 'identify', event: 'Identified', outcome: 'dropped', reason: 'no-consent', run: null },
      { type: 'track', event: '***@*** bought', outcome: 'dropped', reason: 'unmapped-event' },
      {
        outcome: 'accepted',
        reason: null,
        notes: [expect.stringContaining('phone')],
        run: expect.stringMatching(/^contact-acme-/),
      },
    ]);
    expect(JSON.stringify(all)).not.toMatch(/jo@|usr_1/i);
    expect(await items('?person=jo@Example.com')).toHaveLength(2);
    expect(await items('?person=usr_1')).toHaveLength(2);
    expect(await items('?outcome=dropped&limit=1')).toMatchObject([{ reason: 'no-consent' }]);
    expect(await items('?reason=unmapped-event')).toHaveLength(1);
    const page = await (await fetch(`${app.url}/events`)).text();
    expect(page).toContain('No rule for the event');
    expect(page).toContain('This web server alone');
  });

  it('is a trial of one event: every gate, and the exact body, and nothing is sent', async () => {
    const post = async (body: object): Promise<Record<string, unknown>> =>
      (await (
        await app.post('/api/events/test', JSON.stringify(body), { 'content-type': 'application/json' })
      ).json()) as Record<string, unknown>;
    expect(await post({ type: 'identify', ...identify({ phone: '12' }) })).toEqual({
      ...{ outcome: 'accepted', reason: null, notes: [expect.stringContaining('phone')] },
      gates: ['anonymous', 'unmapped-event', 'no-consent', 'no-identifier'].map((gate) => ({
        ...{ gate, passed: true, detail: expect.any(String) },
      })),
      body: { name: 'Jo', email: 'jo@example.com', unique_external_id: 'usr_1', tags: ['marketing-consent'] },
    });
    const no = { type: 'track', event: 'Clicked', userId: 'usr_1', context: { consent: { marketing: false } } };
    expect(await post(no)).toMatchObject({ outcome: 'dropped', reason: 'unmapped-event', body: null });
    expect(await post({ ...no, type: 'identify' })).toMatchObject({ reason: 'no-consent', notes: ['withdrawal'] });
    expect(app.calls).toEqual([]);
    const form = new URLSearchParams({ event: JSON.stringify({ type: 'identify', ...identify() }) });
    const page = await app.post('/events/test', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      origin: app.url,
    });
    expect(await page.text()).toContain('It would be sent');
  });

  it('is a replay that counts first and sends only when told', async () => {
    const post = (body: object): Promise<Response> =>
      app.post('/api/contacts/replay', JSON.stringify(body), { 'content-type': 'application/json' });
    const dry = await post({ outcome: 'rejected', since: '2h', dryRun: true });
    expect(dry.status).toBe(202);
    expect(await dry.json()).toMatchObject({ dryRun: true, contacts: 2, events: 3, run: null });
    expect(app.calls.map(([name]) => name)).toEqual(['count']);
    expect(await (await post({ dryRun: false })).json()).toMatchObject({ dryRun: false, run: 'contact-replay-acme' });
    for (const wrong of [{ outcome: 'created' }, { since: 'soon' }, { nothing: 1 }])
      expect((await post(wrong)).status).toBe(400);
    const form = (fields: Record<string, string>): Promise<Response> =>
      app.post('/events/replay', new URLSearchParams({ outcome: 'conflict', since: '1h', ...fields }).toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        origin: app.url,
      });
    expect(await (await form({})).text()).toContain('Send 3 events again');
    expect(await (await form({ yes: 'yes' })).text()).toContain('are being sent again');
  });
});

describe('batches', () => {
  it('answers per event, in order', async () => {
    const batch = [
      { type: 'identify', ...identify({ phone: 'nonsense' }) },
      { type: 'page', userId: 'usr_1' },
      { type: 'identify', anonymousId: 'a' },
      { type: 'nonsense' },
      'text',
      { type: 'track', event: 'Signed Up', ...identify() },
    ];
    const body = (await (await app.events('batch', { batch })).json()) as { results: { status: string }[] };
    expect(body).toMatchObject({
      success: true,
      results: [
        { status: 'accepted', notes: [expect.stringContaining('phone')] },
        { status: 'dropped', reason: 'anonymous' },
        { status: 'dropped', reason: 'anonymous' },
        { status: 'invalid', errors: [expect.stringContaining('type')] },
        { status: 'invalid', errors: [expect.any(String)] },
        { status: 'accepted' },
      ],
    });
    // Both events of the one contact go together, in their order.
    expect(accepted()).toHaveLength(1);
    expect(accepted()[0]?.events.map(({ name }) => name)).toEqual(['Identified', 'Signed Up']);
  });

  it('holds its context for each event: their own values win, and a no in either stays', async () => {
    const yes = { consent: { marketing: true } };
    const batch = async (context: unknown, item: object): Promise<unknown> => {
      const body = { context, batch: [{ type: 'identify', userId: 'u1', ...item }] };
      const answer = (await (await app.events('batch', body)).json()) as {
        results: { status: string; reason?: string }[];
      };
      return answer.results[0]?.reason ?? answer.results[0]?.status;
    };
    expect(await batch(yes, {})).toBe('accepted');
    expect(await batch(yes, { context: { consent: { marketing: 'no' } } })).toBe('no-consent');
    expect(await batch({ consent: { marketing: 'no' } }, { context: yes })).toBe('accepted');
    expect(await batch({ consent: { marketing: false } }, { context: yes })).toBe('no-consent');
    expect(await batch({ consent: { marketing: false } }, { traits: { marketing_consent: true } })).toBe('no-consent');
    expect(await batch([], { context: yes })).toBe('accepted');
    expect((await app.events('batch', { context: 'x', batch: [] })).status).toBe(400);
    const huge = { context: { text: 'x'.repeat(40_000) }, batch: [] };
    expect((await problemOf(await app.events('batch', huge))).detail).toContain('context');
  });

  it('comes by /v1/import as well, and never with so many events that the answer is larger than the request', async () => {
    const answer = await app.events('import', { batch: [{ type: 'identify', ...identify() }, { type: 'page' }] });
    expect(await answer.json()).toMatchObject({
      success: true,
      results: [{ status: 'accepted' }, { status: 'dropped' }],
    });
    const many = await app.events('batch', { batch: Array.from({ length: 10_001 }, () => 0) });
    expect(await problemOf(many)).toMatchObject({ status: 413, detail: expect.stringContaining('10000 events') });
  });

  it('takes what is packed JSON though it says that it is a form, and no form', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = JSON.stringify({ batch: [{ type: 'identify', ...identify() }] });
    expect((await app.events('batch', gzipSync(body), { ...type, 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await app.events('batch', body, type)).status).toBe(415);
    expect((await app.events('batch', body, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('refuses a single event over 32 kB and takes the others', async () => {
    const batch = [
      { type: 'identify', ...identify({ name: 'x'.repeat(32_000) }) },
      { type: 'identify', ...identify() },
    ];
    const { results } = (await (await app.events('batch', { batch })).json()) as { results: unknown[] };
    expect(results).toEqual([
      { status: 'invalid', errors: [expect.stringContaining('32 kB')] },
      { status: 'accepted' },
    ]);
  });

  it.each([{}, { batch: {} }, { batch: 'x' }, { batch: null }])('refuses %j: there is no list', async (body) => {
    expect((await problemOf(await app.events('batch', body))).detail).toContain('batch');
  });

  it('counts nothing and answers 503 when Temporal cannot take all of it', async () => {
    await app.close();
    app = await serveApp({ accept: () => Promise.reject(new TemporalUnavailableError('away')) });
    const response = await app.events('batch', { batch: [{ type: 'identify', ...identify() }, { type: 'page' }] });
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'temporal-unavailable' });
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await counts()).toEqual({});
  });
});

describe('credentials and limits', () => {
  it('takes the write key in the body as well', async () => {
    const response = await app.post('/v1/identify', JSON.stringify({ writeKey: WRITE_KEY, ...identify() }), {
      'content-type': 'application/json',
    });
    expect(response.status).toBe(200);
    expect(accepted()).toHaveLength(1);
  });

  it.each([
    [{}, {}],
    [{ authorization: 'Basic bm9ib2R5Og==' }, {}],
    [{ authorization: `Bearer ${WRITE_KEY}` }, {}],
    [{ authorization: `Basic ${Buffer.from(`:${WRITE_KEY}`).toString('base64')}` }, {}],
    [{}, { writeKey: `${WRITE_KEY}x` }],
    [{}, { writeKey: [WRITE_KEY] }],
    [{}, '{"broken'],
  ])('refuses %j with %j', async (headers, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify({ ...identify(), ...body });
    const response = await app.post('/v1/batch', text, { 'content-type': 'application/json', ...headers });
    expect((await problemOf(response)).status).toBe(401);
    expect(app.calls).toEqual([]);
  });

  it('takes 32 kB to the byte, and 500 kB for a batch', async () => {
    const fill = (bytes: number, make: (text: string) => object): string => {
      const empty = JSON.stringify(make('')).length;
      return JSON.stringify(make('x'.repeat(bytes - empty)));
    };
    const event = (text: string): object => identify({}, { context: { ...consent.context, text } });
    const batch = (text: string): object => ({ batch: [], text });
    expect((await app.events('identify', fill(32_000, event))).status).toBe(200);
    expect((await app.events('identify', fill(32_001, event))).status).toBe(413);
    expect((await app.events('batch', fill(500_000, batch))).status).toBe(200);
    expect((await app.events('batch', fill(500_001, batch))).status).toBe(413);
    const packed = gzipSync(fill(500_001, batch));
    expect((await app.events('batch', packed, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await app.events('identify', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('logs neither write key nor anything personal', async () => {
    await app.events('identify', identify({ name: 'Canary Person', phone: '07700 900999' }));
    await app.events('batch', {
      batch: [
        { type: 'identify', ...identify() },
        { type: 'identify', traits: 1, userId: 'canary-id' },
      ],
    });
    const log = app.lines.join('\n');
    expect(log).toContain('event accepted');
    for (const secret of [WRITE_KEY, 'jo@example.com', 'Canary', '900999', 'canary-id', 'usr_1'])
      expect(log).not.toContain(secret);
  });

  it('shows what was counted', async () => {
    await app.events('page', {});
    const text = await (await fetch(`${app.url}/metrics`)).text();
    expect(text).toContain('deskbridge_events_total{result="dropped",reason="anonymous"} 1');
  });
});
