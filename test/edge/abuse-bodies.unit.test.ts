/** Bodies that are made to break a reader, on every route that takes one: refused or taken cleanly, never a fault. */
import { ROUTES, TOKEN, type BodyRoute } from './abuse-routes';
import { problemOf, serveApp, type AppServer } from './app-server';

let app: AppServer;
beforeAll(
  async () => void (app = await serveApp({ ofTicket: async () => ({ preview: {} as never }) }, { adminToken: TOKEN })),
);
afterAll(() => app.close());
beforeEach(() => void (app.calls.length = 0));

const send = (route: BodyRoute, text: string | Buffer, headers: Record<string, string> = {}): Promise<Response> => {
  const body = Buffer.from(text as string);
  return app.post(route.path, body, { ...route.headers(body), ...headers });
};
const byPath = ROUTES.map((route) => [route.path, route] as const);
const nested = (times: number): string => `"x":${'['.repeat(times)}1${']'.repeat(times)}`;

it.each(byPath)('%s takes 64 levels and no more', async (_, route) => {
  expect((await send(route, route.body(nested(63)))).ok).toBe(true);
  app.calls.length = 0;
  for (const bad of [nested(64), nested(10_000), `"x":${'{"a":'.repeat(4000)}1${'}'.repeat(4000)}`]) {
    expect(await problemOf(await send(route, route.body(bad)))).toMatchObject({ status: 400, code: 'malformed' });
  }
  expect(app.calls).toEqual([]);
});

it.each(byPath)('%s refuses what is no text, no JSON, or no object', async (_, route) => {
  const good = route.body();
  const bad: (string | Buffer)[] = [
    ...['', ' ', '\0', 'null', 'true', '0', '""', '[]', `[${good}]`, `${good}${good}`, `${good}\0`, `\0${good}`],
    ...[good.slice(0, -1), good.slice(1), good.replace(/"/g, "'"), `${good}//`, `{"a":NaN,${good.slice(1)}`],
    Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from(',"x":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    // Two encodings that hide a quote or a slash from a careless reader, and half of a surrogate pair.
    Buffer.concat([
      Buffer.from(good.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from('"}'),
    ]),
    Buffer.concat([
      Buffer.from(good.slice(0, -1)),
      Buffer.from(',"x":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('"}'),
    ]),
    ...[Buffer.from(good, 'utf16le'), Buffer.from(`\ufeff${good}`, 'utf16le')],
    `${good.slice(0, -1)},"x":"\u0000"}`,
  ];
  for (const body of bad) {
    const { status, code } = await problemOf(await send(route, body));
    expect({ body: String(body).slice(0, 60), status, code }).toMatchObject({ status: 400, code: 'malformed' });
  }
  expect(app.calls).toEqual([]);
});

it.each(byPath)('%s takes members that reach for prototypes as the plain members they are', async (_, route) => {
  const extras = [
    '"__proto__":{"polluted":1,"ticket_id":9,"reason":"y","toString":null}',
    '"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}',
    '"toString":1,"valueOf":1,"hasOwnProperty":1,"toJSON":1,"then":1,"length":-1',
    '"x":"\\ud800 \\u0000 \\u202e"',
    '"x":1e400,"y":-0,"z":123456789012345678901234567890',
    Array.from({ length: 2000 }, (_each, index) => `"k${index}":${index}`).join(','),
    Array.from({ length: 2000 }, (_each, index) => `"same":${index}`).join(','),
  ];
  await send(route, route.body());
  const plain = app.calls.splice(0).map(([name]) => name);
  for (const extra of extras) {
    const answer = await send(route, route.body(extra));
    expect({ extra: extra.slice(0, 60), ok: answer.ok }).toEqual({ extra: extra.slice(0, 60), ok: true });
  }
  expect(app.calls.map(([name]) => name)).toEqual(extras.flatMap(() => plain));
  expect(JSON.stringify(app.calls)).not.toContain('polluted');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it.each(byPath)('%s reads UTF-8 alone, whatever charset is claimed, and no other type', async (_, route) => {
  const charsets = ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-16"', 'application/json;;;='];
  for (const type of charsets) expect((await send(route, route.body(), { 'content-type': type })).ok).toBe(true);
  const latin = Buffer.from(route.body('"x":"é"'), 'latin1');
  const claimed = { 'content-type': 'application/json; charset=iso-8859-1' };
  expect(await problemOf(await send(route, latin, claimed))).toMatchObject({ status: 400 });
  app.calls.length = 0;
  const wrong = [
    'text/plain',
    'text/json',
    'application/json5',
    'application/ld+json',
    'multipart/form-data; boundary=x',
  ];
  for (const type of [...wrong, 'json', '*/*', ' ', 'application/json, text/plain', '__proto__']) {
    const { status } = await problemOf(await send(route, route.body(), { 'content-type': type }));
    expect({ type, status }).toEqual({ type, status: 415 });
  }
  expect(app.calls).toEqual([]);
});
