import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createTransport } from '../../src/clients/http';
import type { Transport, TransportOptions, UpstreamCall } from '../../src/clients/http-types';
import { caught } from './caught';
import { halfAnswer, hangUp, silence, startScriptedServer } from './scripted-server';
import type { ScriptedServer } from './scripted-server';

let server: ScriptedServer;
let transports: Transport[] = [];

beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(async () => {
  await server.close();
  await Promise.all(transports.map((transport) => transport.close()));
  transports = [];
});

function transport(options: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ system: 'freshdesk', baseUrl: server.url, timeoutMs: 60_000, ...options });
  transports.push(made);
  return made;
}

describe('what is sent', () => {
  it('appends prefix and path to a base with a path of its own', async () => {
    server.reply({ json: {} });
    await transport({ baseUrl: `${server.url}/freshdesk/` }).request({
      method: 'GET',
      prefix: '/api/v2',
      path: '/tickets/{id}',
      params: { id: 'a/b' },
    });
    expect(server.seen[0]?.url).toBe('/freshdesk/api/v2/tickets/a%2Fb');
  });

  it('encodes queries so that plus signs, blanks and ampersands survive', async () => {
    server.reply({ json: {} });
    const email = 'a+b c&d=é@x.example';
    await transport().request({ method: 'GET', path: '/contacts', query: { email, page: undefined, sticky: false } });
    expect(server.seen[0]?.url).toBe('/contacts?email=a%2Bb%20c%26d%3D%C3%A9%40x.example&sticky=false');
  });

  it('sends JSON, forms and streamed multipart', async () => {
    server.reply({ json: {} });
    const http = transport();
    await http.request({ method: 'POST', path: '/json', json: { a: 'ü' } });
    await http.request({ method: 'POST', path: '/form', form: { a: 'b c', d: '&' } });
    const file = {
      name: 'we"ird\r\nX: y.txt',
      contentType: 'text/plain\r\nX: y',
      open: async function* () {
        yield Buffer.from('one ');
        yield Buffer.from('two');
      },
    };
    await http.request({
      method: 'POST',
      path: '/multipart',
      multipart: [
        { name: 'body', value: 'hello' },
        { name: 'attachments[]', file },
      ],
    });
    expect(server.seen.map((request) => request.headers['content-type']?.split(';')[0])).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ]);
    expect(server.seen[0]?.body).toBe('{"a":"ü"}');
    expect(server.seen[1]?.body).toBe('a=b+c&d=%26');
    const boundary = server.seen[2]?.headers['content-type']?.split('boundary=')[1] ?? '';
    expect(server.seen[2]?.body).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="body"\r\n\r\nhello\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="attachments[]"; filename="we%22ird%0D%0AX: y.txt"\r\n` +
        `Content-Type: application/octet-stream\r\n\r\none two\r\n--${boundary}--\r\n`,
    );
  });

  it('tells the length of a form when it knows the sizes of all files', async () => {
    server.reply({ json: {} });
    const file = { name: 'a.txt', contentType: 'text/plain', size: 3, open: () => [Buffer.from('abc')] };
    await transport().request({ method: 'POST', path: '/x', multipart: [{ name: 'file', file }] });
    expect(server.seen[0]?.headers['content-length']).toBe(String(server.seen[0]?.body.length));
    expect(server.seen[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('lets the error of a file source pass unchanged', async () => {
    server.reply({ json: {} });
    const broken = new Error('download broke off');
    const file = {
      name: 'a.txt',
      contentType: null,
      open: async function* (): AsyncGenerator<Uint8Array> {
        throw broken;
      },
    };
    const call = transport().request({ method: 'POST', path: '/x', multipart: [{ name: 'file', file }] });
    await expect(call).rejects.toBe(broken);
  });

  it.each(['not an address', 'ftp://x.example', 'https://user:CANARY@x.example', 'https://x.example?key=CANARY'])(
    'refuses the base %s without repeating it',
    (baseUrl) => {
      expect(() => transport({ baseUrl })).toThrow(/base URL of freshdesk/);
      expect(() => transport({ baseUrl })).not.toThrow(/CANARY/);
    },
  );
});

describe('how far a call got', () => {
  it('is not-sent when the connection is refused', async () => {
    await server.close();
    const error = await caught(transport().request({ method: 'POST', path: '/workorders' }));
    expect(error).toMatchObject({ phase: 'not-sent', status: null, call: 'POST /workorders' });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('is not-sent when the name cannot be resolved', async () => {
    const http = transport({ baseUrl: 'http://name.invalid' });
    expect((await caught(http.request({ method: 'GET', path: '/x' }))).phase).toBe('not-sent');
  });

  it('is not-sent when the TLS handshake fails', async () => {
    const http = transport({ baseUrl: server.url.replace('http:', 'https:') });
    expect((await caught(http.request({ method: 'POST', path: '/x' }))).phase).toBe('not-sent');
    expect(server.seen).toHaveLength(0);
  });

  it('is not-sent when the handshake does not end in time', async () => {
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const baseUrl = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const error = await caught(transport({ baseUrl, timeoutMs: 60 }).request({ method: 'POST', path: '/x' }));
    expect(error.phase).toBe('not-sent');
    mute.close();
  });

  it('is no-answer when the connection is dropped before the request was read', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const http = transport({ baseUrl: `http://127.0.0.1:${(rude.address() as AddressInfo).port}` });
    const call = http.request({ method: 'POST', path: '/x', json: { a: 'x'.repeat(100_000) } });
    expect((await caught(call)).phase).toBe('no-answer');
    rude.close();
  });

  it('is no-answer when the connection is dropped after the request was read, and nothing is repeated', async () => {
    server.reply(hangUp);
    const error = await caught(transport().request({ method: 'GET', path: '/x' }));
    expect(error).toMatchObject({ phase: 'no-answer', status: null });
    expect(server.seen).toHaveLength(1);
  });

  it('is no-answer when no head comes in time', async () => {
    server.reply(silence);
    const error = await caught(transport({ timeoutMs: 3000 }).request({ method: 'POST', path: '/x' }));
    expect(error).toMatchObject({ phase: 'no-answer', status: null });
    expect(error.message).toBe('POST /x got no answer (within 3000 ms)');
  });

  it('is no-answer when the body of a 200 never ends', async () => {
    server.reply(halfAnswer(200));
    const error = await caught(transport({ timeoutMs: 3000 }).request({ method: 'POST', path: '/x' }));
    expect(error).toMatchObject({ phase: 'no-answer', status: null });
  });

  it('trusts the status of an error whose body never ends', async () => {
    server.reply(halfAnswer(503));
    const answer = await transport({ timeoutMs: 3000 }).request({ method: 'POST', path: '/x' });
    expect(answer).toMatchObject({ status: 503, body: '' });
  });

  it('is unreadable when a 200 is larger than allowed, whether or not it tells its length', async () => {
    const http = transport({ maxBodyBytes: 1000 });
    server.reply({ body: 'x'.repeat(1001) });
    expect(await caught(http.request({ method: 'GET', path: '/x' }))).toMatchObject({
      phase: 'unreadable',
      status: 200,
    });
    server.reply((response) => {
      for (let i = 0; i < 11; i += 1) response.write('x'.repeat(100));
      response.end();
    });
    expect((await caught(http.request({ method: 'GET', path: '/x' }))).phase).toBe('unreadable');
    server.reply({ body: 'x'.repeat(1000) });
    expect((await http.request({ method: 'GET', path: '/x' })).body).toHaveLength(1000);
  });

  it('caps answers at 10 MB by default', async () => {
    server.reply({ body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    expect((await caught(transport().request({ method: 'GET', path: '/x' }))).phase).toBe('unreadable');
  });

  it('does not follow redirects, neither on the host nor to another', async () => {
    const other = await startScriptedServer();
    server.reply(
      { status: 302, headers: { location: `${other.url}/x` } },
      { status: 307, headers: { location: '/y' } },
    );
    const http = transport();
    expect((await http.request({ method: 'GET', path: '/x', headers: { authorization: 'a' } })).status).toBe(302);
    expect((await http.request({ method: 'POST', path: '/x', json: {} })).status).toBe(307);
    expect(other.seen).toHaveLength(0);
    expect(server.seen).toHaveLength(2);
    await other.close();
  });
});

