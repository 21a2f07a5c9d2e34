/** Strangers at the doors of operators: every route, every wrong token, and headers that claim to come from elsewhere. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { cookieOf, sessionsOf } from './sessions';
import { TOKEN } from '../edge/abuse-routes';
import { serveApp, type AppServer } from '../edge/app-server';

let app: AppServer;
afterEach(() => app.close());

const FORM = 'application/x-www-form-urlencoded';
const HASH = 'a'.repeat(64);
/** `[method, path, body, content type]` of whatever only operators may ask or say. */
const DOORS: [string, string, string?, string?][] = [
  ['GET', '/api/dispatches'],
  ['GET', '/api/dispatches/7'],
  ['POST', '/api/dispatches', '{"ticket_id":7}'],
  ['POST', '/api/dispatches/7/retry', ''],
  ['POST', '/api/dispatches/7/cancel', '{"reason":"x"}'],
  ['POST', '/api/dispatches/7/approve', ''],
  ['GET', '/api/pause'],
  ['POST', '/api/pause', '{"reason":"x"}'],
  ['POST', '/api/resume', ''],
  ['POST', '/api/mapping/preview', '{"ticket_id":7}'],
  ['POST', '/codec/encode', '{"payloads":[]}'],
  ['POST', '/codec/decode', '{"payloads":[]}'],
  ['GET', '/'],
  ['GET', '/?q=7'],
  ['GET', '/dispatches/7'],
  ['GET', '/dispatches/7/cancel'],
  ['POST', '/dispatches/7/retry', '', FORM],
  ['POST', '/dispatches/7/cancel', 'reason=x', FORM],
  ['GET', '/contacts'],
  ['POST', '/contacts/find', 'who=u1', FORM],
  ['GET', `/contacts/${HASH}`],
  ['POST', `/contacts/${HASH}/retry`, '', FORM],
  ['GET', '/audit'],
  ['GET', '/preview'],
  ['POST', '/preview', 'ticket=7', FORM],
  ['POST', '/sign-out', '', FORM],
];

interface Answer {
  status: number;
  text: string;
  cookie: string | undefined;
}
/** `fetch` may choose neither host nor origin. */
function knock(
  [method, path, body = '', type = 'application/json']: (typeof DOORS)[number],
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const given = { ...(method === 'POST' ? { 'content-type': type, origin: app.url } : {}), ...headers };
    request({ hostname, port, method, path, headers: given }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text, cookie: answer.headers['set-cookie']?.[0] }),
      );
    })
      .on('error', reject)
      .end(body);
  });
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
/** Nearly right, guessed, or in the wrong place. */
const WRONG: Record<string, string>[] = [
  {},
  ...['', ' ', 'x', 'null', 'undefined', 'true', 'admin', '*', '%00', TOKEN.slice(0, -1), TOKEN.slice(1), `${TOKEN}x`]
    .concat([`x${TOKEN}`, TOKEN.repeat(2), TOKEN.toUpperCase(), TOKEN.split('').reverse().join(''), `"${TOKEN}"`])
    .concat([`${TOKEN}, Bearer ${TOKEN}`, `${TOKEN}\u00e9`, Buffer.from(TOKEN).toString('base64'), '__proto__'])
    .map((token) => ({ authorization: `Bearer ${token}` })),
  ...[
    TOKEN,
    `Basic ${TOKEN}`,
    `Token ${TOKEN}`,
    `Bearer${TOKEN}`,
    `Bearer:${TOKEN}`,
    basic(`admin:${TOKEN}`),
    basic(TOKEN),
  ].map((authorization) => ({ authorization })),
  ...['x-api-key', 'x-admin-token', 'proxy-authorization', 'x-webhook-secret'].map((name) => ({
    [name]: `Bearer ${TOKEN}`,
  })),
  { cookie: `deskbridge_session=${TOKEN}` },
  { cookie: 'deskbridge_session=' },
  { cookie: 'deskbridge_session=%' },
  // Who comes from this machine is no operator where there is a token.
  { 'x-forwarded-for': '127.0.0.1', host: 'localhost' },
  { 'x-original-url': '/healthz', 'x-rewrite-url': '/healthz', 'x-http-method-override': 'GET' },
];

/** Sessions of another token, that are over, or were touched. */
beforeAll(async () => {
  const [other, late, touched] = await Promise.all([
    cookieOf(sessionsOf('another-admin-token')),
    cookieOf(sessionsOf(TOKEN, () => Date.now() - 13 * 3_600_000)),
    cookieOf(sessionsOf(TOKEN)),
  ]);
  WRONG.push({ cookie: other }, { cookie: late }, { cookie: touched.replace(/=\d/, '=9') });
});

it('with a token set, no route opens to any of the wrong ones, and nothing is asked or said', async () => {
  app = await serveApp({}, { adminToken: TOKEN });
  const opened: unknown[] = [];
  for (const door of DOORS) {
    const answers = await Promise.all(WRONG.map((headers) => knock(door, headers)));
    answers.forEach(({ status, text, cookie }, index) => {
      const isShut = status === 401 && cookie === undefined && !/acme|canary/.test(text);
      if (!isShut) opened.push({ door, headers: WRONG[index], status, text: text.slice(0, 100) });
    });
  }
  expect(opened).toEqual([]);
  expect(app.calls).toEqual([]);
  expect(app.lines.join('')).not.toContain('canary');
});

