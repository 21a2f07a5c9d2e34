import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadProgram } from '../../engine/download-program';

let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-download-'));
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const serve = async (listener: RequestListener) => {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const download = (service: string, firstByteMs = 5_000) =>
  downloadProgram(join(folder, 'temporal'), {
    env: {},
    report: () => undefined,
    isTerminal: false,
    service,
    firstByteMs,
  });

describe('the official download', () => {
  it('unpacks the program of the pinned version', async () => {
    await writeFile(join(folder, 'program'), 'the program');
    execFileSync('tar', ['-czf', join(folder, 'served.tar.gz'), '-C', folder, 'program']);
    const archive = await readFile(join(folder, 'served.tar.gz'));
    const asked: string[] = [];
    const service = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/archive') return void response.end(archive);
      response.end(JSON.stringify({ archiveUrl: `${service}/archive`, fileToExtract: 'program' }));
    });
    await download(service);
    expect(await readFile(join(folder, 'temporal'), 'utf8')).toBe('the program');
    expect(asked[0]).toMatch(/^\/v1\.8\.2\?arch=(amd64|arm64)&platform=\w+&format=tar\.gz$/);
  });

  it('gives up soon when the network swallows the request', async () => {
    const service = await serve(() => undefined);
    await expect(download(service, 50)).rejects.toThrow('no answer in time');
  });

  it('says what the service answered when it refuses', async () => {
    const service = await serve((_, response) => response.writeHead(404).end());
    await expect(download(service)).rejects.toThrow(/answered 404/);
  });

  it('says why the service cannot be reached', async () => {
    const service = await serve(() => undefined);
    server?.close();
    await expect(download(service)).rejects.toThrow(/ECONNREFUSED/);
  });
});
