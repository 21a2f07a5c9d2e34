/** Where mapped values come from and how a path reads them: own properties only. Source: interface, section 7. */
import { didYouMean } from './did-you-mean';

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

/** The fault of `path` when it may start at one of `roots`; null when it is fine. */
export function pathFault(path: string, roots: readonly string[]): PathFault | null {
  const segments = splitPath(path);
  if (segments === null) {
    const hint = path.includes('{{')
      ? 'text with {{path}} belongs under template'
      : 'write names joined by dots, such as ticket.requester.name; fixed text belongs under static';
    return { message: `"${path}" is not a path`, hint };
  }
  const forbidden = segments.find((segment) => FORBIDDEN.has(segment));
  if (forbidden !== undefined) return { message: `a path may not go through "${forbidden}"`, hint: 'name a field' };
  const root = segments[0] ?? '';
  if (roots.includes(root)) return null;
  const guess = didYouMean(root, roots);
  return {
    message: `"${root}" is not a source`,
    hint: guess === null ? `a path starts with one of ${roots.join(', ')}` : `did you mean "${guess}"?`,
  };
}

/** What stands at `path`, or undefined: when it leads nowhere, is malformed, or is not made of own properties. */
export function readPath(path: string, sources: MappingSources): unknown {
  const segments = readableSegments(path);
  if (segments === null || !NOTE_SOURCES.some((root) => root === segments[0])) return undefined;
  const value = ownValue(sources, segments);
  if (value === undefined && path === 'provider.name') return providerName(sources);
  return value;
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

/** `a.b[0].c` → a, b, 0, c; null when it is not a path. */
export function splitPath(path: string): string[] | null {
  if (path.length > LONGEST_PATH) return null;
  const segments: string[] = [];
  for (const part of path.trim().split('.')) {
    const match = /^([A-Za-z0-9_-]+)((?:\[[0-9]{1,4}\])*)$/.exec(part);
    if (match?.[1] === undefined) return null;
    segments.push(match[1], ...(match[2]?.match(/[0-9]+/g) ?? []));
  }
  return segments;
}
