/**
 * A page in a browser on this machine rebinds its name to this machine: it may then read whatever answers under a foreign
 * host name. Every port that a running service opens is asked so. Other users of the machine read none of its files.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { listenersOf, processTree, type Listener } from '../helpers/listening-ports';
import { buildOnce, openDesk, ticketForTheField, type Desk } from '../helpers/process';

const CANARY = 'Canary-4417';
const FORM = 'application/x-www-form-urlencoded';

let desk: Desk;
let url: string;
let listeners: Listener[];
let service: number;
let ticket: number;

beforeAll(async () => {
  await buildOnce();
  desk = await openDesk();
  const started = await desk.start();
  url = started.url;
  ticket = await ticketForTheField(desk, { subject: CANARY });
  await desk.view(url, ticket, 'a work order', (view) => view.workOrderId !== null);
  // The server behind the files of the Temporal UI runs only while somebody looks.
  expect((await fetch(`${url}/temporal/`)).status).toBe(200);
  service = started.run.pid;
  listeners = listenersOf(processTree(service));
});
afterAll(() => desk.cleanUp());

/** All that comes back within a moment; a browser would show no more to the page. */
const ask = (port: Listener, method: string, path: string, body = '', type = 'application/json'): Promise<string> =>
  new Promise((resolve) => {
    const host = `evil.example:${port.port}`;
    const socket = connect(port.port, port.host);
    let text = '';
    const end = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
    socket.once('error', end).once('close', end).setTimeout(5_000, end);
    socket.write(
      [
        `${method} ${path} HTTP/1.1`,
        ...[`Host: ${host}`, `Origin: http://${host}`, 'Sec-Fetch-Site: same-origin', 'Connection: close'],
        ...[`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, '', body],
      ].join('\r\n'),
    );
  });

const WORTH = new RegExp(`${CANARY}|dispatch-acme|FD-acme|deskbridge-acme`);

/** The server behind the files of the Temporal UI: its API is open, and there is nothing in it. */
const holdsNothing = ({ pid }: Listener): boolean => {
  const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  return line.includes('start-dev') && !line.includes('--db-filename');
};

const run = (): string => `/namespaces/default/workflows/dispatch-acme-${ticket}`;

it('keeps what it stores from other users of the machine', () => {
  const names = readdirSync(desk.dataDir);
  expect(names).toEqual(
    expect.arrayContaining(['temporal.db', 'secrets.json', 'sandbox.json', 'web.json', 'engine.json']),
  );
  const open = ['', ...names].filter((name) => (statSync(join(desk.dataDir, name)).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});

it('opens ports on the loopback address alone', () => {
  expect(listeners.length).toBeGreaterThan(5);
  for (const { host } of listeners) expect(host).toMatch(/^127\.0\.0\.1$|^::1$/);
});

it('tells a foreign host name nothing of a ticket, a run or an account', async () => {
  const paths = [
    ...[
      '/',
      '/api/dispatches',
      `/api/dispatches/${ticket}`,
      `/dispatches/${ticket}`,
      '/contacts',
      '/preview',
      '/events',
    ],
    ...['', '/api/v1', '/temporal/api/v1'].flatMap((root) => [
      `${root}/namespaces`,
      `${root}/namespaces/default/workflows`,
      `${root}${run()}`,
      `${root}${run()}/history`,
    ]),
    ...['tickets', `tickets/${ticket}`, 'work-orders', 'history', 'calls', 'deliveries', 'contacts', 'knobs'].map(
      (path) => `/sandbox/api/${path}`,
    ),
    ...[
      `/tickets/${ticket}`,
      '/work-orders/901234',
      '/freshdesk/api/v2/tickets',
      '/field-nation/api/rest/v2/workorders',
    ],
  ];
  const id = `dispatch-acme-${ticket}`;
  const told: string[] = [];
  for (const port of listeners) {
    for (const path of paths) {
      const answer = await ask(port, 'GET', path);
      const isTaken = /^HTTP\/1\.1 2/.test(answer) && !holdsNothing(port);
      // A refusal may repeat the path.
      const isWorth = WORTH.test(path.includes(id) ? answer.replaceAll(id, '') : answer);
      if (isWorth || isTaken) told.push(`${port.port} ${path}: ${answer.slice(0, 200)}`);
    }
    if (port.pid !== service) expect(await ask(port, 'GET', '/metrics')).not.toMatch(WORTH);
  }
  expect(told).toEqual([]);
});

it('lets a foreign host name change nothing', async () => {
  const before = await desk.sandbox<object[]>('GET', '/tickets');
  const known = await (await fetch(`${url}/api/dispatches/${ticket}`)).json();
  const done: string[] = [];
  for (const port of listeners) {
    for (const [path, body, type] of [
      [`/api/v1${run()}/signal/cancelDispatch`, '{}'],
      [`${run()}/signal/cancelDispatch`, '{}'],
      [`/temporal/api/v1${run()}/signal/cancelDispatch`, '{}'],
      [`/api/dispatches/${ticket}/cancel`, '{"reason":"evil"}'],
      ['/sandbox/api/tickets', '{"subject":"evil"}'],
      ['/sandbox/api/events', '{"name":"evil","workOrderId":901234}'],
      ['/tickets', 'subject=evil&email=eve%40evil.example', FORM],
      ['/trouble', 'trouble=freshdesk-away&on=1', FORM],
    ] as const) {
      const answer = await ask(port, 'POST', path, body, type);
      if (/^HTTP\/1\.1 [23]/.test(answer)) done.push(`${port.port} ${path}: ${answer.slice(0, 200)}`);
    }
  }
  expect(done).toEqual([]);
  expect(await desk.sandbox<object[]>('GET', '/tickets')).toHaveLength(before.length);
  expect(await (await fetch(`${url}/api/dispatches/${ticket}`)).json()).toEqual(known);
});
