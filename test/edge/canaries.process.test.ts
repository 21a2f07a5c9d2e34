/** Planted secrets and personal words, and every place where they must not come out again while all sorts of things fail. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { findTemporalProgram } from '../../engine';
import { buildOnce, openDesk } from '../helpers/process';
import {
  foundIn,
  identified,
  openCanaryDesk,
  PERSONAL,
  PERSONAL_WORDS,
  SECRET_WORDS,
  SECRETS,
  type CanaryDesk,
} from '../helpers/canary-desk';
import { until } from '../helpers/until';

beforeAll(buildOnce);

/** Stands in front of an upstream and says or does what the test wants; else it passes requests on. */
interface Gate {
  url: string;
  /** Requests whose line matches are answered 400 with all that came in, or cut off. */
  misbehave: { on: RegExp; how: 'echo' | 'cut' } | null;
  hits: number;
  close(): Promise<void>;
}

async function gateTo(target: string): Promise<Gate> {
  const gate: Gate = { url: '', misbehave: null, hits: 0, close: () => Promise.resolve() };
  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      if (gate.misbehave?.on.test(`${request.method} ${request.url}`)) {
        gate.hits += 1;
        if (gate.misbehave.how === 'cut') return void request.socket.destroy();
        const said = `${request.url} ${request.headers.authorization}`;
        const message = `${PERSONAL.email} and ${PERSONAL.phone} cannot be used; you sent ${said}`;
        response.writeHead(400, { 'content-type': 'application/json' });
        const errors = [{ field: 'email', message, code: 'invalid_value' }];
        return void response.end(JSON.stringify({ description: message, message, errors }));
      }
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        ...(body.length > 0 ? { body } : {}),
      });
      const {
        'content-encoding': _encoding,
        'transfer-encoding': _transfer,
        ...rest
      } = Object.fromEntries(answer.headers);
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { ...rest, 'content-length': bytes.length }).end(bytes);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gate.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return gate;
}

let world: CanaryDesk;
let freshdesk: Gate;
let fieldNation: Gate;
beforeEach(async () => {
  world = await openCanaryDesk();
  freshdesk = await gateTo(world.sandbox.freshdeskUrl);
  fieldNation = await gateTo(world.sandbox.fieldNationUrl);
});
afterEach(async () => {
  await world.cleanUp();
  await Promise.all([freshdesk.close(), fieldNation.close()]);
});

/** What an operator types of himself may be shown; what comes from tickets, events and settings may not. */
/** In the note of an agent. */
const NOTED = 'canarynote';
const HIDDEN = [...PERSONAL_WORDS.filter((word) => word !== 'canaryreason'), ...SECRET_WORDS];

