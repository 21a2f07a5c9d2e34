import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { DispatchView } from '../../src/contract/dispatch';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { NoDispatchError } from '../../src/temporal/starter';
import { serveApp, type AppServer } from '../edge/app-server';
import { QUIET_DAY } from './page-parts';
import { cookieOf as begunCookie, sessionsOf } from './sessions';

const TOKEN = 'canary-admin-token';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
let app: AppServer;
const serve = async (...options: Parameters<typeof serveApp>): Promise<AppServer> => (app = await serveApp(...options));
afterEach(() => app?.close());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** `fetch` may choose neither host nor origin, and follows redirects. */
const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    })
      .on('error', reject)
      .end(body);
  });
const own = (): Record<string, string> => ({ ...FORM, origin: app.url });
const signIn = (token: string, next = '/'): Promise<Answer> =>
  ask('POST', '/sign-in', own(), new URLSearchParams({ token, next }).toString());
const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0] ?? '';

const AT = '2026-11-22T10:00:00.000Z';
const VIEW: DispatchView = {
  ...{ ticketId: 7, account: 'acme', visit: 1, state: 'attention', correlationId: 'FD-acme-7-1', workOrderId: 5 },
  ...{ workOrderStatus: null, waitingFor: 'a person', nextAttemptAt: null },
  attention: { reason: 'rejected', detail: '<script>alert(1)</script>', remedy: 'Mend "it" & retry' },
  timeline: [{ at: '2026-11-22T10:00:00.000Z', what: '<b>What</b>', detail: '<img src=x>' }],
  links: { ticket: 'https://acme.freshdesk.com/a/tickets/7', workOrder: 'javascript:alert(1)', workflow: null },
};