it('with a token set, each of them opens to it', async () => {
  app = await serveApp({ ofTicket: async () => ({ preview: {} as never }) }, { adminToken: TOKEN });
  for (const door of DOORS) {
    const { status } = await knock(door, { authorization: `Bearer ${TOKEN}` });
    expect({ door, shut: [401, 403].includes(status) }).toEqual({ door, shut: false });
  }
});

it('without a token, no route opens to whoever came through a proxy, by a foreign name or from a foreign page', async () => {
  app = await serveApp();
  const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-anything', 'x-real-ip']
    .concat(['x-client-ip', 'x-cluster-client-ip', 'true-client-ip', 'cf-connecting-ip', 'fastly-client-ip'])
    .concat(['x-envoy-external-address', 'x-original-forwarded-for', 'fly-client-ip', 'x-azure-clientip', 'cdn-loop'])
    .concat([
      'x-vercel-forwarded-for',
      'x-forward-for',
      'wl-proxy-client-ip',
      'x-amzn-trace-id',
      'cf-ray',
      'x-ms-proxy',
    ])
    .concat(['x-original-host', 'x-proxyuser-ip', 'x-appengine-user-ip', 'x-nf-client-connection-ip', 'cf-ipcountry'])
    .concat(['x-arr-log-id', 'x-cloud-trace-context', 'tailscale-user-login', 'do-connecting-ip', 'x-varnish'])
    .flatMap((name) => ['127.0.0.1', '', 'for=127.0.0.1'].map((value) => ({ [name]: value })));
  const hosts = [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '0.0.0.0',
  ]
    .concat(['[::ffff:10.0.0.1]', '10.0.0.1', '127.0.0.1:80:80'])
    .map((host) => ({ host }));
  const origins = [
    'null',
    'http://evil.example',
    'https://127.0.0.1',
    'http://localhost',
    `${app.url}.evil.example`,
  ].map((origin) => ({ origin }));
  const strangers: Record<string, string>[] = [...forwarding, ...hosts, ...origins];
  const opened: unknown[] = [];
  for (const door of DOORS) {
    const answers = await Promise.all(strangers.map((headers) => knock(door, headers)));
    answers.forEach(({ status, text }, index) => {
      // A request without a host is none.
      if (![400, 401, 403].includes(status) || text.includes('acme'))
        opened.push({ door, headers: strangers[index], status });
    });
  }
  expect(opened).toEqual([]);
  expect(app.calls).toEqual([]);
});

it('guesses are answered alike, however near they are', async () => {
  app = await serveApp({}, { adminToken: TOKEN });
  const answers = await Promise.all(
    Array.from({ length: TOKEN.length }, (_, length) =>
      knock(['GET', '/api/dispatches'], { authorization: `Bearer ${TOKEN.slice(0, length)}` }),
    ),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

it('without a token, no route opens to HTTP/1.0, which is what a plain proxy speaks', async () => {
  app = await serveApp();
  const { hostname, port, host } = new URL(app.url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    connect(Number(port), hostname)
      .on('error', reject)
      .on('close', () => resolve(text))
      .on('data', (part) => (text += part.toString()))
      .end(`GET /api/dispatches HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(app.calls).toEqual([]);
});

it('a path in another spelling is another path, and there is nothing', async () => {
  app = await serveApp({}, { adminToken: TOKEN });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const spellings = DOORS.filter(([, path]) => path !== '/' && !path.includes('?')).flatMap(([method, path, ...rest]) =>
    [path.toUpperCase(), path.replace(/[a-z]/, (first) => first.toUpperCase()), `${path}/`].map(
      (other): (typeof DOORS)[number] => [method, other, ...rest],
    ),
  );
  const others: typeof spellings = [
    ['POST', '/Webhooks/freshdesk', '{}'],
    ['POST', '/webhooks/freshdesk/', '{}'],
    ['POST', '/V1/track', '{}'],
    ['GET', '/Metrics'],
  ];
  for (const door of [...spellings, ...others]) {
    expect({ door, status: (await knock(door, headers)).status }).toEqual({ door, status: 404 });
  }
  expect(app.calls).toEqual([]);
});

it('every answer to operators and strangers tells caches to keep nothing', async () => {
  app = await serveApp({}, { adminToken: TOKEN });
  for (const [method, path] of [...DOORS, ['GET', '/sign-in'], ['GET', '/nowhere'], ['GET', '/metrics']] as const) {
    for (const authorization of [`Bearer ${TOKEN}`, 'Bearer wrong']) {
      const answer = await fetch(`${app.url}${path}`, { method, headers: { authorization }, redirect: 'manual' });
      expect({ path, cache: answer.headers.get('cache-control') }).toEqual({ path, cache: 'no-store' });
    }
  }
});
