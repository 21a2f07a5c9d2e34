/**
 * A request's bytes, at most so many. Promise: one byte too many is refused at once, unpacked or not; the usual readers
 * take in the whole body before they let anybody answer.
 */
import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { malformed, tooLarge, unsupportedType } from './problem';

/** @throws Problem 413, 415 for an encoding other than gzip, or 400 when the body breaks off or cannot be unpacked. */
export function readBounded(request: IncomingMessage, limit: { bytes: number; words: string }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    if (encoding !== 'identity' && encoding !== 'gzip') return reject(unsupportedType('the body plain or gzipped'));
    if (Number(request.headers['content-length'] ?? 0) > limit.bytes) return reject(tooLarge(limit.words));
    const gunzip = encoding === 'gzip' ? createGunzip() : null;
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (problem: Error): void => {
      source.removeAllListeners('data');
      request.unpipe();
      gunzip?.destroy();
      // What still comes is thrown away: a sender in the middle of it would not read the answer otherwise.
      request.resume();
      reject(problem);
    };
    const source = gunzip ?? request;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit.bytes) refuse(tooLarge(limit.words));
      else chunks.push(chunk);
    });
    source.on('end', () => resolve(Buffer.concat(chunks)));
    source.on('error', () => refuse(malformed('The body cannot be read.')));
    request.on('close', () => request.complete || refuse(malformed('The body broke off.')));
    if (gunzip) request.pipe(gunzip);
  });
}
