/** Bodies that are too large, packed or not, on every route that reads one. */
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { INTAKE, ROUTES, TOKEN, type BodyRoute } from './abuse-routes';
import { problemOf, serveApp, type AppServer } from './app-server';

let app: AppServer;
beforeAll(
  async () => void (app = await serveApp({ ofTicket: async () => ({ preview: {} as never }) }, { adminToken: TOKEN })),
);
afterAll(() => app.close());
beforeEach(() => void (app.calls.length = 0));

const padded = (route: BodyRoute, bytes: number): Buffer => {
  const spare = bytes - route.body('"pad":""').length;
  return Buffer.from(route.body(`"pad":"${'x'.repeat(spare)}"`));
};
const send = (
  route: BodyRoute,
  body: Buffer,
  headers: Record<string, string> = {},
  wire: Buffer = body,
): Promise<Response> => app.post(route.path, wire, { ...route.headers(body), ...headers });
const GZIP = { 'content-encoding': 'gzip' };

const byPath = ROUTES.map((route) => [route.path, route] as const);
const intakeByPath = INTAKE.map((route) => [route.path, route] as const);

it.each(byPath)('%s takes as many bytes as it may have, and refuses one more, packed or plain', async (_, route) => {
  const largest = padded(route, route.limit);
  expect(largest).toHaveLength(route.limit);
  expect((await send(route, largest)).ok).toBe(true);
  expect((await send(route, largest, GZIP, gzipSync(largest))).ok).toBe(true);
  app.calls.length = 0;
  const over = padded(route, route.limit + 1);
  expect(await problemOf(await send(route, over))).toMatchObject({ status: 413, code: 'too-large' });
  expect(await problemOf(await send(route, over, GZIP, gzipSync(over)))).toMatchObject({ status: 413 });
  expect(app.calls).toEqual([]);
});

describe('a bomb', () => {
  const BYTES = 50_000_000;
  const packed = gzipSync(Buffer.alloc(BYTES, 32));
  const largest = { [constants.BROTLI_PARAM_QUALITY]: 1 };
  const others: [string, Buffer][] = [
    ['deflate', deflateSync(Buffer.alloc(BYTES, 32))],
    ['br', brotliCompressSync(Buffer.alloc(BYTES, 32), { params: largest })],
    ['zstd', packed],
    ['gzip, gzip', gzipSync(packed)],
    ['x-gzip', packed],
  ];

  it.each(byPath)('of gzip is refused by %s as soon as it is over the limit', async (_, route) => {
    const began = process.cpuUsage();
    expect(await problemOf(await send(route, packed, GZIP))).toMatchObject({ status: 413 });
    // All of it takes five times as long; nothing of it may reach the parser.
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1);
    expect(app.calls).toEqual([]);
  });

  it.each(intakeByPath)('of another encoding is not unpacked at all by %s', async (_, route) => {
    for (const [encoding, bytes] of others) {
      const answer = await send(route, bytes, { 'content-encoding': encoding });
      expect({ encoding, status: answer.status }).toEqual({ encoding, status: 415 });
      await problemOf(answer);
    }
    expect(app.calls).toEqual([]);
  });
});

it.each(intakeByPath)('%s refuses what only pretends to be packed, or breaks off', async (_, route) => {
  const packed = gzipSync(route.body());
  for (const wire of [Buffer.from(route.body()), packed.subarray(0, -3), packed.subarray(0, 5), Buffer.alloc(0)]) {
    expect(await problemOf(await send(route, wire, GZIP))).toMatchObject({ status: 400, code: 'malformed' });
  }
  expect(app.calls).toEqual([]);
});
