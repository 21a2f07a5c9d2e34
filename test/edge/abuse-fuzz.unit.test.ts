/**
 * Mutated requests to every route: whatever comes, the answer is no fault and the process lives. `FUZZ_REQUESTS` says how
 * many, `FUZZ_SEED` which ones; what failed is named with both. An unhandled rejection fails the test by itself.
 */
import { Pool, type Dispatcher } from 'undici';
import { seededRandom } from '../../sandbox/random';
import { ROUTES, TOKEN, type BodyRoute } from './abuse-routes';
import { serveApp, type AppServer } from './app-server';

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);
const AT_ONCE = 16;
/** Processor time, which a machine that stands still does not use: an expression that backtracks takes longer. */
const STUCK_MS = 10_000;
jest.setTimeout(60_000 + REQUESTS * 20);

let app: AppServer;
afterAll(() => app.close());

const FORM = 'application/x-www-form-urlencoded';
const bearer = { authorization: `Bearer ${TOKEN}` };
const page = (path: string, body: string): BodyRoute => ({
  path,
  limit: 10_000,
  body: () => body,
  headers: () => ({ ...bearer, 'content-type': FORM }),
});
const reading = (path: string): BodyRoute => ({ path, limit: 0, body: () => '', headers: () => ({ ...bearer }) });
const HASH = 'a'.repeat(64);

const POSTS: readonly BodyRoute[] = [
  ...ROUTES,
  page('/dispatches/7/retry', ''),
  page('/dispatches/7/cancel', 'reason=x'),
  page('/contacts/find', 'who=a%40b.example'),
  page(`/contacts/${HASH}/retry`, ''),
  page('/preview', 'ticket=7'),
  page('/sign-in', `token=${TOKEN}&next=%2Fcontacts`),
  page('/sign-out', ''),
  page('/api/dispatches/7/retry', ''),
];
const GETS: readonly BodyRoute[] = [
  ...['/', '/?q=7&state=open&cursor=abc', '/dispatches/7', '/dispatches/7?done=retry', '/dispatches/7/cancel'],
  ...['/contacts?state=conflict&cursor=x', `/contacts/${HASH}`, '/preview', '/healthz', '/readyz', '/metrics'],
  ...['/openapi.json', '/docs', '/api/dispatches?state=attention&ticket=7&limit=5&cursor=abc', '/api/dispatches/7'],
].map(reading);

/** A real identify call, and the work order of a real webhook in little: something to mutate that is read far. */
const RICH: Record<string, string> = {
  '/v1/identify':
    '{"type":"identify","messageId":"m1","timestamp":"2026-11-22T10:00:00Z","userId":"u1","anonymousId":"a","context":{"traits":{"phone":"+442071838750"},"consent":{"marketing":true,"categoryPreferences":{"marketing":true}}},"traits":{"email":"a@b.example","firstName":"A","lastName":"B","title":"x","company_id":5,"marketing_consent":true}}',
  '/v1/batch':
    '{"batch":[{"type":"track","event":"Signed Up","userId":"u1","properties":{"method":"email"},"context":{"consent":{"marketing":true}},"traits":{"email":"a@b.example"}},{"type":"identify","userId":"u2","traits":{"email":"c@d.example","marketing_consent":true}},{"type":"page","userId":"u3"}],"sentAt":"2026-11-22T10:00:00Z"}',
  '/webhooks/field-nation':
    '{"event":{"name":"workorder.status.assigned","params":{"work_order_id":"77","estimated_delay":600,"message":{"msg_id":5}}},"timestamp":"2026-11-22T10:00:00Z","workorder":{"id":77,"title":"x","description":{"html":"<p>Deskbridge FD-acme-4711-1</p>"},"custom_fields":{"results":[{"results":[{"id":129,"value":"FD-acme-4711-1"}]}]},"assignee":{"user":{"id":5,"first_name":"A","last_name":"B"}},"schedule":{"service_window":{"start":{"utc":"2026-11-22 10:00:00"}}},"eta":{"start":{"utc":"2026-11-22 10:00:00"}},"milestones":{"assigned":{"utc":"2026-11-22 10:00:00"}},"time_logs":{"hours":2},"closing_notes":"y","messages":{"total":1},"attachments":{"results":[{"results":[{"id":1}]}]}}}',
  '/webhooks/freshdesk':
    '{"freshdesk_webhook":{"ticket_id":"4711","id":4711,"account":"acme","ticket_status":"Open"},"account":"ACME"}',
  '/api/mapping/preview':
    '{"ticket":{"id":7,"subject":"x","description":"<p>y</p>","status":2,"tags":["a"],"custom_fields":{"cf_a":"b"},"attachments":[{"id":1,"name":"a","attachment_url":"https://x.example"}],"requester":{"id":1,"name":"A","email":"a@b.example"},"updated_at":"2026-11-22T10:00:00Z"}}',
  '/codec/decode':
    '{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2VuY3J5cHRlZA==","encryption-key-id":"azE="},"data":"AAAA"}]}',
};

