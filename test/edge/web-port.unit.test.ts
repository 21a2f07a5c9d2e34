import { createConnection, type Socket } from 'node:net';
import { Agent, request as ask } from 'node:http';
import type { RequestListener } from 'node:http';
import { takeWebPort, type WebPort } from '../../src/service/web-port';
import { until } from '../helpers/until';

let web: WebPort;
let sockets: Socket[] = [];
beforeEach(async () => (web = await takeWebPort({ host: '127.0.0.1', port: 0 })));
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await web.close();
});

interface Line {
  socket: Socket;
  said: () => string;
  isOver: () => boolean;
}
async function connect(): Promise<Line> {
  const socket = createConnection(Number(new URL(web.url).port), '127.0.0.1');
  sockets.push(socket);
  let said = '';
  let over = false;
  socket
    .on('data', (chunk) => (said += chunk.toString()))
    .on('close', () => (over = true))
    .on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, said: () => said, isOver: () => over };
}
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const answersOf = (text: string): number => text.split('HTTP/1.1 ').length - 1;
const plain: RequestListener = (_request, response) => void response.end('ok');

it.each([
  ['a head that never ends', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', 10_000],
  ['a body that never ends', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n', 15_000],
])('cuts off %s, byte by byte as it may come', async (_, begin, ms) => {
  web.serve((request) => void request.resume());
  const line = await connect();
  line.socket.write(begin);
  const began = Date.now();
  let drips = 0;
  const drip = setInterval(() => line.socket.writable && line.socket.write('a') && drips++, 500);
  await until('the end', line.isOver, line.said);
  clearInterval(drip);
  expect(Date.now() - began).toBeGreaterThan(ms - 1_000);
  // Counted in drips, since a machine may stand still.
  expect(drips).toBeLessThan((ms + 6_000) / 500);
  expect(line.said()).toContain('HTTP/1.1 408');
});

it('lets a sender keep its socket for so many requests only', async () => {
  web.serve(plain);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const once = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      const sent = ask(web.url, { agent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.headers.connection));
      });
      sent.on('error', reject).end();
    });
  const seen: (string | undefined)[] = [];
  for (let n = 0; n < 1001; n++) seen.push(await once());
  agent.destroy();
  expect(seen.map((how, index) => (how === 'close' ? index : -1)).filter((index) => index >= 0)).toEqual([999]);
});

it('refuses a head of more than 16 kB', async () => {
  web.serve(plain);
  const line = await connect();
  line.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`);
  await until('the refusal', line.isOver, line.said);
  expect(line.said()).toMatch(/^HTTP\/1.1 431/);
});

it('answers what is under way and what still comes on open sockets when it closes, then says goodbye', async () => {
  const waiting: (() => void)[] = [];
  web.serve((request, response) => {
    if (request.url === '/slow') waiting.push(() => response.end('late'));
    else response.end('ok');
  });
  const slow = await connect();
  slow.socket.write(GET.replace('GET /', 'GET /slow'));
  const busy = await connect();
  busy.socket.write(GET);
  const silent = await connect();
  await until('the first answers', () => answersOf(busy.said()) === 1 && waiting.length === 1);
  let closed = false;
  const closing = web.close().then(() => (closed = true));
  busy.socket.write(GET);
  await until('the second answer', () => answersOf(busy.said()) === 2);
  await expect(fetch(web.url)).rejects.toThrow();
  expect(busy.said().match(/connection: .*/gi)).toEqual(['Connection: keep-alive', 'Connection: close']);
  await until('the end of the idle', () => busy.isOver() && silent.isOver());
  expect(closed).toBe(false);
  waiting[0]?.();
  await closing;
  await until('the slow answer', slow.isOver);
  expect(slow.said()).toMatch(/Connection: close[^]*late/);
});
