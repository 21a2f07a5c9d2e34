/** Bodies as raw bytes, bounded, and read strictly. Promise: own keys only, valid UTF-8, one clear refusal each. */
import type { Request, RequestHandler } from 'express';
import { malformed, unsupportedType } from './problem';
import { readBounded } from './read-bounded';

export const WEBHOOK_LIMIT = { bytes: 1_000_000, words: '1 MB' };

/** No sender nests deeper; what does is made to overflow a stack somewhere behind. */
const DEEPEST = 64;

/** The media type of the request, in lower case and without parameters; empty when there is none. */
export const mediaTypeOf = (request: Request): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Reads the body as bytes of one of the media types; gzip is unpacked under the same limit. */
export function rawBody(types: readonly string[], limit: { bytes: number; words: string }): RequestHandler[] {
  const allowed = types.join(' or ');
  const checkType: RequestHandler = (request, _response, next) =>
    next(types.includes(mediaTypeOf(request)) ? undefined : unsupportedType(allowed));
  const read: RequestHandler = async (request, _response, next) => {
    request.body = await readBounded(request, limit);
    next();
  };
  return [checkType, read];
}

/** A JSON object that may be left out, which means an empty one. */
export function optionalJson(limit: { bytes: number; words: string }): RequestHandler[] {
  const [checkType, read] = rawBody(['application/json'], limit) as [RequestHandler, RequestHandler];
  const hasBody = (request: Request): boolean =>
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  const empty: RequestHandler = (request, _response, next) => {
    request.body = Buffer.from('{}');
    next();
  };
  return [
    (request, response, next) => (hasBody(request) ? checkType : skip)(request, response, next),
    (request, response, next) => (hasBody(request) ? read : empty)(request, response, next),
  ];
}

const skip: RequestHandler = (_request, _response, next) => next();

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
  const text = textOf(request);
  if (depthOf(text) > DEEPEST) throw malformed(`The body is nested deeper than ${DEEPEST} levels.`);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    throw malformed('The body is not JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw malformed('The body is not a JSON object.');
  return value as Record<string, unknown>;
}

/** How deep a JSON text nests; counted before it is parsed, in one pass: an expression would backtrack for minutes. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (inText && char === '\\') at++;
    else if (char === '"') inText = !inText;
    else if (!inText && (char === '{' || char === '[')) deepest = Math.max(deepest, ++depth);
    else if (!inText && (char === '}' || char === ']')) depth--;
  }
  return deepest;
}

/** An own property, or undefined. */
export const own = (object: unknown, key: string): unknown =>
  object !== null && typeof object === 'object' && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;

/** A ticket id given as a number or as numeric text; null for anything else. */
export function ticketIdOf(value: unknown): number | null {
  const isId = typeof value === 'number' || (typeof value === 'string' && /^\s*\d{1,16}\s*$/.test(value));
  const id = isId ? Number(value) : NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}