/** What readers stumble over, as JSON text. */
const VALUES = [
  ...['null', 'true', '0', '-1', '1.5', '1e400', '-0', '9007199254740993', '""', '" "', '[]', '{}', '[[]]', '[null]'],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\r\\nx: y"',
    '"\\u001b[2J"',
    '"__proto__"',
    '"<script>alert(1)</script>"',
    '"javascript:x"',
  ],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"toString":1,"valueOf":null}'],
  ...['{"toJSON":1}', '{"then":1}', '{"length":-1}', '"9999-99-99T99:99:99Z"', '"-271821-04-20T00:00:00Z"', '"NaN"'],
  ...[`"${'x'.repeat(5000)}"`, `[${'0,'.repeat(500)}0]`, `${'['.repeat(70)}${']'.repeat(70)}`, '"𝔘😀é\\u202e"', '1e-7'],
];
const HEADERS: [string, string[]][] = [
  [
    'content-type',
    ['', 'application/json', FORM, 'text/plain', 'application/json;charset=utf-16', ';', 'multipart/form-data', '/'],
  ],
  ['content-encoding', ['gzip', 'br', 'identity', '', 'gzip,gzip', 'GZIP', 'x']],
  [
    'authorization',
    ['', 'Basic', 'Basic Og==', 'Basic ====', 'Bearer', 'Bearer  ', 'Digest x', `Bearer ${TOKEN} `, 'Basic \u00ff'],
  ],
  ['x-fn-signature', ['', 'sha256=', `sha256=${'0'.repeat(64)}`, 'sha256=é']],
  ['x-fn-delivery-id', ['', ':', '../x', 'x'.repeat(500), '__proto__:1']],
  ['x-webhook-secret', ['', 'x', '\u00e9']],
  ['x-request-id', ['', 'a b', '\u00e9', 'x'.repeat(200), '{"a":1}']],
  [
    'cookie',
    [
      '',
      ';;=',
      'deskbridge_session',
      'deskbridge_session=%E0%A4%A',
      `deskbridge_session=${'1'.repeat(13)}.${'a'.repeat(22)}.${'b'.repeat(43)}`,
    ],
  ],
  ['origin', ['', 'null', 'http://', 'x', 'http://[', 'http://evil.example']],
  ['sec-fetch-site', ['none', 'cross-site']],
  ['accept', ['', '*/*', 'x', 'text/html;q=9']],
  ['accept-encoding', ['', 'gzip;q=x', '*']],
  ['range', ['bytes=0-', 'bytes=-1', 'x']],
  ['if-none-match', ['*', '""']],
  ['if-modified-since', ['x', 'Mon, 02 Feb 2026 10:01:00 GMT']],
  ['x-forwarded-for', ['', '1.2.3.4']],
  ['x-forwarded-proto', ['https', 'x']],
  ['traceparent', ['x', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]],
  ['x-namespace', ['default']],
  ['access-control-request-method', ['POST']],
];
const PIECES = [
  '%',
  '%00',
  '%2e%2e',
  '%E0%A4%A',
  '..',
  '//',
  '/',
  '\\',
  '?',
  '&',
  '=',
  '[',
  ']',
  '__proto__',
  "'",
  '"',
  '%0d%0a',
  ';',
  '.',
  '-1',
  '7',
];

interface Sent {
  method: Dispatcher.HttpMethod;
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
}

