/**
 * What a failed call sent and what came back, for operators. Promise: names of fields, numbers, times and the two systems'
 * own words; what people wrote, credentials, addresses and phone numbers are masked. At most 2,000 characters each.
 */
import type { CallExchange } from '../contract/failures';
import { withoutPersonal } from '../personal';
import { readJson } from './read-json';
import { encodeQuery, fillPath } from './encode';
import type { HttpAnswer, HttpRequest } from './http-types';

const LIMIT = 2000;
const MASK = '***';

/** Their values are words of the two systems, wherever they stand. */
const SYSTEM_WORDS =
  /^(status|type|mode|code|field|pointer|parameter|order_by|order_type|filter|include|view|list|sort|per_page|page)$/;
/** Their values are the words in which a refusal is told; in a record they would be what people wrote. */
const COMPLAINTS = /^(message|description|detail|title|error|error_description|reason)$/;
const ID = /(^|_)ids?$|Id$/;
const TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
/** Longer numbers may be phone numbers. */
const LONGEST_NUMBER = 6;

export function exchangeOf(
  request: HttpRequest,
  answer: Pick<HttpAnswer, 'status' | 'body'> | null,
  clean: (text: string) => string = withoutPersonal,
): CallExchange {
  const sent = masked(request.query ?? {}, '', false, clean) as Record<string, string>;
  const line = `${request.method} ${request.prefix ?? ''}${clean(fillPath(request))}${clean(encodeQuery(sent))}`;
  const isRefusal = answer !== null && answer.status >= 300;
  return {
    request: upToLimit(`${line}\n${requestBody(request, clean)}`),
    answer: answer && upToLimit(`${answer.status}\n${answerBody(answer.body, isRefusal, clean)}`),
  };
}

type Clean = (text: string) => string;

function requestBody({ json, form, multipart }: HttpRequest, clean: Clean): string {
  if (multipart) return `a form with ${multipart.length} parts`;
  const body = json ?? form;
  return body === undefined ? '' : JSON.stringify(masked(body, '', false, clean));
}

function answerBody(body: string, isRefusal: boolean, clean: Clean): string {
  const json = readJson(body);
  return json === undefined ? clean(isRefusal ? body : MASK) : JSON.stringify(masked(json, '', isRefusal, clean));
}

/** Deeper than any record of the two systems: a hostile answer must not exhaust the stack. */
const DEEPEST = 12;

/** `key`: under which the value stands. */
function masked(value: unknown, key: string, isRefusal: boolean, clean: Clean, depth = 0): unknown {
  if (value !== null && typeof value === 'object' && depth >= DEEPEST) return MASK;
  const inner = (part: unknown, name: string): unknown => masked(part, name, isRefusal, clean, depth + 1);
  if (Array.isArray(value)) return value.map((item) => inner(item, key));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [clean(name), inner(part, name)]));
  }
  if (typeof value === 'number') return ID.test(key) || digitsOf(value) <= LONGEST_NUMBER ? value : MASK;
  if (typeof value !== 'string' || value === '') return value;
  if (TIME.test(value)) return value;
  return SYSTEM_WORDS.test(key) || (isRefusal && COMPLAINTS.test(key)) ? clean(value) : MASK;
}

const digitsOf = (value: number): number => String(Math.trunc(Math.abs(value))).length;

const upToLimit = (text: string): string => {
  const trimmed = text.trim();
  return trimmed.length > LIMIT ? `${trimmed.slice(0, LIMIT - 1)}…` : trimmed;
};
