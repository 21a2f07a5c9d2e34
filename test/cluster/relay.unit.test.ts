/** The relay between parts of a cluster: where it leads, and what a cut does to connections that are open and that come. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { LOOPBACK } from '../../engine/free-port';
import { until } from '../helpers/until';
import { startRelay, type Relay } from './relay';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Answers each text with its name and the text; gives its port. */
async function target(name: string): Promise<{ port: number; server: Server }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => undefined));
    socket.on('data', (text) => socket.write(`${name}:${text.toString()} `));
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  closing.push(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

async function relayTo(...ports: number[]): Promise<Relay> {
  const relay = await startRelay(0, ports);
  closing.push(() => relay.close());
  return relay;
}

interface Caller {
  say(text: string): void;
  hears(text: string): Promise<void>;
  heard(): string;
  ends(): Promise<string>;
}

function call({ port }: Relay): Caller {
  let [heard, error] = ['', ''];
  const socket = connect({ host: LOOPBACK, port });
  socket.on('data', (text) => (heard += text.toString()));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (error = code ?? ''));
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(error)));
  closing.push(() => socket.destroy());
  return {
    say: (text) => void socket.write(text),
    hears: (text) =>
      until(
        `"${text}"`,
        () => heard.includes(text),
        () => heard,
        10_000,
      ),
    heard: () => heard,
    ends: () => ended,
  };
}

it('leads each connection to the next target, and past one that accepts none', async () => {
  const [one, two, gone] = [await target('one'), await target('two'), await target('gone')];
  gone.server.close();
  const relay = await relayTo(one.port, two.port, gone.port);
  for (const name of ['one', 'two', 'one', 'two']) {
    const caller = call(relay);
    caller.say('hello');
    await caller.hears(`${name}:hello`);
  }
});

it('resets what is open when it is led elsewhere, and leads there what comes', async () => {
  const [old, young] = [await target('old'), await target('young')];
  const relay = await relayTo(old.port);
  const before = call(relay);
  before.say('hello');
  await before.hears('old:hello');
  relay.leadTo([young.port]);
  expect(await before.ends()).toBe('ECONNRESET');
  const after = call(relay);
  after.say('hello');
  await after.hears('young:hello');
});

it('resets what is open and what comes while it is cut that way', async () => {
  const relay = await relayTo((await target('it')).port);
  const before = call(relay);
  before.say('hello');
  await before.hears('it:hello');
  relay.cut('reset');
  expect(await before.ends()).toBe('ECONNRESET');
  expect(await call(relay).ends()).toBe('ECONNRESET');
  relay.heal();
  const after = call(relay);
  after.say('again');
  await after.hears('it:again');
});

it('lets nothing pass in silence, and loses nothing of it', async () => {
  const [cut, whole] = [await relayTo((await target('cut')).port), await relayTo((await target('whole')).port)];
  const before = call(cut);
  before.say('first');
  await before.hears('cut:first');
  cut.cut('silent');
  const during = call(cut);
  before.say('second');
  during.say('third');
  // By the time that it has passed a whole relay twice, it would have passed this one.
  for (const text of ['there', 'and back']) {
    const caller = call(whole);
    caller.say(text);
    await caller.hears(`whole:${text}`);
  }
  expect([before.heard(), during.heard()]).toEqual(['cut:first ', '']);
  cut.heal();
  await before.hears('cut:second');
  await during.hears('cut:third');
});
