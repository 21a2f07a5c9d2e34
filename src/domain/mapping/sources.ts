/** Where mapped values come from and how a path reads them: own properties only. Source: interface, section 7. */
import { didYouMean } from './did-you-mean';
import { unfilledHint } from './filled-paths';

/** What a mapping may read. `workOrder`, `provider` and `event` are known to notes only. */
export interface MappingSources {
  /** As fetched, with `requester`, `company`, `tags`, `custom_fields`, `attachments`. */
  ticket: Record<string, unknown>;
  account: string;
  correlationId: string;
  visit: number;
  workOrder?: Record<string, unknown> | undefined;
  provider?: Record<string, unknown> | undefined;
  event?: Record<string, unknown> | undefined;
}

export const WORK_ORDER_SOURCES = ['ticket', 'account', 'correlationId', 'visit'] as const;
export const NOTE_SOURCES = [...WORK_ORDER_SOURCES, 'workOrder', 'provider', 'event'] as const;

const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);
const LONGEST_PATH = 300;

/** Why a path cannot be used, and what to write instead. */
export interface PathFault {
  message: string;
  hint: string;
}

/**
 * The fault of `path` when it may start at one of `roots`; null when it is fine. `asValue`: false where it is only asked
 * whether there is a value.
 */
export function pathFault(path: string, roots: readonly string[], asValue = true): PathFault | null {
  const segments = splitPath(path);
  if (segments === null) {
    return { message: `"${path}" is not a path`, hint: hintFor(path) };
  }
  const forbidden = segments.find((segment) => FORBIDDEN.has(segment));
  if (forbidden !== undefined) return { message: `a path may not go through "${forbidden}"`, hint: 'name a field' };
  const root = segments[0] ?? '';
  if (roots.includes(root)) {
    // The events of contacts are whatever their senders make them.
    const hint = roots.includes('ticket') ? unfilledHint(segments, asValue) : null;
    return hint === null ? null : { message: `nothing ever fills "${path.trim()}"`, hint };
  }
  const guess = didYouMean(root, roots);
  return {
    message: `"${root}" is not a source`,
    hint: guess === null ? `a path starts with one of ${roots.join(', ')}` : `did you mean "${guess}"?`,
  };
}

function hintFor(path: string): string {
  if (path.includes('{{')) return 'text with {{path}} belongs under template';
  // Somebody who writes a field as it is called in Freshdesk.
  if (/^ticket\.custom_fields\..* /.test(path))
    return 'put the label in double quotes: ticket.custom_fields."Site address"';
  return 'write names joined by dots, such as ticket.requester.name; fixed text belongs under static';
}

/** What stands at `path`, or undefined: when it leads nowhere, is malformed, or is not made of own properties. */
export function readPath(path: string, sources: MappingSources): unknown {
  const segments = readableSegments(path);
  if (segments === null || !NOTE_SOURCES.some((root) => root === segments[0])) return undefined;
  const [root, part, name, ...deeper] = segments;
  if (root === 'workOrder' && part === 'customFields' && name !== undefined) {
    return ownValue(sources, [root, part, name.toLowerCase(), ...deeper]);
  }
  const value = ownValue(sources, segments);
  if (value === undefined && path === 'provider.name') return providerName(sources);
  return root === 'workOrder' && part === 'cost' && name === undefined ? step(value, 'total') : value;
}

/** The segments of a path that may be read from any object; null when it is malformed or goes through a prototype. */
export function readableSegments(path: string): string[] | null {
  const segments = splitPath(path);
  return segments?.some((segment) => FORBIDDEN.has(segment)) === true ? null : segments;
}

/** What stands under `root` at these segments, or undefined; own properties only. */
export function ownValue(root: unknown, segments: readonly string[]): unknown {
  let value = root;
  for (const segment of segments) value = step(value, segment);
  return value;
}

function step(value: unknown, segment: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
  if (Array.isArray(value) && !/^[0-9]+$/.test(segment)) return undefined;
  return (value as Record<string, unknown>)[segment];
}

function providerName(sources: MappingSources): string | undefined {
  const parts = [step(sources.provider, 'first_name'), step(sources.provider, 'last_name')];
  const name = parts
    .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
    .map((part) => part.trim())
    .join(' ');
  return name === '' ? undefined : name;
}

/** A name, or anything in double quotes, then numbers of list items, then a dot or the end. */
const SEGMENT = /(?:([A-Za-z0-9_-]+)|"([^"]{1,200})")((?:\[[0-9]{1,4}\])*)(\.|$)/y;

/** `a.b[0]."Two words"` → a, b, 0, Two words; null when it is not a path. */
export function splitPath(path: string): string[] | null {
  if (path.length > LONGEST_PATH) return null;
  const text = path.trim();
  const segments: string[] = [];
  SEGMENT.lastIndex = 0;
  for (;;) {
    const match = SEGMENT.exec(text);
    if (match === null) return null;
    const [, name, quoted, items = '', dot] = match;
    segments.push(name ?? (quoted ?? '').trim(), ...(items.match(/[0-9]+/g) ?? []));
    if (dot === '') return segments;
  }
}
