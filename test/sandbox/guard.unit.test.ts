/** Who reads and controls the sandbox: people on this machine its page, holders of the data directory's key its control. */
import { createServer, request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Sandbox } from '../../sandbox';
import { recordSandbox } from '../../src/runtime';
import { sandboxAnswers } from '../../src/service/sandbox-part';
import { control, get, start } from './helpers';

let sandbox: Sandbox;
beforeEach(async () => (sandbox = await start()));
afterEach(() => sandbox.stop());

/** `fetch` chooses the host itself. */
const ask = (method: string, path: string, headers: Record<string, string>, body = ''): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sandbox.url);
    request({ hostname, port, method, path, headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
      .on('error', reject)
      .end(body);
  });

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const TICKET = 'subject=Printer&email=a%40b.example&description=x';

it.each(['evil.example', 'evil.example:4601', 'localhost.', '127.0.0.1.nip.io', '0.0.0.0'])(
  'answers nothing under the host name "%s", not even with the key',
  async (host) => {
    const before = sandbox.control.tickets().length;
    const named = { host, origin: `http://${host}` };
    const key = { authorization: 'Bearer control-key', 'content-type': 'application/json' };
    for (const path of ['/', '/tickets/1', '/contacts', '/sandbox/api/history', '/freshdesk/api/v2/tickets']) {
      expect(await ask('GET', path, { ...named, ...key })).toBe(403);
    }
    expect(await ask('POST', '/sandbox/api/tickets', { ...named, ...key }, '{}')).toBe(403);
    expect(await ask('POST', '/tickets', { ...named, ...FORM }, TICKET)).toBe(403);
    expect(sandbox.control.tickets()).toHaveLength(before);
  },
);

it('takes the forms of its page on this machine', async () => {
  const before = sandbox.control.tickets().length;
  const { host } = new URL(sandbox.url);
  for (const name of [host, host.replace('127.0.0.1', 'localhost')]) {
    expect(await ask('POST', '/tickets', { ...FORM, host: name, origin: `http://${name}` }, TICKET)).toBe(303);
  }
  expect(sandbox.control.tickets()).toHaveLength(before + 2);
});

it('is controlled over HTTP with the key alone', async () => {
  for (const key of ['', 'another-key', 'control-key2']) {
    expect((await control(sandbox, 'GET', '/history', undefined, key)).status).toBe(401);
    expect((await control(sandbox, 'POST', '/tickets', {}, key)).status).toBe(401);
  }
  expect((await get(`${sandbox.url}/sandbox/api/history`)).status).toBe(401);
  expect((await control(sandbox, 'GET', '/history')).status).toBe(200);
});

it('has no control over HTTP where it is not wanted', async () => {
  for (const options of [{ control: false }, { controlKey: undefined }] as object[]) {
    const other = await start(options);
    expect((await control(other, 'GET', '/history')).status).toBe(404);
    expect((await control(other, 'POST', '/events', { name: 'x', workOrderId: 1 })).status).toBe(404);
    expect((await get(`${other.url}/`)).status).toBe(200);
    await other.stop();
  }
});

it('is taken for the sandbox of a data directory only when it proves to know the key', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-sandbox-'));
  let told = '';
  const stranger = createServer((incoming, response) => {
    told += JSON.stringify([incoming.url, incoming.headers]);
    response.end('{"proof":"x"}');
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const record = (url: string, controlKey: string): void =>
    recordSandbox(dataDir, { url, freshdeskUrl: '', fieldNationUrl: '', controlKey });
  try {
    record(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}`, 'control-key');
    expect(await sandboxAnswers(dataDir)).toBe(false);
    expect(told).not.toContain('control-key');
    record(sandbox.url, 'control-key');
    expect(await sandboxAnswers(dataDir)).toBe(true);
    record(sandbox.url, 'the key of another data directory');
    expect(await sandboxAnswers(dataDir)).toBe(false);
  } finally {
    stranger.close();
    await rm(dataDir, { recursive: true });
  }
});
