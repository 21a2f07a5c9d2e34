import { request } from 'node:http';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { NoDispatchError, VisitOpenError } from '../../src/temporal/starter';
import { problemOf, serveApp, type AppServer } from '../edge/app-server';

const TOKEN = 'canary-admin-token';
const JSON_TYPE = { 'content-type': 'application/json' };
let app: AppServer;
const serve = async (...options: Parameters<typeof serveApp>): Promise<AppServer> => (app = await serveApp(...options));
afterEach(() => app.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${app.url}${path}`, { headers });

/** `fetch` may not choose the host. */
const statusWith = (headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${app.url}/api/dispatches`, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });

describe('who may operate', () => {
  it.each<[string, Record<string, string>]>([
    ['no bearer', {}],
    ['another token', { authorization: `Bearer ${TOKEN}x` }],
    ['another case', { authorization: `Bearer ${TOKEN.toUpperCase()}` }],
    ['an empty bearer', { authorization: 'Bearer ' }],
    ['Basic', { authorization: `Basic ${Buffer.from(`a:${TOKEN}`).toString('base64')}` }],
  ])('with a token set, %s is refused', async (_, headers) => {
    await serve({}, { adminToken: TOKEN });
    const posts = ['/api/dispatches', '/api/dispatches/1/retry', '/api/dispatches/1/cancel'];
    const answers = [
      ...(await Promise.all(['/api/dispatches', '/api/dispatches/1'].map((path) => get(path, headers)))),
      ...(await Promise.all(posts.map((path) => app.post(path, '{}', { ...JSON_TYPE, ...headers })))),
    ];
    for (const answer of answers) {
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect((await problemOf(answer)).detail).toBe('The credential or signature is missing or wrong.');
      expect(answer.status).toBe(401);
    }
    expect(app.calls).toEqual([]);
  });

  it('with a token set, its bearer may, through a proxy too', async () => {
    await serve({}, { adminToken: TOKEN });
    expect((await get('/api/dispatches', { authorization: `Bearer ${TOKEN}`, via: 'proxy' })).status).toBe(200);
  });

  it.each<[number, Record<string, string>]>([
    [200, {}],
    [200, { host: 'localhost:3000', origin: 'http://localhost:3000' }],
    [200, { host: '[::1]:3000' }],
    [401, { host: 'evil.example' }],
    [401, { host: '127.0.0.1.evil.example' }],
    [401, { origin: 'http://evil.example' }],
    [401, { origin: 'null' }],
    ...[
      'forwarded',
      'via',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-real-ip',
      'cf-connecting-ip',
    ].map((name): [number, Record<string, string>] => [401, { [name]: '127.0.0.1' }]),
  ])('without a token, this machine gets %i with %j', async (status, headers) => {
    await serve();
    expect(await statusWith(headers)).toBe(status);
  });
});

describe('the routes of dispatches', () => {
  it('lists by state, ticket, limit and cursor', async () => {
    await serve();
    await get('/api/dispatches?state=attention&ticket=5&limit=200&cursor=AbC_-9&unknown=1');
    await get('/api/dispatches');
    expect(app.calls).toEqual([
      ['list', { state: 'attention', ticketId: 5, limit: 200, cursor: 'AbC_-9' }],
      ['list', { limit: 50 }],
    ]);
  });

  it.each([
    ['state', 'state=open'],
    ['ticket', 'ticket=x'],
    ['ticket', 'ticket=0x10'],
    ['limit', 'limit=0'],
    ['limit', 'limit=201'],
    ['limit', 'limit=1e2'],
    ['limit', 'limit=1&limit=2'],
    ['cursor', 'cursor=%00'],
  ])('name %s in the refusal of ?%s', async (field, query) => {
    await serve();
    const problem = await problemOf(await get(`/api/dispatches?${query}`));
    expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining(field) });
    expect(app.calls).toEqual([]);
  });

  it.each(['x', '0', '-1', '1.5', '0x1', '99999999999999999'])('know no ticket %s', async (ticket) => {
    await serve();
    expect(await problemOf(await get(`/api/dispatches/${ticket}`))).toMatchObject({ status: 404 });
    expect(app.calls).toEqual([]);
  });

  it('answer 404 for a ticket without a dispatch', async () => {
    const none = (): Promise<never> => Promise.reject(new NoDispatchError('No dispatch is running for ticket 9'));
    await serve({ retry: none, cancel: none });
    expect((await problemOf(await get('/api/dispatches/9'))).detail).toContain('ticket 9');
    for (const [path, body] of [
      ['retry', ''],
      ['cancel', '{"reason":"x"}'],
    ] as const) {
      const answer = await app.post(`/api/dispatches/9/${path}`, body, JSON_TYPE);
      expect(await problemOf(answer)).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('start a visit, retry and cancel', async () => {
    await serve();
    const answers = [
      await app.post('/api/dispatches', '{"ticket_id":"7","state":"x"}', JSON_TYPE),
      await app.post('/api/dispatches/7/retry', ''),
      await app.post('/api/dispatches/7/cancel', '{"reason":" wrong site "}', JSON_TYPE),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(app.calls).toEqual([
      ['dispatchVisit', 7, null],
      ['retry', 7, null],
      ['cancel', 7, 'wrong site', null],
    ]);
  });

  it('start nothing beside an open visit', async () => {
    await serve({ dispatchVisit: () => Promise.reject(new VisitOpenError('A visit for ticket 7 is under way')) });
    const answer = await app.post('/api/dispatches', '{"ticket_id":7}', JSON_TYPE);
    expect(await problemOf(answer)).toMatchObject({ status: 409, code: 'conflict' });
  });

  it.each([
    ['/api/dispatches', '{"ticket_id":true}'],
    ['/api/dispatches', '{"ticket_id":["5"]}'],
    ['/api/dispatches', '{}'],
    ['/api/dispatches', '[5]'],
    ['/api/dispatches/7/cancel', '{"reason":"  "}'],
    ['/api/dispatches/7/cancel', '{}'],
    ['/api/dispatches/7/cancel', `{"reason":"${'x'.repeat(501)}"}`],
    ['/api/dispatches/7/cancel', '{"reason":{"length":{"toString":1,"valueOf":null}}}'],
    ['/api/dispatches/%E0%A4%A/retry', '{}'],
  ])('refuse %s with %s', async (path, body) => {
    await serve();
    expect(await problemOf(await app.post(path, body, JSON_TYPE))).toMatchObject({ status: 400 });
    expect(app.calls).toEqual([]);
  });
});

describe('every other answer', () => {
  it('is a problem for a route that is none', async () => {
    await serve();
    expect(await problemOf(await get(`/${'x'.repeat(5000)}`))).toMatchObject({ status: 404, code: 'not-found' });
    expect(await problemOf(await get('/webhooks/freshdesk'))).toMatchObject({ status: 404 });
  });

  it.each([
    ['false', async () => false],
    ['an error', () => Promise.reject(new TemporalUnavailableError('canary'))],
  ])('of /readyz is 503 when readiness is %s, while /healthz stays well', async (_, isReady) => {
    await serve({}, { isReady });
    const answer = await get('/readyz');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await problemOf(answer)).toMatchObject({ status: 503 });
    expect((await get('/healthz')).status).toBe(200);
  });
});
