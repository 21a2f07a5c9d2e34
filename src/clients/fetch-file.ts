/**
 * Fetches a file from an address that came out of somebody's data. Promise: no credentials go along, no connection is
 * made but to allowed places, each redirect is judged like the first address, and size and time are bounded.
 */
import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { allowedAddress, isPublicAddress, type FileAddress, type FilePlaces } from './file-address';

/** `refused`: an address that may not be fetched; `expired`: its signature is no longer good; the rest speaks for itself. */
export type FetchFailure = 'refused' | 'expired' | 'missing' | 'too-large' | 'unavailable';

/** Never names the address: it may be signed. */
export class FetchFileError extends Error {
  override readonly name = 'FetchFileError';
  constructor(
    readonly reason: FetchFailure,
    message: string,
  ) {
    super(message);
  }
}

/** An answer that has begun. Read `body` once, or call `drop`; what is longer than allowed throws while it is read. */
export interface Download {
  /** Bytes, when the answer tells. */
  size: number | null;
  body: AsyncIterable<Uint8Array>;
  drop(): void;
}

export interface FetchLimits {
  maxBytes: number;
  /** From the first byte sent to the last one read. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export interface FileFetcher {
  /** @throws FetchFileError, or the signal's reason when that aborts. */
  open(address: string, limits: FetchLimits): Promise<Download>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const CONNECT_MS = 10_000;
const REDIRECTS = 2;

export function createFileFetcher(places: FilePlaces, lookup: LookupFunction = dnsLookup): FileFetcher {
  const own = new Agent({ connect: { timeout: CONNECT_MS } });
  const guarded = new Agent({ connect: { timeout: CONNECT_MS, lookup: publicOnly(lookup) } });

  const ask = ({ url, own: isOwn }: FileAddress, signal: AbortSignal): Promise<Dispatcher.ResponseData> =>
    (isOwn ? own : guarded).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: { accept: '*/*', 'accept-encoding': 'identity' },
      signal,
    });

  const open = async (address: string, limits: FetchLimits): Promise<Download> => {
    const { maxBytes, timeoutMs = TIMEOUT_MS } = limits;
    limits.signal?.throwIfAborted();
    const time = AbortSignal.timeout(timeoutMs);
    const signal = limits.signal ? AbortSignal.any([limits.signal, time]) : time;
    let place = judged(address, places);
    for (let hop = 0; ; hop++) {
      const answer = await ask(place, signal).catch((error: unknown) => {
        limits.signal?.throwIfAborted();
        throw faultOf(error);
      });
      const { statusCode: status, headers, body } = answer;
      // Whatever is not read must not keep its connection, nor end the process with its late error.
      const drop = (): void => void body.on('error', () => undefined).destroy();
      if (status === 200) {
        const size = sizeOf(headers);
        if (size !== null && size > maxBytes) {
          drop();
          throw tooLarge();
        }
        return { size, body: bounded(body, maxBytes, limits.signal), drop };
      }
      drop();
      if (status < 300 || status >= 400 || status === 304) throw refusalOf(status);
      if (hop >= REDIRECTS) throw new FetchFileError('refused', 'The file is redirected too often');
      const next = judged(resolve(headers.location, place.url), places);
      if (place.url.protocol === 'https:' && next.url.protocol !== 'https:') throw notAllowed();
      place = next;
    }
  };

  return { open, close: async () => void (await Promise.all([own.close(), guarded.close()])) };
}

/** Reads the first bytes, fewer when the file has fewer, and gives a download of the whole: each byte is fetched once. */
export async function peek(download: Download, bytes: number): Promise<{ head: Uint8Array; whole: Download }> {
  const rest = download.body[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  for (let size = 0; size < bytes;) {
    const next: IteratorResult<Uint8Array, unknown> = await rest.next();
    if (next.done) break;
    begun.push(next.value);
    size += next.value.length;
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* begun;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head: Buffer.concat(begun).subarray(0, bytes), whole: { ...download, body: body() } };
}

function judged(address: string, places: FilePlaces): FileAddress {
  const allowed = allowedAddress(address, places);
  if (allowed === null) throw notAllowed();
  return allowed;
}

const notAllowed = (): FetchFileError => new FetchFileError('refused', 'The address of the file is not an allowed one');
const tooLarge = (): FetchFileError => new FetchFileError('too-large', 'The file is larger than allowed');

function resolve(location: string | string[] | undefined, base: URL): string {
  const target = typeof location === 'string' ? location : '';
  return URL.canParse(target, base.href) ? new URL(target, base).href : '';
}

/** The look-up that the connection itself uses: a name that leads public once and private then has no gap to slip through. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: 4 }] : found;
      if (error) return callback(error, '', 0);
      const first = addresses[0];
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(Object.assign(new Error('not a public address'), { code: 'ENOTPUBLIC' }), '', 0);
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function sizeOf(headers: Dispatcher.ResponseData['headers']): number | null {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

function refusalOf(status: number): FetchFileError {
  if (status === 401 || status === 403) return new FetchFileError('expired', `The file was refused (${status})`);
  if (status === 404 || status === 410) return new FetchFileError('missing', `The file is gone (${status})`);
  return new FetchFileError('unavailable', `The file could not be fetched (${status})`);
}

function faultOf(error: unknown): FetchFileError {
  const code: unknown = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOTPUBLIC') return new FetchFileError('refused', 'The host of the file has no public address');
  return new FetchFileError('unavailable', 'The file could not be fetched: no answer');
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      yield chunk;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof FetchFileError ? error : faultOf(error);
  }
}
