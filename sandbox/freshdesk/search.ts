import { asText } from '../json';
import type { JsonObject } from '../json';
import type { Answer, Call } from '../pipeline';
import { invalid } from './errors';

type Test = (record: JsonObject) => boolean;

const TOKEN = /\s*(\(|\)|AND\b|OR\b|([\w.]+)\s*:([<>]?)\s*('(?:[^'\\]|\\.)*'|[^\s()]+))/y;

/** `GET /search/…`: quotes required, at most 512 characters, 30 a page, 10 pages (Freshdesk contract, section 5). */
export function searchAnswer(
  call: Call,
  fields: readonly string[],
  records: JsonObject[],
  present: (record: JsonObject) => unknown,
): Answer {
  const query = call.query.get('query') ?? '';
  if (!/^".*"$/s.test(query) || query.length > 514) throw refused('query', 'Given query is invalid.');
  const page = Number(call.query.get('page') ?? '1');
  if (!Number.isInteger(page) || page < 1 || page > 10)
    throw refused('page', 'It should be a Positive Integer less than or equal to 10');
  const test = parseQuery(query.slice(1, -1), fields);
  const found = records.filter(test);
  return { status: 200, body: { total: found.length, results: found.slice((page - 1) * 30, page * 30).map(present) } };
}

function parseQuery(text: string, fields: readonly string[]): Test {
  const tokens: RegExpExecArray[] = [];
  const pattern = new RegExp(TOKEN);
  for (let end = 0; end < text.trimEnd().length; end = pattern.lastIndex) {
    pattern.lastIndex = end;
    const token = pattern.exec(text);
    if (token === null) throw refused('query', 'Given query is invalid.');
    tokens.push(token);
  }
  let index = 0;
  const either = (): Test => {
    let left = both();
    while (tokens[index]?.[1] === 'OR') {
      index += 1;
      const [a, b] = [left, both()];
      left = (record) => a(record) || b(record);
    }
    return left;
  };
  const both = (): Test => {
    let left = term();
    while (tokens[index]?.[1] === 'AND') {
      index += 1;
      const [a, b] = [left, term()];
      left = (record) => a(record) && b(record);
    }
    return left;
  };
  const term = (): Test => {
    const token = tokens[index];
    index += 1;
    if (token?.[1] === '(') {
      const inner = either();
      if (tokens[index]?.[1] !== ')') throw refused('query', 'Given query is invalid.');
      index += 1;
      return inner;
    }
    const [, , field, operator, value] = token ?? [];
    if (field === undefined || value === undefined) throw refused('query', 'Given query is invalid.');
    if (!fields.includes(field)) throw refused(field, 'Unexpected/invalid field in request', 'invalid_field');
    return comparison(field, operator ?? '', value);
  };
  const test = either();
  if (index !== tokens.length) throw refused('query', 'Given query is invalid.');
  return test;
}

function comparison(field: string, operator: string, literal: string): Test {
  const wanted = literal.startsWith("'") ? literal.slice(1, -1).replace(/\\(.)/g, '$1') : literal;
  return (record) => {
    const value = record[field];
    const texts = (Array.isArray(value) ? value : [value]).map(asText);
    if (literal === 'null') return texts.every((text) => text === '');
    return texts.some((text) => compare(text, wanted, operator));
  };
}

function compare(text: string, wanted: string, operator: string): boolean {
  if (operator === '') return text.toLowerCase() === wanted.toLowerCase();
  if (text === '') return false;
  const isDate = /^\d{4}-\d{2}-\d{2}/.test(wanted);
  const [a, b] = isDate ? [text.slice(0, wanted.length), wanted] : [Number(text), Number(wanted)];
  return operator === '>' ? a >= b : a <= b;
}

const refused = (field: string, message: string, code = 'invalid_value'): Error => invalid([{ field, message, code }]);
