/**
 * What can be said about a mapping before any ticket is seen: wrong targets, sources, templates and values. Used when the
 * config file is checked (interface, section 7), so that `mapping check` names the line.
 */
import { isSupportedCountry } from 'libphonenumber-js';
import { SOURCE_KEYS, TRANSFORM_KEYS } from './action';
import type { Condition, MappingAction, RangeStep } from './action';
import { convert } from './convert';
import { NOTE_SOURCES, pathFault, WORK_ORDER_SOURCES } from './sources';
import type { PathFault } from './sources';
import { isTarget, parseTarget } from './targets';
import type { Target } from './targets';
import { templateFaults } from './template';
import { isRefused } from './transforms';
import { isEmpty, normalize } from './values';

type Key = string | number;

/** A fault and the keys that lead to it. `atKey`: the last key itself is wrong, not what it holds. */
export interface MappingFault extends PathFault {
  path: Key[];
  atKey: boolean;
}

/** Every fault of a mapping, in the order of its lines. */
export function checkMapping(mapping: Readonly<Record<string, MappingAction>>): MappingFault[] {
  const taken = new Map<string, string>();
  const faults = Object.entries(mapping).flatMap(([name, action]): MappingFault[] => {
    const target = parseTarget(name);
    const inside = checkAction(action, [name]);
    if (!isTarget(target)) return [{ ...target, path: [name], atKey: true }, ...inside];
    return [...checkClash(name, target, taken), ...inside, ...checkStatic(action, target, name)];
  });
  return [...faults, ...checkForms(mapping)];
}

/** Every fault of an action of `fields` in `status`, or of one over other sources. */
export const checkFieldAction = (
  action: MappingAction,
  path: Key[],
  roots: readonly string[] = NOTE_SOURCES,
): MappingFault[] => checkAction(action, path, roots);

/** Every fault of a template; `roots` are the sources that it may name. */
export const checkTemplate = (template: string, roots: readonly string[], path: Key[]): MappingFault[] =>
  templateFaults(template, roots).map((fault) => ({ ...fault, path, atKey: false }));

function checkClash(name: string, { segments }: Target, taken: Map<string, string>): MappingFault[] {
  const id = JSON.stringify(segments).toLowerCase().slice(0, -1);
  const other = [...taken].find(([known]) => overlaps(known, id));
  taken.set(id, name);
  if (other === undefined) return [];
  const message = `"${name}" writes where "${other[1]}" writes`;
  return [{ message, hint: 'keep one of the two lines', path: [name], atKey: true }];
}

/** Start and end each in one form: a moment, or a day and a time of day. */
function checkForms(mapping: Readonly<Record<string, MappingAction>>): MappingFault[] {
  return Object.keys(mapping).flatMap((name) => {
    const [, edge] = /^schedule\.service_window\.(start|end)\.local\./.exec(name) ?? [];
    const other = `schedule.service_window.${edge}.utc`;
    if (edge === undefined || !Object.hasOwn(mapping, other)) return [];
    const message = `"${other}" says already when that is`;
    return [{ message, hint: 'keep one form, .utc or .local', path: [name], atKey: true }];
  });
}

const overlaps = (a: string, b: string): boolean => a === b || a.startsWith(`${b},`) || b.startsWith(`${a},`);

/** Fixed values can be tried on their target here and now. */
function checkStatic(action: MappingAction, { kind }: Target, name: string): MappingFault[] {
  const isPlain = TRANSFORM_KEYS.every((key) => action[key] === undefined);
  return (['static', 'default'] as const).flatMap((key) => {
    const value = action[key];
    if (value === undefined || (key === 'static' && !isPlain) || isEmpty(value)) return [];
    const result = convert({ value, html: true }, kind);
    return isRefused(result) ? [{ message: result.message, hint: result.remedy, path: [name, key], atKey: false }] : [];
  });
}

function checkAction(
  action: MappingAction,
  path: Key[],
  roots: readonly string[] = WORK_ORDER_SOURCES,
): MappingFault[] {
  return [
    ...checkSourceCount(action, path),
    ...checkPath(action.from, [...path, 'from'], roots),
    ...(action.template === undefined ? [] : checkTemplate(action.template, roots, [...path, 'template'])),
    ...(action.concat ?? []).flatMap((part, index) => checkAction(part, [...path, 'concat', index], roots)),
    ...(action.first ?? []).flatMap((part, index) => checkAction(part, [...path, 'first', index], roots)),
    ...(action.when === undefined ? [] : checkCondition(action.when, [...path, 'when'], roots)),
    ...checkMap(action.map, [...path, 'map']),
    ...(action.range ?? []).flatMap((step, index) => checkStep(step, [...path, 'range', index])),
    ...checkRegion(action.phone, [...path, 'phone']),
    ...checkSeparator(action, path),
  ];
}

const fault = (path: Key[], message: string, hint: string, atKey = false): MappingFault[] => [
  { message, hint, path, atKey },
];

function checkSourceCount(action: MappingAction, path: Key[]): MappingFault[] {
  const sources = SOURCE_KEYS.filter((key) => action[key] !== undefined);
  if (sources.length === 1) return [];
  const hint = `give it exactly one of ${SOURCE_KEYS.join(', ')}`;
  return sources.length === 0
    ? fault(path, 'the action has no source', hint, true)
    : fault([...path, sources[1] ?? ''], `the action has ${sources.length} sources: ${sources.join(', ')}`, hint, true);
}

function checkPath(text: string | undefined, path: Key[], roots: readonly string[], asValue = true): MappingFault[] {
  const found = text === undefined ? null : pathFault(text, roots, asValue);
  return found === null ? [] : [{ ...found, path, atKey: false }];
}

function checkCondition(condition: Condition, path: Key[], roots: readonly string[]): MappingFault[] {
  return [
    ...checkPath(condition.if, [...path, 'if'], roots, condition.is !== undefined),
    ...checkAction(condition.then, [...path, 'then'], roots),
    ...(condition.else === undefined ? [] : checkAction(condition.else, [...path, 'else'], roots)),
  ];
}

function checkMap(map: MappingAction['map'], path: Key[]): MappingFault[] {
  if (map === undefined) return [];
  const keys = Object.keys(map);
  if (keys.length === 0) return fault(path, 'the map is empty', 'write { value as it comes: value as it goes }');
  const seen = new Map<string, string>();
  return keys.flatMap((key) => {
    const earlier = seen.get(normalize(key));
    seen.set(normalize(key), earlier ?? key);
    if (earlier === undefined) return [];
    return fault(
      [...path, key],
      `"${key}" is the same as "${earlier}"`,
      'keep one; upper and lower case are equal',
      true,
    );
  });
}

function checkStep({ min, below }: RangeStep, path: Key[]): MappingFault[] {
  if (min === undefined || below === undefined || min < below) return [];
  return fault([...path, 'below'], `no number is at least ${min} and below ${below}`, 'below must be above min');
}

function checkRegion(region: string | undefined, path: Key[]): MappingFault[] {
  if (region === undefined || isSupportedCountry(region)) return [];
  return fault(path, `"${region}" is not a region`, 'write two capital letters such as US or GB');
}

function checkSeparator(action: MappingAction, path: Key[]): MappingFault[] {
  if (action.separator === undefined || action.concat !== undefined) return [];
  return fault([...path, 'separator'], 'a separator stands without concat', 'leave it out, or use concat: [...]', true);
}
