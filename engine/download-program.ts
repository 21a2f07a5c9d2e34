/** The official download: the same service that Temporal's SDKs take their development server from. */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { startProgress } from './progress';
import { PINNED_CLI_VERSION } from './versions';

const SERVICE = 'https://temporal.download/cli';
/** A closed network must cost seconds, not minutes: this long to the archive's first byte, then between bytes. */
const FIRST_BYTE_MS = 20_000;
const STALL_MS = 30_000;

const archiveInfo = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) });

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  isTerminal: boolean;
  service?: string;
  firstByteMs?: number;
}

/** Downloads the pinned version and writes it to `path`; rejects within seconds when the network is closed. */
export async function downloadProgram(path: string, options: DownloadOptions): Promise<void> {
  const { env, report, isTerminal, service = SERVICE, firstByteMs = FIRST_BYTE_MS } = options;
  const deadline = new AbortController();
  let timer = setTimeout(() => deadline.abort(), firstByteMs);
  const dispatcher = proxyOf(env);
  const init = { signal: deadline.signal, ...(dispatcher && { dispatcher }) };
  const archive = join(dirname(path), 'archive.tar.gz');
  let received = 0;
  let total = 0;
  const progress = startProgress({
    describe: () => `Downloading the Temporal server: ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''}`,
    report,
    isTerminal,
  });
  try {
    const info = archiveInfo.parse(await (await get(`${service}/v${PINNED_CLI_VERSION}?${query()}`, init)).json());
    const response = await get(info.archiveUrl, init);
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
    await promisify(execFile)('tar', ['-xzf', archive, '-C', dirname(path), info.fileToExtract]);
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

async function get(url: string, init: { signal: AbortSignal; dispatcher?: Dispatcher }) {
  const response = await fetch(url, init);
  if (!response.ok || !response.body) throw new Error(`${new URL(url).host} answered ${response.status}`);
  return { json: () => response.json(), headers: response.headers, body: response.body };
}

function query(): string {
  const platform = { win32: 'windows', darwin: 'darwin' }[process.platform as string] ?? 'linux';
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return new URLSearchParams({ arch, platform, format: 'tar.gz' }).toString();
}

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