describe('who sees the pages', () => {
  const PATHS = ['/', '/dispatches/7', '/dispatches/7/cancel', '/contacts', '/preview'];

  it.each(PATHS)('with a token set, %s shows a stranger the form and nothing of the account', async (path) => {
    await serve({ view: async () => VIEW }, { adminToken: TOKEN });
    const answer = await ask('GET', path);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('action="/sign-in"');
    expect(answer.text).not.toContain('acme');
    expect(app.calls).toEqual([]);
  });

  it('lets a bearer in, and whoever signed in by the form', async () => {
    await serve({}, { adminToken: TOKEN });
    expect((await ask('GET', '/', { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    const signedIn = await signIn(TOKEN, '/contacts?state=conflict');
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, '/contacts?state=conflict']);
    expect(String(signedIn.headers['set-cookie'])).toMatch(/; Max-Age=43200; .*HttpOnly; SameSite=Strict$/);
    expect(String(signedIn.headers['set-cookie'])).not.toContain(TOKEN);
    expect((await ask('GET', '/', { cookie: `other=1; ${cookieOf(signedIn)}` })).status).toBe(200);
    expect(app.lines.join('')).not.toContain('canary-admin');
  });

  it('marks the cookie for TLS only when the page came through TLS', async () => {
    await serve({}, { adminToken: TOKEN });
    const headers = { ...own(), 'x-forwarded-proto': 'https' };
    const signedIn = await ask('POST', '/sign-in', headers, `token=${TOKEN}`);
    expect(String(signedIn.headers['set-cookie'])).toContain('; Secure');
    expect(String((await signIn(TOKEN)).headers['set-cookie'])).not.toContain('; Secure');
  });

  it.each(['', 'wrong', TOKEN.toUpperCase()])('refuses the token "%s"', async (token) => {
    await serve({}, { adminToken: TOKEN });
    const answer = await signIn(token);
    expect(answer.status).toBe(401);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each(['//evil.example', '/\\evil.example', 'http://evil.example/', 'javascript:alert(1)', '/\t/evil.example'])(
    'goes nowhere else after signing in: %s',
    async (next) => {
      await serve({}, { adminToken: TOKEN });
      expect((await signIn(TOKEN, next)).headers.location).toBe('/');
    },
  );

  it('without a token answers this machine alone, and tells others how to sign in', async () => {
    await serve();
    expect((await ask('GET', '/')).status).toBe(200);
    for (const headers of [{ 'x-forwarded-for': '1.2.3.4' }, { host: 'evil.example' }, { via: 'proxy' }]) {
      const answer = await ask('GET', '/', headers);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('ADMIN_TOKEN');
      expect(answer.text).not.toContain('<form');
    }
  });
});

describe('a session', () => {
  const carrying = (cookie: string) => ({ headers: { cookie } }) as never;

  it('ends after twelve hours, and with the token it was begun with', async () => {
    const cookie = await begunCookie(sessionsOf(TOKEN, () => 1_790_000_000_000));
    const signedIn = async (token: string, at: number): Promise<boolean> =>
      (await sessionsOf(token, () => at).operatorIn(carrying(cookie))) !== null;
    expect(await signedIn(TOKEN, 1_790_000_000_000 + 12 * 3_600_000 - 1)).toBe(true);
    expect(await signedIn(TOKEN, 1_790_000_000_000 + 12 * 3_600_000)).toBe(false);
    expect(await signedIn('another-admin-token', 1_790_000_000_000)).toBe(false);
  });

  it('is no session with a single character changed', async () => {
    const sessions = sessionsOf(TOKEN, () => 1_790_000_000_000);
    const cookie = await begunCookie(sessions);
    const at = cookie.indexOf('=') + 1;
    for (let index = at; index < cookie.length - 1; index++) {
      const other = cookie[index] === '1' ? '2' : '1';
      const forged = cookie.slice(0, index) + other + cookie.slice(index + 1);
      expect(await sessions.operatorIn(carrying(forged))).toBeNull();
    }
  });
});

describe('forms', () => {
  const ACTIONS = ['/dispatches/7/retry', '/dispatches/7/cancel', '/preview', '/contacts/find', '/sign-out'];

  it.each(ACTIONS)('of a foreign page are not taken by %s', async (path) => {
    await serve({}, { adminToken: TOKEN });
    const cookie = cookieOf(await signIn(TOKEN));
    const foreign: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      {},
      { origin: app.url.replace(/\d+$/, '1') },
      { origin: app.url, 'sec-fetch-site': 'same-site' },
      // What a browser sends along by itself behind a proxy with a password of its own.
      { origin: 'http://evil.example', authorization: 'Basic eDp5' },
    ];
    for (const headers of foreign) {
      const answer = await ask('POST', path, { ...FORM, cookie, ...headers }, 'reason=x&ticket=7&who=u');
      expect({ headers, status: answer.status }).toEqual({ headers, status: 403 });
    }
    expect(app.calls).toEqual([]);
  });

  it('retry and cancel say what API and command line say', async () => {
    await serve({ view: async () => VIEW });
    expect((await ask('POST', '/dispatches/7/retry', own())).headers.location).toBe('/dispatches/7?done=retry');
    const cancelled = await ask('POST', '/dispatches/7/cancel', own(), 'reason=+wrong+site+');
    expect(cancelled.headers.location).toBe('/dispatches/7?done=cancel');
    expect(app.calls).toEqual([
      ['retry', 7, null],
      ['cancel', 7, 'wrong site', null],
    ]);
  });

  it('cancel without a reason asks again and cancels nothing', async () => {
    await serve({ view: async () => VIEW });
    for (const reason of ['', '+', 'x'.repeat(501)]) {
      const answer = await ask('POST', '/dispatches/7/cancel', own(), `reason=${reason}`);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('Say why');
    }
    expect(app.calls.map(([name]) => name)).not.toContain('cancel');
  });
});

describe('what the pages show', () => {
  it('everything that people or upstreams wrote is text, and only web addresses are links', async () => {
    await serve({ view: async () => VIEW });
    const { text, headers } = await ask('GET', '/dispatches/7');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('Mend &quot;it&quot; &amp; retry');
    expect(text).not.toMatch(/<b>What|<img src=x|javascript:/);
    expect(text).not.toMatch(/ style=| on\w+=|<script>/);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; script-src 'self'; /);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('asks Temporal once for many readers', async () => {
    let asked = 0;
    const tiles = () => {
      asked++;
      return QUIET_DAY.overview.tiles();
    };
    await serve({}, { pages: { overview: { ...QUIET_DAY.overview, tiles } } });
    await Promise.all([ask('GET', '/'), ask('GET', '/'), ask('GET', '/')]);
    expect(asked).toBe(1);
  });

  it('shows when each source was heard last, and says what is not known', async () => {
    await serve();
    const before = (await ask('GET', '/')).text;
    expect(before.match(/none yet/g)).toHaveLength(3);
    expect(before).toContain('not known yet');
    await app.freshdesk({ ticket_id: 1 });
    await app.freshdesk({ ticket_id: 1 }, { 'x-webhook-secret': 'wrong' });
    await app.fieldNation({ event: { name: 'x' } }, { 'x-fn-signature': 'sha256=00' });
    expect((await ask('GET', '/')).text.match(/none yet/g)).toHaveLength(2);
  });

  it('shows what another process heard, and the quota that its calls left', async () => {
    const at = new Date().toISOString();
    const watched = { webhooks: { events: at }, quota: { remaining: 612, limit: 700, at } };
    const tiles = async () => ({ ...(await QUIET_DAY.overview.tiles()), watched });
    await serve({}, { pages: { overview: { ...QUIET_DAY.overview, tiles } } });
    const page = (await ask('GET', '/')).text;
    expect(page.match(/none yet/g)).toHaveLength(2);
    expect(page).toContain('612 of 700');
  });

  it('says so when Temporal is away, and when there is no such thing', async () => {
    const away = (): Promise<never> => Promise.reject(new TemporalUnavailableError('away'));
    const none = (): Promise<never> => Promise.reject(new NoDispatchError('No dispatch is running for ticket 9'));
    await serve({ rows: away, retry: none });
    const answers = [
      await ask('GET', '/'),
      await ask('POST', '/dispatches/9/retry', own()),
      await ask('GET', '/dispatches/9'),
      await ask('GET', '/dispatches/x'),
      await ask('GET', '/contacts/x'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 404, 404, 404, 404]);
    expect(answers[0]?.text).toContain('Temporal is out of reach');
    expect(answers[1]?.text).toContain('No dispatch is running for ticket 9');
    for (const { text } of answers) expect(text).toMatch(/^<!doctype html>/);
  });
});

it('names the command that answers: a retry never says yes to money', async () => {
  const attention = { ...VIEW.attention, reason: 'approval' as const, detail: '150 USD', remedy: '' };
  await serve({ view: async () => ({ ...VIEW, attention }) });
  expect((await ask('GET', '/dispatches/7')).text).toContain('npx deskbridge approve 7');
});

it('sends a page of 200 tickets, visits and a month in less than 50 kB to a browser, and plain to who unpacks nothing', async () => {
  const facts = { subject: 'Receipt printer does not print', site: 'Harbor Books, Duluth', technician: 'Ann Lee' };
  const full = { ...facts, start: '2026-11-22T15:00:00Z', pay: '150 USD' };
  const rows = Array.from({ length: 200 }, (_, index) => ({
    ...{ triggeredAt: AT, orderedAt: AT, publishedAt: AT, endedAt: null, waitingSince: AT, facts: full },
    dispatch: { ...VIEW, ticketId: 4700 + index, workOrderId: 901_000 + index },
  }));
  const visits = rows.map(({ dispatch }) => ({
    ...{ ticketId: dispatch.ticketId, start: AT, dueAt: null, state: 'assigned' as const, orderedAt: AT, facts: full },
  }));
  const days = Array.from({ length: 30 }, (_, index) => ({
    ...{ from: new Date(Date.parse(AT) + index * 86_400_000).toISOString(), onTime: 5, late: 1, open: 1 },
    ...{ backOuts: index % 3, problems: index % 2 },
  }));
  const overview = { ...QUIET_DAY.overview, visits: async () => visits, month: async () => ({ days, more: false }) };
  await serve({ rows: async () => ({ rows, nextCursor: null }) }, { pages: { ...QUIET_DAY, overview } });
  const packed = await fetch(app.url, { headers: { 'accept-encoding': 'gzip' } });
  const plain = await ask('GET', '/');
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'Accept-Encoding']);
  expect(await packed.text()).toContain('/dispatches/4899');
  expect(plain.text).toContain('/dispatches/4899');
  expect(gzipSync(plain.text).byteLength).toBeLessThan(50_000);
});
