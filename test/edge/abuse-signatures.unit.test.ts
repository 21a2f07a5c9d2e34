/** Forged and replayed webhooks, and what the time of a comparison could tell. */
import { createHmac } from 'node:crypto';
import { createConnection } from 'node:net';
import { secretMatches, verifyFieldNationSignature } from '../../src/http/signatures';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import type { OrderEvent } from '../../src/domain/order-event';
import { seededRandom } from '../../sandbox/random';
import {
  FIELD_NATION_SECRETS,
  FRESHDESK_SECRET,
  problemOf,
  serveApp,
  sign,
  WRITE_KEY,
  type AppServer,
} from './app-server';

let app: AppServer;
beforeAll(async () => void (app = await serveApp()));
afterAll(() => app.close());
beforeEach(() => void (app.calls.length = 0));

const [SECRET = '', NEXT = ''] = FIELD_NATION_SECRETS;
const text = JSON.stringify({ event: { name: 'workorder.status.assigned' }, workorder: { id: 77 } }, null, 1);
const hmac = (algorithm: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);

it('takes no other form of a signature, even where its bytes are right', async () => {
  const forms = [
    ...['', 'sha256=', '=', 'sha256', hmac('sha256'), ` ${hmac('sha256')}`, `sha256:${hmac('sha256')}`],
    ...[`SHA256=${hmac('sha256')}`, `sha256=${hmac('sha256').toUpperCase()}`, `sha256= ${hmac('sha256')}`],
    ...[`sha256=${hmac('sha256', 'base64')}`, `sha1=${hmac('sha1')}`, `md5=${hmac('md5')}`, `sha512=${hmac('sha512')}`],
    ...[`v1=${hmac('sha256')}`, `sha256="${hmac('sha256')}"`, `sha256=0x${hmac('sha256')}`, `t=1,${sign(text)}`],
    ...[`${sign(text)},${sign(text)}`, `${sign(text)} ${sign(text, NEXT)}`, `${sign(text)}0`, `${sign(text)}=`],
    ...[
      sign(text).slice(0, -1),
      sign(text).slice(0, -2),
      sign(text, ''),
      sign(text, SECRET.slice(1)),
      sign(text, ` ${SECRET}`),
    ],
    ...[
      sign(''),
      sign(`${text}\n`),
      sign(JSON.stringify(JSON.parse(text))),
      sign(Buffer.from(text, 'utf16le')),
      `sha256=${'0'.repeat(64)}`,
    ],
  ];
  const answers = await Promise.all(forms.map((given) => app.fieldNation(text, { 'x-fn-signature': given })));
  const told = await Promise.all(answers.map(problemOf));
  expect(told.filter(({ status }) => status !== 401)).toEqual([]);
  expect(new Set(told.map(({ detail }) => detail)).size).toBe(1);
  expect(app.calls).toEqual([]);
});

it('is fooled by no single changed, missing or added byte of a body', async () => {
  const bytes = Buffer.from(text);
  const altered = Array.from(bytes, (byte, at) => [
    Buffer.concat([bytes.subarray(0, at), Buffer.from([byte ^ (1 << (at % 8))]), bytes.subarray(at + 1)]),
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
    Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)]),
  ]).flat();
  for (const body of altered) expect(verifyFieldNationSignature(body, sign(text), [SECRET])).toBe(false);
  const some = altered.filter((_, index) => index % 10 === 0);
  const answers = await Promise.all(some.map((body) => app.fieldNation(body, { 'x-fn-signature': sign(text) })));
  expect(answers.filter(({ status }) => status !== 401)).toEqual([]);
  expect(app.calls).toEqual([]);
});

it('takes the old and the new secret of both systems while they are exchanged, and none that is neither', async () => {
  for (const secret of FIELD_NATION_SECRETS)
    expect((await app.fieldNation(text, { 'x-fn-signature': sign(text, secret) })).status).toBe(202);
  for (const secret of [
    `${SECRET},${NEXT}`,
    SECRET + NEXT,
    NEXT.slice(1),
    'undefined',
    'null',
    FRESHDESK_SECRET,
    WRITE_KEY,
  ])
    expect((await app.fieldNation(text, { 'x-fn-signature': sign(text, secret) })).status).toBe(401);
});

