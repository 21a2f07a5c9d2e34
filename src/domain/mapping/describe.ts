import { TRANSFORM_KEYS, SOURCE_KEYS } from './action';
import type { MappingAction } from './action';
import { templatePaths } from './template';

/** The paths that an action reads, for people: `ticket.priority`, or several joined by `, `; null when it reads none. */
export function sourceOf(action: MappingAction): string | null {
  const paths = [...new Set(pathsOf(action))];
  return paths.length === 0 ? null : paths.join(', ');
}

/** Every path that a mapping may read, so that only what it needs is fetched: `ticket.requester.name` and the like. */
export const mappingPaths = (mapping: Readonly<Record<string, MappingAction>>): string[] => [
  ...new Set(Object.values(mapping).flatMap(pathsOf)),
];

/** Every path that an action may read, its inner actions included. */
export function pathsOf(action: MappingAction): string[] {
  const inner = [...(action.concat ?? []), ...(action.first ?? [])];
  if (action.when !== undefined) inner.push(action.when.then, ...(action.when.else ? [action.when.else] : []));
  return [
    ...(action.from === undefined ? [] : [action.from]),
    ...(action.template === undefined ? [] : templatePaths(action.template)),
    ...(action.when === undefined ? [] : [action.when.if]),
    ...inner.flatMap(pathsOf),
  ];
}

/** What an action does, in the words of the config file: `from, map, default`. */
export const nameOf = (action: MappingAction): string =>
  [...SOURCE_KEYS, ...TRANSFORM_KEYS, 'default' as const].filter((key) => action[key] !== undefined).join(', ');
