/**
 * Changes values in the text of a YAML file. Promise: pure; only the values that are meant change, all other text and every
 * comment outside them stays, and the result reads as the old file with exactly these changes.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parse,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

export type YamlPath = readonly (string | number)[];

export interface YamlChange {
  path: YamlPath;
  /** JSON values. */
  value: unknown;
}

/** The text cannot be changed as asked; the message names the key and what to do. */
export class YamlEditError extends Error {
  override readonly name = 'YamlEditError';
}

/** The text with the changes, one after the other. @throws YamlEditError where the file is written in a way that this cannot change. */
export const editYaml = (text: string, changes: readonly YamlChange[]): string => changes.reduce(editOne, text);

function editOne(text: string, { path, value }: YamlChange): string {
  const before = (parse(text) ?? {}) as unknown;
  const result = spliced(text, path, value);
  let after: unknown;
  try {
    after = parse(result);
  } catch {
    after = undefined;
  }
  if (!isDeepStrictEqual(after, withValue(before, path, value)))
    throw new YamlEditError(
      `${path.join('.')}: this key is written in a way that only a person can change. Edit the file.`,
    );
  return result;
}

/** A copy of plain data with one value set. */
function withValue(data: unknown, [key, ...rest]: YamlPath, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data))
    return data.map((one: unknown, index) => (index === key ? withValue(one, rest, value) : one));
  const record = (data ?? {}) as Record<string, unknown>;
  return { ...record, [key]: withValue(record[key], rest, value) };
}

function spliced(text: string, path: YamlPath, value: unknown): string {
  const document = parseDocument(text);
  let node: unknown = document.contents;
  for (const [depth, key] of path.entries()) {
    const next = isMap(node) ? pairOf(node, key) : isSeq(node) ? node.items[Number(key)] : undefined;
    if (next === undefined) return inserted(text, document, node, path.slice(depth), value);
    if (depth === path.length - 1) return replaced(text, next as Pair | Node, value);
    node = isPair(next) ? next.value : next;
  }
  return text;
}

const pairOf = (map: YAMLMap, key: string | number): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));

/** The value's own text; for a block of lines without the blank lines and comments that follow it. */
function extent(text: string, node: Node): [from: number, to: number] {
  const [from, to] = node.range ?? [0, 0];
  const own = text.slice(from, to).replace(/(\s*(\n[ \t]*#[^\n]*)?)*$/, '');
  return [from, from + own.length];
}

function replaced(text: string, at: Pair | Node, value: unknown): string {
  const rendered = inline(value);
  const node = (isPair(at) ? at.value : at) as Node | null;
  if (node?.range === undefined || node.range === null) throw new YamlEditError('This value has no place of its own.');
  const [from, to] = extent(text, node);
  const keyEnd = isPair(at) ? ((at.key as Node).range?.[1] ?? from) : from;
  // A block begins on a line of its own: its value moves up beside the key.
  const colon = text.indexOf(':', keyEnd);
  const begin = isPair(at) && text.slice(colon, from).includes('\n') ? colon + 1 : from;
  const gap = text[begin - 1] === ':' ? ' ' : '';
  return `${text.slice(0, begin)}${gap}${rendered}${text.slice(to)}`;
}

/** A key that is not there: after the last one of its map, or, with the maps around it, at the end of the file. */
function inserted(text: string, document: Document.Parsed, map: unknown, keys: YamlPath, value: unknown): string {
  const [name = '', ...rest] = keys;
  const nested = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const entry = `${scalar(String(name))}: ${inline(nested)}`;
  if (document.contents === null || (isScalar(map) && map.value === null && map === document.contents))
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${entry}\n`;
  const last = isMap(map) ? map.items.at(-1) : undefined;
  if (!isMap(map) || last === undefined) throw new YamlEditError(`${keys.join('.')}: there is no place for this key.`);
  const [, end] = extent(text, (last.value ?? last.key) as Node);
  if (map.flow) return `${text.slice(0, end)}, ${entry}${text.slice(end)}`;
  const keyAt = (last.key as Node).range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf('\n', keyAt - 1) + 1, keyAt);
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n${indent}${entry}${text.slice(at)}`;
}

/** On one line, as people write such files. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const entries = Object.entries(value).map(([key, inner]) => `${scalar(key)}: ${inline(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  if (/^[A-Za-z_][\w.-]*$/.test(value) && parse(value) === value) return value;
  return /['\p{Cc}]/u.test(value) ? JSON.stringify(value) : `'${value}'`;
}