function mutator(random: () => number) {
  const below = (count: number): number => Math.floor(random() * count);
  const one = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const chance = (probability: number): boolean => random() < probability;

  /** Puts a strange value in the place of one that stands there, so that the text stays JSON. */
  const ofJson = (text: string): string => {
    const places = [...text.matchAll(/(?<=[:,[])("[^"]*"|-?\d[\d.]*|true|false|null)(?=[,\]}])/g)];
    const place = places.length > 0 ? one(places) : null;
    if (!place || chance(0.2))
      return text.replace(/\}$/, `,"${one(['x', '__proto__', 'traits', 'id'])}":${one(VALUES)}}`);
    return text.slice(0, place.index) + one(VALUES) + text.slice(place.index + place[0].length);
  };
  const ofBytes = (given: Buffer): Buffer => {
    if (given.length === 0) return Buffer.from([below(256)]);
    const [from, to] = [below(given.length), below(given.length)].sort((a, b) => a - b) as [number, number];
    const [head, middle, tail] = [given.subarray(0, from), given.subarray(from, to), given.subarray(to)];
    const noise = Buffer.from(Array.from({ length: 1 + below(8) }, () => below(256)));
    return Buffer.concat(one([[head, tail], [head, middle, middle, tail], [head, noise, tail], [head], [tail, head]]));
  };
  const ofPath = (path: string): string => {
    const at = 1 + below(path.length);
    const long = chance(0.05) ? 'x'.repeat(3000) : '';
    return path.slice(0, at) + one(PIECES) + long + (chance(0.5) ? path.slice(at) : '');
  };

  return (): Sent => {
    const isPost = chance(0.85);
    const route = one(isPost ? POSTS : GETS);
    let text = RICH[route.path] !== undefined && chance(0.8) ? (RICH[route.path] ?? '') : route.body();
    if (text.startsWith('{')) for (let times = below(4); times > 0; times--) text = ofJson(text);
    let body: Buffer = Buffer.from(text);
    if (chance(0.3)) body = ofBytes(body);
    // Signed after the change: most get past the door.
    const headers: Record<string, string> = { origin: app.url, ...route.headers(body) };
    if (chance(0.1)) body = ofBytes(body);
    for (let times = chance(0.4) ? 1 + below(2) : 0; times > 0; times--) {
      const [name, values] = one(HEADERS);
      headers[name] = one(values);
    }
    const method = chance(0.05)
      ? one<Dispatcher.HttpMethod>(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'GET', 'POST'])
      : isPost
        ? 'POST'
        : 'GET';
    const path = chance(0.15) ? ofPath(route.path) : route.path;
    return { method, path, headers, body: method === 'GET' || method === 'HEAD' ? null : body };
  };
}

it(`${REQUESTS} mutated requests over every route: no fault, no rejection, nothing polluted`, async () => {
  app = await serveApp({}, { adminToken: TOKEN });
  const next = mutator(seededRandom(SEED));
  const pool = new Pool(app.url, { connections: AT_ONCE });
  const counts = new Map<number, number>();
  const faults: unknown[] = [];
  const slow: unknown[] = [];
  const times: number[] = [];
  let left = REQUESTS;

  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const sent = next();
      const number = REQUESTS - left;
      const began = performance.now();
      const used = process.cpuUsage();
      const { statusCode, headers, body } = await pool.request(sent);
      const answer = await body.text();
      const took = performance.now() - began;
      times.push(took);
      const { user, system } = process.cpuUsage(used);
      counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1);
      const isOwn =
        statusCode < 400 || /^(application\/problem\+json|text\/html);/.test(String(headers['content-type']));
      // What was encrypted with a key that is not there waits for it.
      const isMeant = statusCode === 503 && answer.includes('"code":"unreadable"');
      if ((statusCode >= 500 && !isMeant) || (!isOwn && sent.method !== 'HEAD') || /\bat .*\.[jt]s:\d+/.test(answer))
        faults.push({
          seed: SEED,
          number,
          statusCode,
          ...sent,
          body: sent.body?.toString('latin1').slice(0, 500),
          answer: answer.slice(0, 300),
        });
      if ((user + system) / 1000 > STUCK_MS) slow.push({ number, took, path: sent.path });
      // Of what was handed on and logged nothing is needed but that it is sound.
      if (app.calls.length > 1000) app.calls.length = 0;
      for (const line of app.lines.splice(0)) {
        const { level } = JSON.parse(line) as { level: string };
        if (line.indexOf('\n') !== line.length - 1 || line.includes('failed unexpectedly') || level === 'fatal')
          faults.push({ seed: SEED, number, line: line.slice(0, 500) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await pool.close();

  expect(faults.slice(0, 3)).toEqual([]);
  expect(slow).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(times).toHaveLength(REQUESTS);
  // It would prove nothing if all were stopped at the door.
  const share = (status: number): number => (counts.get(status) ?? 0) / REQUESTS;
  expect(share(200) + share(202)).toBeGreaterThan(0.2);
  expect(share(400)).toBeGreaterThan(0.05);
  expect(share(401)).toBeLessThan(0.3);
  if (process.env.FUZZ_REQUESTS) {
    times.sort((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((part) => times[Math.floor(times.length * part)]?.toFixed(1));
    process.stdout.write(
      `${REQUESTS} requests, seed ${SEED}: ${JSON.stringify(Object.fromEntries(counts))}, p50 ${p50} ms, p99 ${p99} ms\n`,
    );
  }
});