it('opens no door with the key of another', async () => {
  const keys = [SECRET, NEXT, WRITE_KEY, FRESHDESK_SECRET];
  const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  for (const key of keys) {
    const freshdesk = await app.freshdesk({ ticket_id: 1 }, { 'x-webhook-secret': key });
    const events = await app.events('track', {}, { authorization: basic(key) });
    expect({ key, freshdesk: freshdesk.status === 401 }).toEqual({ key, freshdesk: key !== FRESHDESK_SECRET });
    expect({ key, events: events.status === 401 }).toEqual({ key, events: key !== WRITE_KEY });
  }
});

it('a header that is sent twice counts as none', async () => {
  const head = (line: string): string =>
    `POST /webhooks/field-nation HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n${line}\r\n${text}`;
  const signed = `X-FN-Signature: ${sign(text)}\r\n`;
  expect(await said(head(signed))).toMatch(/^HTTP\/1.1 202/);
  expect(await said(head(signed + signed))).toMatch(/^HTTP\/1.1 401/);
  expect(await said(head(`X-FN-Signature: x\r\n${signed}`))).toMatch(/^HTTP\/1.1 401/);
});

function said(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString())).on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

it('the same bytes sent again are the same event, under whatever delivery id nobody has signed', async () => {
  const uuid = '0b6f3c1e-0000-4000-8000-000000000001';
  for (const id of [`${uuid}:1`, `${uuid}:9`, `${uuid}`]) await app.fieldNation(text, { 'x-fn-delivery-id': id });
  const again = app.calls.map(([, event]) => reduceEvent(event as OrderEvent));
  expect(again).toEqual(Array(3).fill(again[0]));
  // Another id makes another delivery of the same news: nothing but the key differs, and its time decides.
  await app.fieldNation(text, { 'x-fn-delivery-id': 'f0f0f0f0-0000-4000-8000-000000000001:1' });
  const other = reduceEvent(app.calls.at(-1)?.[1] as OrderEvent);
  expect({ ...other, delivery: uuid }).toEqual(again[0]);
});

describe('the time of a comparison', () => {
  /** Welch's t over two kinds of samples, without the tenth that the machine's other work has delayed most. */
  function tOf(one: number[], other: number[]): number {
    const bound = [...one, ...other].sort((a, b) => a - b)[Math.floor((one.length + other.length) * 0.9)] ?? Infinity;
    const [a, b] = [one, other].map((samples) => {
      const kept = samples.filter((sample) => sample <= bound);
      const mean = kept.reduce((sum, sample) => sum + sample, 0) / kept.length;
      const variance = kept.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / (kept.length - 1);
      return { mean, error: variance / kept.length };
    });
    if (!a || !b) throw new Error('there are two kinds');
    return (a.mean - b.mean) / Math.sqrt(a.error + b.error);
  }

  /** A string of its own for each sample: where it lies in memory must not tell the two kinds apart. */
  const copyOf = (words: string): string => Buffer.from(words, 'latin1').toString('latin1');

  it.each<[string, () => (sample: string) => boolean, (first: boolean) => string]>([
    [
      'signature',
      () => {
        const body = Buffer.from(text);
        return (header) => verifyFieldNationSignature(body, header, [SECRET]);
      },
      (first) => {
        const right = hmac('sha256');
        const swap = (digit = ''): string => (digit === '0' ? '1' : '0');
        return `sha256=${first ? swap(right[0]) + right.slice(1) : right.slice(0, -1) + swap(right.at(-1))}`;
      },
    ],
    [
      'secret',
      () => (secret) => secretMatches(secret, [SECRET]),
      (first) => (first ? `x${SECRET.slice(1)}` : `${SECRET.slice(0, -1)}x`),
    ],
  ])('of a %s does not tell where it is wrong, in 100,000 samples', (_, checkOf, wrongOf) => {
    const random = seededRandom(7);
    const check = checkOf();
    const wrong = [wrongOf(true), wrongOf(false)] as const;
    const samples: [number[], number[]] = [[], []];
    for (let n = 0; n < 100_000; n++) {
      // In random order: what the machine does meanwhile falls on both alike.
      const which = random() < 0.5 ? 0 : 1;
      const sample = copyOf(wrong[which]);
      const began = process.hrtime.bigint();
      const matched = check(sample);
      samples[which].push(Number(process.hrtime.bigint() - began));
      if (matched) throw new Error('it is wrong and matched');
    }
    expect(Math.abs(tOf(...samples))).toBeLessThan(4.5);
  });
});