it('shows planted secrets and personal words nowhere, whatever fails', async () => {
  const { desk, sandbox } = world;
  const { control } = sandbox;
  const env = {
    ...world.env,
    // Lists show a ticket's subject by default: that is what operators know it by.
    DESKBRIDGE_LISTS: 'numbers',
    ...{ FRESHDESK_BASE_URL: freshdesk.url, FIELD_NATION_BASE_URL: fieldNation.url, ADMIN_TOKEN: SECRETS.adminToken },
  };
  const { run, url } = await world.start(env);
  const seen: Record<string, string> = {};
  const authorization = `Bearer ${SECRETS.adminToken}`;
  const api = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${url}${path}`, { ...init, headers: { authorization, ...init.headers } });
    const text = await answer.text();
    seen[`${init.method ?? 'GET'} ${path}`] = (seen[path] ?? '') + text;
    return JSON.parse(text) as Record<string, unknown>;
  };
  const dispatch = async (ticket: number, what: string, holds: (view: Record<string, unknown>) => boolean) => {
    let last: Record<string, unknown> = {};
    const look = async (): Promise<boolean> => holds((last = await api(`/api/dispatches/${ticket}`)));
    await until(`${what} of ${ticket}`, look, () => JSON.stringify(last));
    return last;
  };
  const retry = (id: number): Promise<void> =>
    until(`the retry of ${id} to be taken`, async () => {
      const answer = await fetch(`${url}/api/dispatches/${id}/retry`, { method: 'POST', headers: { authorization } });
      seen[`POST /api/dispatches/${id}/retry`] = await answer.text();
      return answer.status === 202;
    });
  const attention = (view: Record<string, unknown>): boolean => view.attention !== null && view.attention !== undefined;

  // A refusal that repeats everything it was sent, connections cut in the middle, a wrong key: for a dispatch …
  fieldNation.misbehave = { on: /POST .*\/workorders/, how: 'echo' };
  const ticket = world.ticket();
  await dispatch(ticket, 'the refusal', attention);
  fieldNation.misbehave = { on: /publish/, how: 'cut' };
  const cut = fieldNation.hits;
  await retry(ticket);
  await until('a cut connection', () => fieldNation.hits > cut);
  fieldNation.misbehave = null;
  const { workOrderId } = await dispatch(ticket, 'the order', (view) => typeof view.workOrderId === 'number');
  await dispatch(ticket, 'the publishing', (view) => view.state === 'dispatched');
  const refused = ticket + 1;
  control.addFault({ system: 'freshdesk', path: `/tickets/${refused}$`, kind: 'status', status: 401 });
  expect(world.ticket()).toBe(refused);
  await dispatch(refused, 'the refused key', attention);
  control.clearFaults();
  await retry(refused);
  await dispatch(refused, 'the order', (view) => view.state === 'dispatched');
  control.act(Number(workOrderId), 'assign');
  fieldNation.misbehave = { on: /messages/, how: 'echo' };
  const before = fieldNation.hits;
  control.addNote(ticket, PERSONAL.note);
  await until('the refused message', () => fieldNation.hits > before);
  fieldNation.misbehave = null;
  const unmapped = world.ticket({ custom_fields: { cf_site_address: PERSONAL.address, cf_site_zip: null } });
  await dispatch(unmapped, 'the mapping problem', attention);

  // … and for contacts.
  freshdesk.misbehave = { on: /contacts/, how: 'echo' };
  await world.event(url, 'identify', identified());
  await until('the refused contact', () => freshdesk.hits > 0);
  freshdesk.misbehave = { on: /contacts/, how: 'cut' };
  const cuts = freshdesk.hits;
  await world.event(url, 'identify', { ...identified(), userId: `${PERSONAL.userId}-2` });
  await until('the cut contact', () => freshdesk.hits > cuts);
  freshdesk.misbehave = null;
  await until('the contact', () => JSON.stringify(control.contacts()).includes(`${PERSONAL.userId}-2`));

  // What strangers send and get back.
  const { email, name } = PERSONAL;
  const bad: [string, RequestInit][] = [
    [`/people/${email}?access_token=${SECRETS.apiKey}&phone=${encodeURIComponent(PERSONAL.phone)}`, {}],
    [`/people/${encodeURIComponent(email)}/%ZZ?secret=${SECRETS.password}`, {}],
    [`/api/dispatches?cursor=${email}&state=${name}`, { headers: { authorization } }],
    [`/api/dispatches/${email}`, { headers: { authorization } }],
    [`/api/dispatches`, { headers: { authorization: `Bearer ${SECRETS.apiKey}` } }],
    [
      `/webhooks/freshdesk`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-webhook-secret': SECRETS.apiKey },
        body: JSON.stringify({ ticket_id: 1, email }),
      },
    ],
    [
      `/webhooks/freshdesk`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-webhook-secret': SECRETS.webhookSecret },
        body: JSON.stringify({ account: email, ticket_id: name }),
      },
    ],
    [
      `/webhooks/field-nation`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-fn-signature': `sha256=${createHmac('sha256', 'wrong').update('{}').digest('hex')}`,
        },
        body: JSON.stringify({ email }),
      },
    ],
    [
      `/webhooks/field-nation`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-fn-signature': `sha256=${createHmac('sha256', SECRETS.fieldNationSecret)
            .update(JSON.stringify({ [email]: name }))
            .digest('hex')}`,
        },
        body: JSON.stringify({ [email]: name }),
      },
    ],
    [
      `/v1/identify`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...identified(), writeKey: SECRETS.apiKey }),
      },
    ],
    [
      `/v1/identify`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"writeKey":"${SECRETS.writeKey}","traits":"${email}","userId":{"${name}":1}}`,
      },
    ],
    [
      `/v1/batch`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ writeKey: SECRETS.writeKey, batch: [{ type: email, traits: { email } }, name] }),
      },
    ],
    [
      `/codec/decode`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ payloads: [{ metadata: { [email]: name }, data: email }] }),
      },
    ],
  ];
  for (const [index, [path, init]] of bad.entries()) {
    seen[`answer ${index} ${path.split('?')[0]}`] = await (await fetch(`${url}${path}`, init)).text();
  }
  seen.metrics = await (await fetch(`${url}/metrics`)).text();
  await api('/api/dispatches');

  const cli = async (...args: string[]): Promise<void> => {
    const asked = desk.deskbridge(args, env);
    await asked.ended;
    seen[`deskbridge ${args.join(' ')}`] = asked.out() + asked.err();
  };
  for (const args of [
    ['list'],
    ['show', String(ticket)],
    ['show', String(unmapped)],
    ['contacts', 'show', PERSONAL.userId],
  ]) {
    await cli(...args);
    await cli(...args, '--json');
  }
  expect(seen['deskbridge list --json']).toContain(`"ticketId": ${ticket}`);
  expect(seen[`deskbridge contacts show ${PERSONAL.userId}`]).toMatch(/contact-acme-\w+: /);

  // What Temporal shows of every run: ids, search attributes, memos, summaries, current details.
  const connection = await Connection.connect({ address: desk.engine().address });
  const client = new Client({ connection });
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const described = await handle.describe();
    const { memo, searchAttributes, type } = described;
    const details = await handle
      .query<{ currentDetails: string }>('__temporal_workflow_metadata')
      .then(({ currentDetails }) => currentDetails, String);
    seen[`run ${type} ${workflowId}`] = JSON.stringify([
      ...[
        workflowId,
        memo,
        searchAttributes,
        await described.staticSummary(),
        await described.staticDetails(),
        details,
      ],
    ]);
  }
  expect(Object.keys(seen).filter((key) => key.startsWith('run ticketDispatch'))).toHaveLength(3);
  await connection.close();

  // The command line of Temporal reads through the codec with the token, and only with it.
  const temporal = await findTemporalProgram({ env: process.env, report: () => undefined });
  const show = (auth: string) =>
    desk.run(temporal, [
      ...['workflow', 'show', '--workflow-id', `dispatch-acme-${ticket}`, '--address', desk.engine().address],
      ...['--codec-endpoint', `${url}/codec`, '--codec-auth', auth, '--output', 'json'],
    ]);
  const allowed = show(authorization);
  expect([await allowed.ended, allowed.err(), allowed.out().includes('eventId')]).toEqual([0, '', true]);
  expect(await show('Bearer wrong').ended).not.toBe(0);

  run.kill('SIGTERM');
  await run.ended;
  seen.log = run.out() + run.err();
  expect(seen.log).toContain('"level":"debug"');
  expect(seen.log).not.toMatch(/unhandled/i);
  // The timeline of a ticket, which an operator has asked for by its number, says what its notes say.
  const hiddenIn = (place: string): string[] =>
    HIDDEN.filter((word) => !(word === NOTED && place.startsWith(`deskbridge show ${ticket}`)));
  const hits = Object.entries(seen).map(([place, text]) => [place, foundIn(text, hiddenIn(place)), text] as const);
  expect(
    hits.filter(([, words]) => words.length > 0).map(([place, words, text]) => [place, words, around(text, words)]),
  ).toEqual([]);
});