describe('the signal of the caller', () => {
  it('ends a call with its own reason', async () => {
    server.reply(silence);
    const reason = new Error('the activity was cancelled');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 30);
    const call = transport().request({ method: 'GET', path: '/x', signal: controller.signal });
    await expect(call).rejects.toBe(reason);
  });

  it('sends nothing when it has aborted already', async () => {
    const call = transport().request({ method: 'GET', path: '/x', signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.seen).toHaveLength(0);
  });
});

describe('the call hook', () => {
  it('hears of each call, without ids and queries, and cannot break it', async () => {
    const calls: UpstreamCall[] = [];
    const onCall = (call: UpstreamCall): void => {
      calls.push(call);
      throw new Error('metrics are down');
    };
    server.reply({ status: 201, json: {} }, hangUp);
    const http = transport({ onCall });
    await http.request({ method: 'POST', path: '/tickets/{id}/notes', params: { id: 5 }, query: { secret: 'x' } });
    await caught(http.request({ method: 'GET', path: '/x' }));
    expect(calls).toEqual([
      { system: 'freshdesk', call: 'POST /tickets/{id}/notes', status: 201, ms: expect.any(Number) },
      { system: 'freshdesk', call: 'GET /x', status: null, ms: expect.any(Number) },
    ]);
  });
});
