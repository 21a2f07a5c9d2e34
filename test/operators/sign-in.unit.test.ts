/** Links that sign in, names, signing out: as several web processes of one account see them. */
import { createPasses } from '../../src/http/passes';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { serveApp, type AppServer } from '../edge/app-server';
import { onceRecords } from '../helpers/once-records';
import { cookieOf, sessionsOf } from './sessions';

const ANN = 'canary-token-of-ann';
const BOB = 'canary-token-of-bob';
const TOKENS = `ann:${ANN},bob:${BOB}`;
const MINUTES = 60_000;
const servers: AppServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
const serve = async (...options: Parameters<typeof serveApp>): Promise<AppServer> => {
  const server = await serveApp(...options);
  servers.push(server);
  return server;
};
const post = (server: AppServer, path: string, fields: Record<string, string>, headers = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
    headers: { origin: server.url, ...headers },
  });
const codeOf = (name: string | null, now?: () => number, token = TOKENS): Promise<string> =>
  createPasses(token, 'acme', now).make('sign-in', name, 10 * MINUTES);
const sessionIn = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('a sign-in link', () => {
  it('signs one browser in, once, whichever of several processes is asked', async () => {
    const records = onceRecords();
    const [one, two] = [
      await serve({}, { adminToken: TOKENS, records }),
      await serve({}, { adminToken: TOKENS, records }),
    ];
    const code = await codeOf('ann');
    const answer = await post(one, '/sign-in', { code });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    for (const server of [one, two]) {
      const again = await post(server, '/sign-in', { code });
      expect([again.status, again.headers.get('set-cookie')]).toEqual([401, null]);
      expect(await again.text()).toContain('deskbridge sign-in');
      expect((await fetch(server.url, { headers: { cookie: sessionIn(answer) } })).status).toBe(200);
    }
    expect([...one.lines, ...two.lines].join('')).not.toContain(code);
  });

  it('is none when it is over, of another token or account, changed, or a session', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    const code = await codeOf('ann');
    const session = (await cookieOf(sessionsOf(TOKENS), 'ann')).split('=')[1] ?? '';
    const wrong = [
      await codeOf('ann', () => Date.now() - 10 * MINUTES),
      await codeOf(null, Date.now, 'another-admin-token'),
      await createPasses(TOKENS, 'other').make('sign-in', 'ann', MINUTES),
      ...[code.replace(/^\d/, '9'), `${code}x`, '', 'x', session, ANN],
      code.replace(Buffer.from('ann').toString('base64url'), Buffer.from('bob').toString('base64url')),
    ];
    for (const one of wrong) {
      const { status, headers } = await post(server, '/sign-in', { code: one });
      expect({ one, status, cookie: headers.get('set-cookie') }).toEqual({ one, status: 401, cookie: null });
    }
    expect((await fetch(server.url, { headers: { cookie: `deskbridge_session=${code}` } })).status).toBe(401);
  });

  it('is not taken from the form of a foreign page, and its code stays good', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    const code = await codeOf('ann');
    expect((await post(server, '/sign-in', { code }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post(server, '/sign-in', { code })).status).toBe(303);
  });

  it('shows a page with a button, and needs no script of another place', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    const page = await fetch(`${server.url}/sign-in`);
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await page.text()).toMatch(/<form[^>]* method="post" action="\/sign-in">[\s\S]*name="code"[\s\S]*<button/);
  });

  it('signs nobody in while Temporal cannot record its use', async () => {
    const away = { ...onceRecords(), record: () => Promise.reject(new TemporalUnavailableError('away')) };
    const server = await serve({}, { adminToken: TOKENS, records: away });
    const answer = await post(server, '/sign-in', { code: await codeOf('ann') });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([503, null]);
  });
});

