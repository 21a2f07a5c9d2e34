/**
 * The official download: the same service that Temporal's SDKs take their development server from. Promise: it comes by
 * https from the vendor's hosts; where its sum is pinned, nothing else is unpacked; and no name of it is an option of `tar`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { PROGRAM_NAME } from './cache-folder';
import { startProgress } from './progress';
import { TEMPORAL_SUMS } from './temporal-sums';
import { PINNED_CLI_VERSION } from './versions';

const SERVICE = 'https://temporal.download/cli';
/** Where the service keeps its archives, or sends on to. */
const HOSTS = [
  'temporal.download',
  'github.com',
  'objects.githubusercontent.com',
  'release-assets.githubusercontent.com',
];
const MOST_REDIRECTS = 5;
/** A closed network must cost seconds, not minutes: this long to the archive's first byte, then between bytes. */
const FIRST_BYTE_MS = 20_000;
const STALL_MS = 30_000;

const archiveInfo = z.object({ archiveUrl: z.url(), fileToExtract: z.literal(PROGRAM_NAME) });

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  isTerminal: boolean;
  service?: string;
  firstByteMs?: number;
  /** Whether a file may come from there. */
  isVendor?: (url: URL) => boolean;
  /** SHA-256 of the archives in hex, by `<platform>-<architecture>`. */
  pins?: Readonly<Record<string, string>>;
}

const isVendor = ({ protocol, hostname }: URL): boolean => protocol === 'https:' && HOSTS.includes(hostname);

/** Downloads the pinned version and writes it to `path`; rejects within seconds when the network is closed. */
export async function downloadProgram(path: string, options: DownloadOptions): Promise<void> {
  const { env, report, isTerminal, service = SERVICE, firstByteMs = FIRST_BYTE_MS, pins = TEMPORAL_SUMS } = options;
  const deadline = new AbortController();
  let timer = setTimeout(() => deadline.abort(), firstByteMs);
  const dispatcher = proxyOf(env);
  const mayAsk = options.isVendor ?? isVendor;
  const get = (url: string) => ask(url, mayAsk, { signal: deadline.signal, ...(dispatcher && { dispatcher }) });
  const archive = join(dirname(path), 'archive.tar.gz');
  let received = 0;
  let total = 0;
  const progress = startProgress({
    describe: () => `Downloading the Temporal server: ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''}`,
    report,
    isTerminal,
  });
  try {
    const info = archiveInfo.parse(await (await get(`${service}/v${PINNED_CLI_VERSION}?${query()}`)).json());
    const response = await get(info.archiveUrl);
    total = Number(response.headers.get('content-length') ?? 0);
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = setTimeout(() => deadline.abort(), STALL_MS);
        received += chunk.length;
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body), counted, createWriteStream(archive));
    clearTimeout(timer);
    await checkSum(archive, pins[`${platform()}-${arch()}`], report);
    await promisify(execFile)('tar', ['-xzf', archive, '-C', dirname(path), '--', info.fileToExtract]);
    const extracted = join(dirname(path), info.fileToExtract);
    if (extracted !== path) await rename(extracted, path);
  } catch (error) {
    throw new Error(deadline.signal.aborted ? 'no answer in time' : describe(error), { cause: error });
  } finally {
    clearTimeout(timer);
    progress.stop();
    await rm(archive, { force: true });
    await dispatcher?.destroy();
  }
}

async function ask(
  address: string,
  mayAsk: (url: URL) => boolean,
  init: { signal: AbortSignal; dispatcher?: Dispatcher },
) {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (!mayAsk(url)) throw new Error(`${url.origin} is not where the vendor keeps the program`);
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const { ok, status, headers, body } = response;
    if (ok && body) return { json: () => response.json(), headers, body };
    await body?.cancel();
    const location = headers.get('location');
    if (status < 300 || status >= 400 || location === null) throw new Error(`${url.host} answered ${status}`);
    url = new URL(location, url);
  }
  throw new Error(`${url.host} sends on too often`);
}

async function checkSum(archive: string, pinned: string | undefined, report: (line: string) => void): Promise<void> {
  if (pinned === undefined) {
    report('No sum of this archive is pinned: only TLS vouches for it. To pin sums: node scripts/pin-temporal.js');
    return;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const sum = hash.digest('hex');
  if (sum !== pinned) throw new Error(`the archive is not the pinned one: its SHA-256 is ${sum} in place of ${pinned}`);
}

const platform = (): string => ({ win32: 'windows', darwin: 'darwin' })[process.platform as string] ?? 'linux';
const arch = (): string => (process.arch === 'x64' ? 'amd64' : process.arch);
const query = (): string => new URLSearchParams({ arch: arch(), platform: platform(), format: 'tar.gz' }).toString();

function proxyOf(env: NodeJS.ProcessEnv): Dispatcher | undefined {
  const httpsProxy = env.https_proxy || env.HTTPS_PROXY;
  if (!httpsProxy) return undefined;
  return new EnvHttpProxyAgent({ httpsProxy, noProxy: env.no_proxy ?? env.NO_PROXY ?? '' });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** fetch hides the reason ("could not resolve", "connection refused") in the cause; that of several addresses has only a code. */
function describe(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
