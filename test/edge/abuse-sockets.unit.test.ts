/** Senders that only hold sockets: good ones are served beside them, and none of the others is kept for ever. */
import { get } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { takeWebPort, type WebPort } from '../../src/service/web-port';
import { until } from '../helpers/until';

let web: WebPort;
let sockets: Socket[] = [];
beforeEach(async () => {
  web = await takeWebPort({ host: '127.0.0.1', port: 0 });
  web.serve((request, response) => void request.resume().on('end', () => response.end('ok')));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await web.close();
});

/** Sockets that say this and nothing more of their own accord. */
async function hold(count: number, words: string): Promise<Socket[]> {
  const held = Array.from({ length: count }, () => createConnection(Number(new URL(web.url).port), '127.0.0.1'));
  sockets.push(...held);
  await Promise.all(
    held.map(
      (socket) =>
        new Promise<void>((resolve) => {
          // Nothing is read otherwise, and its end would not be seen.
          socket.resume().on('error', () => resolve());
          socket.once('connect', () => (words === '' ? resolve() : socket.write(words, () => resolve())));
        }),
    ),
  );
  return held;
}
const open = (held: Socket[]): number => held.filter((socket) => !socket.destroyed && !socket.readableEnded).length;

it('a thousand slow senders of heads and bodies, and silent ones, delay nobody, and all of them are gone in the end', async () => {
  const held = [
    ...(await hold(400, 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ')),
    ...(await hold(400, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n')),
    ...(await hold(200, '')),
  ];
  const drip = setInterval(() => {
    // Silent ones stay silent.
    for (const socket of held.slice(0, 800)) if (socket.writable) socket.write('a');
  }, 1000);
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const began = performance.now();
    expect(await (await fetch(web.url, { method: 'POST', body: 'x' })).text()).toBe('ok');
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  expect(times[Math.floor(times.length * 0.99)]).toBeLessThan(1000);
  await until(
    'the end of all of them',
    () => open(held) === 0,
    () => `${open(held)} are left`,
  );
  clearInterval(drip);
});

/** A request on a socket of its own that is closed afterwards. */
const served = (): Promise<boolean> =>
  new Promise((resolve) => {
    get(web.url, { agent: false }, (answer) => answer.resume().on('end', () => resolve(true))).on('error', () =>
      resolve(false),
    );
  });

it('has two thousand sockets at once, closes more as they come, and serves again when some have gone', async () => {
  const held: Socket[] = [];
  for (let n = 0; n < 8; n++) {
    // They come in their order: whoever is served after them knows that they were taken.
    if (n > 0) expect(await served()).toBe(true);
    held.push(...(await hold(250, '')));
  }
  const more = await hold(20, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await until('the end of those too many', () => open(more) === 0);
  expect(more.map((socket) => socket.bytesRead)).toEqual(Array(20).fill(0));
  expect(open(held)).toBeGreaterThan(1_990);
  for (const socket of held.splice(0, 100)) socket.destroy();
  await until('an answer again', served);
});
