import { createSecretKey, randomBytes } from 'node:crypto';
import { originsOf } from '../../src/http/codec';
import { createCodec } from '../../src/temporal/encryption';
import { problemOf, serveApp, type AppServer } from '../edge/app-server';

const UI = 'http://127.0.0.1:8233';
const TOKEN = 'admin-token';
const b64 = (text: string): string => Buffer.from(text).toString('base64');
const PLAIN = { metadata: { encoding: b64('json/plain') }, data: b64('{"email":"ann@example.com"}') };
const codecOf = (id: string) => createCodec([{ id, secret: createSecretKey(randomBytes(32)) }]);

let app: AppServer;
async function serve(adminToken: string | null = null): Promise<void> {
  app = await serveApp({}, { adminToken, codec: codecOf('k1'), uiOrigins: originsOf(UI) });
}
afterEach(() => app.close());
const ask = (work: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  app.post(`/codec/${work}`, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

it('encodes and decodes what the temporal program and UI send', async () => {
  await serve();
  const encoded = await ask('encode', { payloads: [PLAIN] });
  expect(encoded.status).toBe(200);
  const body = (await encoded.json()) as { payloads: (typeof PLAIN & { metadata: Record<string, string> })[] };
  expect(body.payloads[0]?.metadata).toEqual({ encoding: b64('binary/encrypted'), 'encryption-key-id': b64('k1') });
  expect(await (await ask('decode', body)).json()).toEqual({ payloads: [PLAIN] });
});

it('lets pass what is not encrypted, in its order, and takes payloads without data', async () => {
  await serve();
  const empty = { metadata: { encoding: b64('binary/null') } };
  const decoded = await ask('decode', { payloads: [PLAIN, { ...empty, data: null }] });
  expect(await decoded.json()).toEqual({ payloads: [PLAIN, empty] });
});

it('takes a list that is empty, which protobuf leaves out', async () => {
  await serve();
  expect(await (await ask('decode', {})).json()).toEqual({ payloads: [] });
});

it('names the key that is missing', async () => {
  await serve();
  const [payload] = await codecOf('k0').encode([{ metadata: {}, data: Buffer.from('x') }]);
  const { metadata, data } = payload as { metadata: Record<string, Uint8Array>; data: Uint8Array };
  const asText = Object.fromEntries(Object.entries(metadata).map(([k, v]) => [k, Buffer.from(v).toString('base64')]));
  const body = { payloads: [{ metadata: asText, data: Buffer.from(data).toString('base64') }] };
  const { status, detail } = await problemOf(await ask('decode', body, { origin: UI }));
  expect([status, detail]).toEqual([503, expect.stringMatching(/key "k0".*DESKBRIDGE_ENCRYPTION_KEYS/)]);
});

it.each<[string, unknown]>([
  ['payloads.0.data', { payloads: [{ data: 'not base64!' }] }],
  ['payloads.0.metadata.encoding', { payloads: [{ metadata: { encoding: 'not base64!' } }] }],
  ['payloads', { payloads: {} }],
])('refuses a body whose %s is wrong', async (field, body) => {
  await serve();
  expect(await problemOf(await ask('decode', body))).toMatchObject({
    status: 400,
    detail: expect.stringContaining(field),
  });
});

it.each(['encode', 'decode'])('%s needs the admin token when there is one', async (work) => {
  await serve(TOKEN);
  const body = { payloads: [PLAIN] };
  expect((await ask(work, body)).status).toBe(401);
  expect((await ask(work, body, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await ask(work, body, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
});

it.each<[string, Record<string, string>]>([
  ['a foreign page', { origin: 'http://evil.example' }],
  ['a page that rebinds its name', { host: 'evil.example' }],
  ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
  ['a proxy, for the Temporal UI', { origin: UI, 'x-forwarded-for': '10.0.0.1' }],
])('tells %s nothing while there is no token', async (_, headers) => {
  await serve();
  const { host, ...rest } = headers;
  if (host === undefined) {
    const answer = await ask('decode', { payloads: [PLAIN] }, rest);
    expect(answer.status).toBe(401);
    if (headers.origin !== UI) expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    return;
  }
  // fetch sets the host itself.
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${app.url}/codec/decode`, {
      method: 'POST',
      headers: { host, 'content-type': 'application/json' },
    });
    sent.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    sent.end(JSON.stringify({ payloads: [PLAIN] }));
  });
  expect(status).toBe(401);
});

it.each([UI, 'http://localhost:8233'])('lets pages of the Temporal UI ask, from %s', async (origin) => {
  await serve();
  const preflight = await fetch(`${app.url}/codec/decode`, { method: 'OPTIONS', headers: { origin } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Authorization, Content-Type, X-Namespace/);
  const answer = await ask('decode', { payloads: [PLAIN] }, { origin });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
  expect(answer.headers.get('vary')).toMatch(/origin/i);
});

it('lets no other page ask, and the Temporal UI ask for nothing else', async () => {
  await serve();
  const origin = 'http://127.0.0.1:9999';
  const preflight = await fetch(`${app.url}/codec/decode`, { method: 'OPTIONS', headers: { origin } });
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  expect((await fetch(`${app.url}/api/dispatches`, { headers: { origin: UI } })).status).toBe(401);
});

it('knows no origin where no UI is known', async () => {
  await serve();
  expect(originsOf(null)).toEqual([]);
  expect(originsOf('https://temporal.example/ui/')).toEqual(['https://temporal.example']);
});
