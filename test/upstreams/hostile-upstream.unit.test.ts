/** Whatever an upstream answers, each call of both clients ends in time, with data of its form or with the one error. */
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { waitAfter429 } from '../../activities/failures';
import { createFreshdeskClient, type FreshdeskClient } from '../../src/clients/freshdesk';
import type { FieldNationClient } from '../../src/clients/field-nation';
import { inPieces } from '../../src/domain/in-pieces';
import { caught } from './caught';
import { apiRequests, clientFor, TOKEN_PATH, tokenReply } from './field-nation-setup';
import { halfAnswer, hangUp, silence, startScriptedServer, type Reply, type ScriptedServer } from './scripted-server';

const MB = 1024 * 1024;
const TIMEOUT_MS = 3000;
let server: ScriptedServer;
let other: ScriptedServer;
let freshdesk: FreshdeskClient;
let fieldNation: FieldNationClient;

beforeEach(async () => {
  [server, other] = await Promise.all([startScriptedServer(), startScriptedServer()]);
  freshdesk = createFreshdeskClient({ baseUrl: server.url, apiKey: 'CANARY-key', timeoutMs: TIMEOUT_MS });
  fieldNation = clientFor(server, { timeoutMs: TIMEOUT_MS });
});
afterEach(async () => {
  await Promise.all([server.close(), other.close()]);
  await Promise.all([freshdesk.close(), fieldNation.close()]);
});

/** Answers this to everything but requests for a token. */
const answer = (reply: Reply): void =>
  server.handle(({ path }) => (path.endsWith(TOKEN_PATH) ? tokenReply('CANARY-token') : reply));

const page = { page: 1, perPage: 30 };
const CALLS: [string, () => Promise<unknown>][] = [
  ['viewTicket', () => freshdesk.viewTicket(1)],
  ['updateTicket', () => freshdesk.updateTicket(1, { status: 2 })],
  ['addNote', () => freshdesk.addNote(1, { body: 'x', private: true })],
  ['listConversations', () => freshdesk.listConversations(1, page)],
  [
    'listTickets',
    () =>
      freshdesk.listTickets({ ...page, updatedSince: '2026-01-01T00:00:00Z', orderBy: 'updated_at', orderType: 'asc' }),
  ],
  ['ticketFields', () => freshdesk.ticketFields()],
  ['contactFields', () => freshdesk.contactFields()],
  ['me', () => freshdesk.me()],
  ['listAgents', () => freshdesk.listAgents(1)],
  ['createContact', () => freshdesk.createContact({ name: 'A', email: 'a@b.example' })],
  ['updateContact', () => freshdesk.updateContact(1, { name: 'A' })],
  ['viewContact', () => freshdesk.viewContact(1)],
  ['findContactsByEmail', () => freshdesk.findContactsByEmail('a@b.example')],
  ['viewCompany', () => freshdesk.viewCompany(1)],
  ['createWorkOrder', () => fieldNation.createWorkOrder({ title: 'x' })],
  ['viewWorkOrder', () => fieldNation.viewWorkOrder(1)],
  ['updateWorkOrder', () => fieldNation.updateWorkOrder(1, { title: 'x' })],
  ['publishWorkOrder', () => fieldNation.publishWorkOrder(1)],
  ['routeWorkOrder', () => fieldNation.routeWorkOrder(1, 2)],
  ['deleteWorkOrder', () => fieldNation.deleteWorkOrder(1, 'x')],
  ['messages', () => fieldNation.messages(1)],
  ['postMessage', () => fieldNation.postMessage(1, { message: 'x', type: 'STAFF_NOTE' } as never)],
  ['attachments', () => fieldNation.attachments(1)],
  ['customFieldDefinitions', () => fieldNation.customFieldDefinitions()],
  ['typesOfWork', () => fieldNation.typesOfWork()],
];

/** Writes until nobody reads any more. */
const endless: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write('[1,'.repeat(20_000)));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
};

