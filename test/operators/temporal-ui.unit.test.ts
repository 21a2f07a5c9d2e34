/** The Temporal UI behind the guard of the pages: who reads, who writes, and what the engine is asked. */
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as send } from 'undici';
import { temporalUi } from '../../src/http/temporal-ui';
import { createCodec } from '../../src/temporal/encryption';
import { serveApp, type AppServer } from '../edge/app-server';

const TOKEN = 'canary-admin-token';
const HOST = 'nobody-knows.invalid';
const SIGNAL = '/temporal/api/v1/namespaces/default/workflows/dispatch-acme-7/signal/retry';
const PAGE = `<html><head><meta http-equiv="content-security-policy" content="x"><link href="/_app/a.js"></head>
<body><script>({ base: "" }); import("/_app/start.js")</script></body></html>`;

let app: AppServer;
let servers: Server[] = [];
let asked: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];
afterEach(async () => {
  await app?.close();
  for (const server of servers) server.close();
  servers = [];
});

async function listen(type: string, answer: string): Promise<number> {
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (part: Buffer) => (body += part.toString()));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      asked.push({ method, url, headers, body });
      response.writeHead(200, { 'content-type': type, 'set-cookie': '_csrf=x' }).end(answer);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(adminToken: string | null): Promise<void> {
  asked = [];
  const engine = await listen('application/json', '{"answer":"of the engine"}');
  const files = await listen('text/html', PAGE);
  const ui = temporalUi({
    api: { port: engine, host: HOST },
    files: { get: (path) => send(`http://127.0.0.1:${files}${path}`) },
    codec: createCodec([]),
    encrypts: false,
  });
  app = await serveApp({}, { adminToken, pages: { temporalUi: ui } });
}

const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  new Promise<{ status: number; text: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    })
      .on('error', reject)
      .end(body);
  });

it.each<[string, string | null, Record<string, string>]>([
  ['a stranger, while there is a token', TOKEN, {}],
  ['a wrong bearer', TOKEN, { authorization: 'Bearer wrong' }],
  ['a foreign host name', null, { host: 'evil.example' }],
  ['a proxy', null, { 'x-forwarded-for': '10.0.0.1' }],
])('refuses %s, and asks neither the engine nor for a file', async (_who, token, headers) => {
  await serve(token);
  for (const path of ['/temporal', '/temporal/', '/temporal/_app/a.js', '/temporal/api/v1/namespaces']) {
    expect((await ask('GET', path, headers)).status).toBe(401);
  }
  for (const path of [SIGNAL, '/temporal/codec/decode']) {
    expect(
      (await ask('POST', path, { ...headers, origin: `http://${headers.host ?? new URL(app.url).host}` })).status,
    ).toBe(401);
  }
  expect(asked).toEqual([]);
});

it('asks the engine under the name that it answers, and takes no cookie along', async () => {
  await serve(TOKEN);
  const bearer = { authorization: `Bearer ${TOKEN}` };
  const answer = await ask('GET', '/temporal/api/v1/namespaces?pageSize=5', bearer);
  expect(answer).toMatchObject({ status: 200, text: '{"answer":"of the engine"}' });
  expect(answer.headers['set-cookie']).toBeUndefined();
  const [{ url, headers } = { url: '', headers: {} as IncomingHttpHeaders }] = asked;
  expect(url).toBe('/api/v1/namespaces?pageSize=5');
  expect(headers.host).toBe(HOST);
  expect(headers.authorization).toBeUndefined();
});

it('lets its own page signal a run, and no other page', async () => {
  await serve(null);
  const own = { 'content-type': 'application/json', origin: app.url };
  for (const origin of ['http://evil.example', 'null']) {
    expect((await ask('POST', SIGNAL, { ...own, origin }, '{}')).status).toBeGreaterThanOrEqual(401);
  }
  expect((await ask('POST', SIGNAL, { 'content-type': 'application/json' }, '{}')).status).toBe(403);
  expect(asked).toEqual([]);
  expect((await ask('POST', SIGNAL, own, '{"input":{}}')).status).toBe(200);
  expect(asked).toMatchObject([{ method: 'POST', body: '{"input":{}}' }]);
});

it('tells the page where it is, and lets it call and show nothing from elsewhere', async () => {
  await serve(null);
  const { text, headers } = await ask('GET', '/temporal/namespaces/default/workflows');
  expect(text).toContain('base: "/temporal"');
  expect(text).toContain('import("/temporal/_app/start.js")');
  expect(text).not.toContain('http-equiv');
  expect(headers['content-security-policy']).toMatch(
    /script-src 'strict-dynamic' 'sha256-.*connect-src 'self'; img-src 'self' data:/,
  );
  expect(headers['cache-control']).toBe('no-store');
});
