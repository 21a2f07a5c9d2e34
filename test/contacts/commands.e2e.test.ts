/** `contacts replay`, `events test` and `events tail`, as a person types them, against a running service. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import { contactsOf } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-events-'));
  stack = await startStack({
    config: 'contacts: { mergeWindow: 0s, customFields: { no_such_field: properties.method } }\n',
  });
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true });
});

const cli = (args: string[], more: Record<string, string> = {}): Promise<CliRun> =>
  runCli(args, { ...settingsOf(stack, folder), ...more });

const REFUSED = { properties: { method: 'sso' } };

it('contacts replay counts what it would send, and sends it once it is told yes', async () => {
  const desk = contactsOf(stack);
  await desk.signUp({ email: 'replayed@example.com' }, REFUSED);
  const dryRun = ['contacts', 'replay', '--outcome', 'rejected', '--since', '1h', '--json'];
  const refusedEvents = async () => (await cli(dryRun)).json<{ events: number }>().events;
  await until('the refusal in the index', async () => (await refusedEvents()) === 1);
  const run = await cli(dryRun);
  expect([run.code, run.json()]).toEqual([0, expect.objectContaining({ dryRun: true, contacts: 1, run: null })]);
  const words = await cli(dryRun.slice(0, -1));
  expect(words.out).toBe('1 event of 1 contact can be sent again.\nNothing was sent; --yes sends them.\n');
  expect(desk.contactsOf('replayed@example.com')).toEqual([]);

  stack.setConfig('contacts: { mergeWindow: 0s }\n');
  const sent = await cli([...dryRun, '--yes']);
  expect([sent.code, sent.json()]).toEqual([0, expect.objectContaining({ dryRun: false, run: expect.any(String) })]);
  await until('the contact', () => desk.contactsOf('replayed@example.com').length === 1);
});

it.each([
  [['--outcome', 'created'], '"created" cannot be sent again'],
  [['--since', 'yesterday'], '"yesterday" is not a time. Give 30m'],
  [['--since', '5'], '"5" is not a time. Give 30m'],
])('contacts replay %j ends with 2 and says why', async (options, said) => {
  const { code, err } = await cli(['contacts', 'replay', ...options]);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

it('events test shows every gate and the exact body, and sends nothing', async () => {
  const file = join(folder, 'event.json');
  const traits = { email: 'tried@example.com', name: 'Tried', marketing_consent: true };
  writeFileSync(file, JSON.stringify({ type: 'track', event: 'Signed Up', messageId: 'tried', traits }));
  const answer = await cli(['events', 'test', file, '--json']);
  const { code } = answer;
  const trial = answer.json<{ gates: { passed: boolean }[] }>();
  expect([code, trial]).toEqual([
    0,
    expect.objectContaining({ outcome: 'accepted', reason: null, body: expect.objectContaining({ name: 'Tried' }) }),
  ]);
  expect(trial.gates.every(({ passed }) => passed)).toBe(true);
  expect(contactsOf(stack).contactsOf(traits.email)).toEqual([]);

  writeFileSync(file, JSON.stringify({ type: 'identify', messageId: 'tried', traits: { email: traits.email } }));
  const dropped = await cli(['events', 'test', file]);
  expect(dropped.out).toContain('dropped: no-consent');
  expect(dropped.out).toContain('stops at no-consent');
});

it.each([
  ['no JSON', 'does not hold JSON'],
  [null, 'cannot be read (ENOENT)'],
])('events test of a file with %s ends with 2 and says why', async (text, said) => {
  const file = join(folder, text === null ? 'missing.json' : 'text.json');
  if (text !== null) writeFileSync(file, text);
  const { code, err } = await cli(['events', 'test', file]);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

it('events tail shows each event once, follows what comes in, and ends with Ctrl-C', async () => {
  const desk = contactsOf(stack);
  await desk.identify({ email: 'first@example.com', marketing_consent: false });
  let asked = 0;
  const bearers = new Set<string | undefined>();
  const web = createServer((request, response) => {
    bearers.add(request.headers.authorization);
    void (async () => {
      // What comes in between two looks is seen by the next one.
      if (++asked === 2) await desk.identify({ email: 'second@example.com' }, { context: { page: { url: '/' } } });
      if (asked === 3) process.emit('SIGINT');
      const answer = await fetch(`${stack.webUrl}${request.url}`);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    })();
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  try {
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    const ADMIN_TOKEN = 'ann:token-of-ann-of-the-test,bob:token-of-bob-of-the-test';
    const { code, out } = await cli(['events', 'tail', '--json'], { DESKBRIDGE_URL: url, ADMIN_TOKEN });
    expect(bearers).toEqual(new Set(['Bearer token-of-ann-of-the-test']));
    const lines = out.trim().split('\n');
    const items = lines.map((line) => JSON.parse(line) as { outcome: string; reason: string | null });
    expect(code).toBe(0);
    expect(new Set(lines).size).toBe(lines.length);
    expect(items).toContainEqual(expect.objectContaining({ outcome: 'dropped', reason: 'no-consent' }));
    expect(items.at(-1)).toMatchObject({ outcome: 'accepted', type: 'identify' });
    expect(out).not.toContain('@example.com');
  } finally {
    web.close();
  }
});

it('events tail ends with 1 where no service answers', async () => {
  const { code, err } = await cli(['events', 'tail'], { DESKBRIDGE_URL: 'http://127.0.0.1:9' });
  expect([code, err]).toEqual([1, expect.stringContaining('does not answer. Start Deskbridge')]);
});