const WORTHLESS: [string, Reply][] = [
  ['a web page', { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' }],
  ['a web page that claims to be JSON', { headers: { 'content-type': 'application/json' }, body: '<html></html>' }],
  ['broken JSON', { body: '{"id":1' }],
  [
    'packed JSON that was not asked for',
    (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"id":1}')),
  ],
  ['bytes that are no text', (response) => void response.end(Buffer.from([0, 0xff, 0xfe, 0x80]))],
  ['what never ends', endless],
  ['half of it', halfAnswer(200)],
  ['nothing', silence],
  ['the end of the connection', hangUp],
  ['no HTTP', (response) => void response.socket?.end('\0\0garbage\r\n\r\n')],
  ['a head of 100 kB', { headers: { 'x-long': 'x'.repeat(100_000) }, json: { id: 1 } }],
];

it.each(WORTHLESS)('%s is no success of any call, and nothing is sent twice', async (_, reply) => {
  answer(reply);
  const began = performance.now();
  for (const some of inPieces(CALLS, 5)) {
    await Promise.all(
      some.map(async ([name, call]) => {
        const error = await caught(call());
        expect({ name, phase: error.phase }).toEqual({
          name,
          phase: expect.stringMatching(/^(unreadable|no-answer)$/),
        });
        expect(error.message.length).toBeLessThan(1000);
        expect(inspect(error)).not.toContain('CANARY');
      }),
    );
  }
  expect(apiRequests(server)).toHaveLength(CALLS.length);
  expect(performance.now() - began).toBeLessThan((CALLS.length / 5) * (TIMEOUT_MS + 3000));
});

it('JSON as deep as a stack is unreadable, and where only the effect counts an answer without use', async () => {
  answer({ body: `${'['.repeat(200_000)}${']'.repeat(200_000)}` });
  const acts = ['updateWorkOrder', 'publishWorkOrder', 'routeWorkOrder', 'deleteWorkOrder'];
  for (const [name, call] of CALLS) {
    if (acts.includes(name)) expect(await call()).toBeNull();
    else expect({ name, phase: (await caught(call())).phase }).toEqual({ name, phase: 'unreadable' });
  }
});

it('50 MB are not taken in, neither as success nor as error', async () => {
  const big: Reply = (response) => {
    response.writeHead(Number(response.req.headers['x-status'] ?? 200), { 'content-length': String(50 * MB) });
    let left = 50;
    const more = (): void => {
      while (left-- > 0 && !response.destroyed && response.write(Buffer.alloc(MB, 32)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  };
  freshdesk = createFreshdeskClient({ baseUrl: server.url, apiKey: 'CANARY-key', timeoutMs: 10_000 });
  answer(big);
  expect((await caught(freshdesk.viewTicket(1))).phase).toBe('unreadable');
  answer((response, request) => {
    request.headers['x-status'] = '400';
    big(response, request);
  });
  expect(await caught(freshdesk.viewTicket(1))).toMatchObject({ phase: 'answered', status: 400 });
});

it.each([301, 302, 303, 307, 308])('a redirect by %i takes no call and no credential anywhere', async (status) => {
  for (const location of [
    `${other.url}/api/v2/tickets/1`,
    `//${new URL(other.url).host}/`,
    '/elsewhere',
    'file:///etc/passwd',
    '',
  ]) {
    answer({ status, headers: { location } });
    for (const [name, call] of CALLS) {
      server.seen.length = 0;
      const error = await caught(call());
      expect({ name, status: error.status }).toEqual({ name, status });
      expect(apiRequests(server)).toHaveLength(1);
    }
  }
  expect(other.seen).toEqual([]);
});

it.each([
  '1e9',
  '1000000000',
  '99999999999999999999',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  '-1',
  '0',
  '',
  'soon',
  '\u00ff',
  '1, 2',
  'NaN',
])('a Retry-After of %j makes nobody wait longer than an hour, or hurry', async (value) => {
  answer({ status: 429, headers: { 'retry-after': value } });
  for (const [, call] of CALLS) {
    const { retryAfterMs } = await caught(call());
    const wait = waitAfter429(retryAfterMs, () => 0.999);
    expect(wait).toBeGreaterThanOrEqual(1000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
  }
});

it('an object that claims a length is no text', async () => {
  const claimed = { length: { toString: 1, valueOf: null } };
  answer({ json: [{ id: 1, name: claimed, label: claimed, choices: claimed }] });
  expect((await caught(freshdesk.contactFields())).phase).toBe('unreadable');
});

it('a token that is none, or a hostile one, is no call and no header', async () => {
  const tokens: Reply[] = [
    ...WORTHLESS.map(([, reply]) => reply),
    ...[
      {},
      { access_token: '' },
      { access_token: 5 },
      { access_token: null },
      { access_token: { length: { toString: 1 } } },
    ].map((json) => ({ json })),
    { status: 302, headers: { location: `${other.url}/token` } },
  ];
  for (const reply of tokens) {
    const client = clientFor(server, { timeoutMs: TIMEOUT_MS });
    server.seen.length = 0;
    server.handle(({ path }) => (path.endsWith(TOKEN_PATH) ? reply : { json: { id: 1 } }));
    await caught(client.viewWorkOrder(1));
    expect(apiRequests(server)).toEqual([]);
    await client.close();
  }
  expect(other.seen).toEqual([]);
});