/** For whoever mends it. */
const around = (text: string, words: readonly string[]): string[] =>
  words.map((word) => {
    const at = text.toLowerCase().indexOf(word.toLowerCase());
    return text.slice(Math.max(0, at - 150), at + 60);
  });

it('repeats no secret when the settings are wrong', async () => {
  const desk = await openDesk();
  try {
    const started = desk.deskbridge(['start'], {
      ...{ FRESHDESK_DOMAIN: `https://${SECRETS.apiKey}@acme.freshdesk.com`, FRESHDESK_API_KEY: SECRETS.apiKey },
      ...{ FRESHDESK_BASE_URL: `https://u:${SECRETS.password}@host`, FIELD_NATION_BASE_URL: `${SECRETS.password}://x` },
      ...{ ADMIN_TOKEN: SECRETS.adminToken, ADMIN_TOKEN_FILE: '/nowhere', EVENTS_WRITE_KEY_FILE: '/nowhere' },
      ...{
        DESKBRIDGE_ENCRYPTION_KEYS: `${SECRETS.encryptionKey},k1:${SECRETS.encryptionKey}x`,
        TEMPORAL_API_KEY: SECRETS.apiKey,
      },
      ...{ TEMPORAL_UI_URL: `http://u:${SECRETS.password}@host` },
    });
    expect(await started.ended).toBe(2);
    const said = started.out() + started.err();
    for (const name of [
      'FRESHDESK_DOMAIN',
      'FRESHDESK_BASE_URL',
      'ADMIN_TOKEN',
      'DESKBRIDGE_ENCRYPTION_KEYS',
      'TEMPORAL_UI_URL',
    ]) {
      expect(said).toContain(`${name}: `);
    }
    expect(foundIn(said, SECRET_WORDS)).toEqual([]);
  } finally {
    await desk.cleanUp();
  }
});