describe('signing out', () => {
  it('ends the session for good, here at once and in other processes within ten seconds', async () => {
    let at = Date.now();
    const now = (): number => at;
    const records = onceRecords();
    const [here, there] = [sessionsOf(TOKENS, now, records), sessionsOf(TOKENS, now, records)];
    const request = { headers: { cookie: await cookieOf(here, 'bob') }, header: () => undefined } as never;
    expect(await there.operatorIn(request)).toEqual({ name: 'bob', via: 'session' });
    await here.end(request, { cookie: () => undefined } as never);
    expect(await here.operatorIn(request)).toBeNull();
    at += 10_000;
    expect(await there.operatorIn(request)).toBeNull();
  });

  it('takes the cookie away, and a copy of it opens nothing', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    const cookie = sessionIn(await post(server, '/sign-in', { token: BOB }));
    expect((await fetch(server.url, { headers: { cookie } })).status).toBe(200);
    const out = await post(server, '/sign-out', {}, { cookie });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([303, expect.stringContaining('deskbridge_session=;')]);
    expect((await fetch(server.url, { headers: { cookie } })).status).toBe(401);
  });

  it('of one operator does not end the sessions of another, nor does a new token', async () => {
    const records = onceRecords();
    const before = sessionsOf(TOKENS, Date.now, records);
    const cookie = await cookieOf(before, 'bob');
    const after = sessionsOf(`ann:another-token-of-ann,bob:${BOB}`, Date.now, records);
    expect(await after.operatorIn({ headers: { cookie } } as never)).toMatchObject({ name: 'bob' });
    expect(await after.operatorIn({ headers: { cookie: await cookieOf(before, 'ann') } } as never)).toBeNull();
  });
});

it('the cookie is for TLS alone where the public address is https', async () => {
  const server = await serve({}, { adminToken: TOKENS, publicUrl: 'https://desk.example.com' });
  expect((await post(server, '/sign-in', { token: ANN })).headers.get('set-cookie')).toContain('; Secure');
  // A proxy that passes another Host on: the form is of our public page all the same.
  const { status } = await post(server, '/sign-in', { token: ANN }, { origin: 'https://desk.example.com' });
  expect(status).toBe(303);
});

describe('who did it', () => {
  const bearer = { authorization: `Bearer ${ANN}`, 'content-type': 'application/json' };

  it('is the name of the token, unless the request names somebody', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    await server.post('/api/dispatches/7/retry', '', { authorization: `Bearer ${BOB}` });
    await server.post('/api/dispatches/7/retry', '{"by":"Carol"}', bearer);
    await server.post('/api/dispatches/7/cancel', '{"reason":"wrong site"}', bearer);
    await server.post('/api/dispatches', '{"ticket_id":7}', bearer);
    const cookie = sessionIn(await post(server, '/sign-in', { code: await codeOf('bob') }));
    await post(server, '/dispatches/8/retry', {}, { cookie });
    expect(server.calls).toEqual([
      ['retry', 7, 'bob'],
      ['retry', 7, 'Carol'],
      ['cancel', 7, 'wrong site', 'ann'],
      ['dispatchVisit', 7, 'ann'],
      ['retry', 8, 'bob'],
    ]);
  });

  it('is nobody in particular with one plain token, or with none beside the sandbox', async () => {
    const plain = await serve({}, { adminToken: 'canary-admin-token' });
    await plain.post('/api/dispatches/7/retry', '', { authorization: 'Bearer canary-admin-token' });
    const none = await serve();
    await none.post('/api/dispatches/7/retry', '');
    expect([plain.calls, none.calls]).toEqual([[['retry', 7, null]], [['retry', 7, null]]]);
  });

  it('does not believe a token under another name, or two at once', async () => {
    const server = await serve({}, { adminToken: TOKENS });
    for (const token of [`ann:${BOB}`, `ann:${ANN}`, TOKENS, `${ANN},${BOB}`, 'ann', '']) {
      const { status } = await server.post('/api/dispatches/7/retry', '', { authorization: `Bearer ${token}` });
      expect({ token, status }).toEqual({ token, status: 401 });
    }
  });

  it.each(['{"by":""}', '{"by":7}', '[]', '{"by":"x'])('a retry with the body %s is malformed', async (body) => {
    const server = await serve({}, { adminToken: TOKENS });
    expect((await server.post('/api/dispatches/7/retry', body, bearer)).status).toBe(400);
    expect(server.calls).toEqual([]);
  });
});
