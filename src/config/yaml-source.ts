/** Reads YAML into plain values without trusting it, and knows afterwards where each of them stood. */
import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, ErrorCode, Node, Pair } from 'yaml';

export type Path = readonly (string | number)[];

/** A fault of the text itself; `offset` counts characters from the start. */
export interface TextFault {
  path: Path;
  offset: number;
  message: string;
  hint: string;
  /** The rest of the file can be read all the same, so that all its problems are named at once. */
  harmless?: boolean;
}

export interface Place {
  line: number;
  column: number;
}

/** `value` is undefined when the text could not be read at all. */
export interface YamlSource {
  value: unknown;
  faults: TextFault[];
  /** The place of an offset in the text. */
  place(offset: number): Place;
  /** Where `path` stands, or the nearest thing around it that is there; `atKey` prefers the key to its value. */
  offsetOf(path: Path, atKey: boolean): number;
}

const DEEPEST = 40;
const MOST_ALIASES = 20;
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  // Two equal keys are looked for below: the library compares each with each, which takes minutes in a large file.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const source = { place, offsetOf: (path: Path, atKey: boolean) => offsetOf(document, path, atKey) };
  const faults = [...syntaxFaults(document), ...treeFaults(document.contents, [], { names: new Set(), aliases: 0 })];
  if (faults.some(({ harmless }) => harmless !== true)) return { ...source, value: undefined, faults };
  try {
    return { ...source, value: document.toJS({ maxAliasCount: MOST_ALIASES }), faults };
  } catch {
    const message = 'the anchors and aliases of this file expand too far, or lead in a circle';
    const offset = Math.max(0, text.search(/[ [{,]\*/) + 1);
    return { ...source, value: undefined, faults: [{ path: [], offset, message, hint: 'write the values out' }] };
  }
}

function syntaxFaults(document: Document.Parsed): TextFault[] {
  return [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    path: [],
    offset: pos[0],
    message: `not YAML: ${message}`,
    hint:
      (HINTS as Partial<Record<ErrorCode, string>>)[code] ??
      'check indentation, quotes and brackets here and in the line above',
  }));
}

const HINTS = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_ALIAS: 'put text that begins with * in quotes',
  TAG_RESOLVE_FAILED: 'put text that begins with ! in quotes',
  RESOURCE_EXHAUSTION: 'nest less deeply',
  MULTIPLE_DOCS: 'keep one document; take the line --- out',
} satisfies Partial<Record<ErrorCode, string>>;

interface Anchors {
  names: Set<string>;
  aliases: number;
}

/**
 * What YAML allows and this file does not: keys twice, keys that are no text or reach into objects, too deep nesting,
 * many aliases.
 */
function treeFaults(node: unknown, path: Path, anchors: Anchors): TextFault[] {
  if (!isNode(node)) return [];
  const at = (message: string, hint: string): TextFault[] => [{ path, offset: node.range?.[0] ?? 0, message, hint }];
  if (path.length > DEEPEST) return at('nested too deep', 'nest less deeply');
  if (isAlias(node)) {
    anchors.aliases += 1;
    if (!anchors.names.has(node.source)) return at(`*${node.source} names no anchor`, HINTS.BAD_ALIAS);
    return anchors.aliases === MOST_ALIASES + 1 ? at('too many aliases', 'write the values out') : [];
  }
  if (isScalar(node) || isCollection(node)) anchors.names.add(node.anchor ?? '');
  if (isSeq(node)) return node.items.flatMap((item, index) => treeFaults(item, [...path, index], anchors));
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap((pair) => [
    ...keyFaults(pair, path, seen),
    ...treeFaults(pair.value, [...path, keyOf(pair) ?? ''], anchors),
  ]);
}

function keyFaults(pair: Pair, path: Path, seen: Set<string>): TextFault[] {
  const offset = offsetOfKey(pair) ?? 0;
  const key = keyOf(pair);
  if (key === null) return [{ path, offset, message: 'this key is not text', hint: 'write a plain name' }];
  const at = { path: [...path, key], offset };
  if (FORBIDDEN.has(key)) return [{ ...at, message: `"${key}" may not be a key`, hint: 'choose another name' }];
  // YAML tells 1 and "1" apart, an object does not.
  const twice = seen.has(key);
  seen.add(key);
  const message = 'this key is here twice';
  return twice ? [{ ...at, message, hint: 'keep one of the two', harmless: true }] : [];
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let key = 0;
  let value = offsetOfNode(node) ?? 0;
  for (const name of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(name));
      if (pair === undefined) break;
      next = pair.value;
      key = offsetOfKey(pair) ?? value;
    } else if (isSeq(node) && typeof name === 'number' && name < node.items.length) {
      next = node.items[name];
      key = offsetOfNode(next) ?? value;
    } else break;
    node = next;
    value = offsetOfNode(node) ?? key;
  }
  return atKey || !isScalar(node) ? key : value;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'range' in value;

const offsetOfNode = (node: unknown): number | null => (isNode(node) ? (node.range?.[0] ?? null) : null);

const offsetOfKey = (pair: Pair): number | null => offsetOfNode(pair.key);

const keyOf = ({ key }: Pair): string | null => (isScalar(key) && !isEmptyKey(key.value) ? String(key.value) : null);

const isEmptyKey = (key: unknown): boolean => key === null || typeof key === 'object';
