/** Bodies as raw bytes, bounded, and read strictly. Promise: own keys only, valid UTF-8, one clear refusal each. */
import express, { type Request, type RequestHandler } from 'express';
import { malformed, unsupportedType } from './problem';

export const WEBHOOK_LIMIT = { bytes: 1_000_000, words: '1 MB' };

/** Reads the body as bytes of one of the media types; gzip is unpacked under the same limit. */
export function rawBody(types: readonly string[], limit: { bytes: number }): RequestHandler[] {
  const allowed = types.join(' or ');
  const checkType: RequestHandler = (request, _response, next) => {
    const given = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    next(types.includes(given) ? undefined : unsupportedType(allowed));
  };
  return [checkType, express.raw({ type: () => true, limit: limit.bytes })];
}

/** The raw bytes; empty when there was no body. */
export const bytesOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

/** The text of the body. @throws Problem 400 when it is not UTF-8. */
export function textOf(request: Request): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(request));
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** The body as a JSON object. @throws Problem 400. */
export function jsonObjectOf(request: Request): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(request)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('The body is not JSON.');
    throw error;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw malformed('The body is not a JSON object.');
  return value as Record<string, unknown>;
}

/** An own property, or undefined. */
export const own = (object: unknown, key: string): unknown =>
  object !== null && typeof object === 'object' && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
