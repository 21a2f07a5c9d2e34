import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadProgram } from '../../engine/download-program';

const { sumsOf, withSums } = jest.requireActual<{
  sumsOf: (text: string, version: string) => Record<string, string>;
  withSums: (source: string, sums: Record<string, string>) => string;
}>('../../scripts/pin-temporal.js');

const LIST = [
  `${'a'.repeat(64)}  temporal_cli_1.8.2_linux_amd64.tar.gz`,
  `${'b'.repeat(64)}  temporal_cli_1.8.2_darwin_arm64.tar.gz`,
  `${'c'.repeat(64)}  temporal_cli_1.8.2_windows_amd64.zip`,
  `${'d'.repeat(64)}  temporal_cli_1.8.1_linux_arm64.tar.gz`,
].join('\n');

let folder: string;
let servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-download-'));
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  await rm(folder, { recursive: true, force: true });
});

const serve = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

let said: string[];
const fromHere = ({ hostname }: URL): boolean => hostname === '127.0.0.1';

const download = (service: string, options: Partial<Parameters<typeof downloadProgram>[1]> = {}) => {
  said = [];
  return downloadProgram(join(folder, 'temporal'), {
    env: {},
    report: (line) => said.push(line),
    isTerminal: false,
    service,
    firstByteMs: 5_000,
    isVendor: fromHere,
    ...options,
  });
};

/** A service whose archive holds `temporal`; `info` replaces what it says of it. */
async function vendor(
  info: object = {},
  path = '/archive',
): Promise<{ service: string; asked: string[]; sum: string }> {
  await writeFile(join(folder, 'temporal'), 'the program');
  execFileSync('tar', ['-czf', join(folder, 'served.tar.gz'), '-C', folder, 'temporal']);
  await rm(join(folder, 'temporal'));
  const archive = await readFile(join(folder, 'served.tar.gz'));
  const asked: string[] = [];
  const service = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/archive') return void response.end(archive);
    if (request.url === '/elsewhere') return void response.writeHead(302, { location: 'http://localhost:9/x' }).end();
    if (request.url === '/moved') return void response.writeHead(302, { location: '/archive' }).end();
    response.end(JSON.stringify({ archiveUrl: `${service}${path}`, fileToExtract: 'temporal', ...info }));
  });
  return { service, asked, sum: createHash('sha256').update(archive).digest('hex') };
}

const PLATFORM = `linux-${process.arch === 'x64' ? 'amd64' : process.arch}`;

describe('the official download', () => {
  it('unpacks the program of the pinned version', async () => {
    const { service, asked } = await vendor();
    await download(service);
    expect(await readFile(join(folder, 'temporal'), 'utf8')).toBe('the program');
    expect(asked[0]).toMatch(/^\/v1\.8\.2\?arch=(amd64|arm64)&platform=\w+&format=tar\.gz$/);
  });

  it('says once that nothing but TLS vouches for it while its sum is not pinned', async () => {
    const { service } = await vendor();
    await download(service, { pins: {} });
    expect(said.filter((line) => line.includes('pinned'))).toHaveLength(1);
  });

  it('takes the archive whose sum is pinned, and unpacks no other', async () => {
    const { service, sum } = await vendor();
    await download(service, { pins: { [PLATFORM]: sum } });
    expect(said.join()).not.toContain('pinned');
    await rm(join(folder, 'temporal'));
    await expect(download(service, { pins: { [PLATFORM]: '0'.repeat(64) } })).rejects.toThrow(/not the pinned one/);
    expect(existsSync(join(folder, 'temporal'))).toBe(false);
  });

  it('follows the vendor to its own hosts alone, by https', async () => {
    const { service } = await vendor();
    await expect(download(service, { isVendor: undefined } as object)).rejects.toThrow(/is not where the vendor keeps/);
    for (const archiveUrl of [
      'http://temporal.download/x',
      'https://temporal.download.evil.example/x',
      'file:///etc/passwd',
    ]) {
      const { service: other } = await vendor({ archiveUrl });
      await expect(download(other)).rejects.toThrow(/is not where the vendor keeps/);
    }
  });

  it('checks each address that it is sent on to', async () => {
    await download((await vendor({}, '/moved')).service);
    expect(existsSync(join(folder, 'temporal'))).toBe(true);
    await expect(download((await vendor({}, '/elsewhere')).service)).rejects.toThrow(
      'http://localhost:9 is not where the vendor keeps the program',
    );
  });

  it.each(['--to-command=touch /tmp/x', '--checkpoint-action=exec=true', '../temporal', '-T/etc/passwd', 'program'])(
    'takes no other name of the program: %s',
    async (fileToExtract) => {
      const { service, asked } = await vendor({ fileToExtract });
      await expect(download(service)).rejects.toThrow();
      expect(asked).toHaveLength(1);
    },
  );

  it('gives up soon when the network swallows the request', async () => {
    const service = await serve(() => undefined);
    await expect(download(service, { firstByteMs: 50 })).rejects.toThrow('no answer in time');
  });

  it('says what the service answered when it refuses', async () => {
    const service = await serve((_, response) => response.writeHead(404).end());
    await expect(download(service)).rejects.toThrow(/answered 404/);
  });

  it('says why the service cannot be reached', async () => {
    const service = await serve(() => undefined);
    servers.forEach((server) => server.close());
    await expect(download(service)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('has its sums pinned from the list that the vendor publishes with the release', () => {
    const sums = sumsOf(LIST, '1.8.2');
    expect(sums).toEqual({ 'linux-amd64': 'a'.repeat(64), 'darwin-arm64': 'b'.repeat(64) });
    const source = readFileSync(join(__dirname, '../../engine/temporal-sums.ts'), 'utf8');
    const written = withSums(source, sums);
    expect(written).toContain(`  'linux-amd64': '${'a'.repeat(64)}',`);
    expect(withSums(written, sums)).toBe(written);
    expect(() => sumsOf(LIST, '2.0.0')).toThrow('names no archive of version 2.0.0');
  });
});
