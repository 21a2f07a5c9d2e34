/**
 * To whom an order is routed, by the config or by a ticket's value. Promise: pure and total; an order goes to nobody who is
 * not named, and to the marketplace only where the word `publish` says so. Source: Field Nation contract, section 7.
 */
import type { MappingAction } from './action';
import type { MappingFault } from './check';
import { sourceOf } from './describe';
import { evaluate } from './evaluate';
import type { MappingProblem } from './mapped-order';
import type { MappingSources } from './sources';
import { isRefused } from './transforms';
import { asText, describe, isEmpty, normalize } from './values';

/** A Field Nation provider id, several, or an action that yields one, several, or `publish`. */
export type RouteSetting = number | number[] | MappingAction;

/** What is known of a ticket at every look at it. */
export const ROUTE_SOURCES = ['ticket', 'account'] as const;

const TARGET = 'dispatch.routeTo';
const NO_ID = 'is not a Field Nation provider id';
const REMEDY = 'name a provider id, several, or publish, which offers the order to the marketplace';

/** Provider ids, or `publish`; a problem when the ticket names neither. */
export function routeOf(setting: RouteSetting, sources: MappingSources): number[] | 'publish' | MappingProblem {
  if (typeof setting === 'number') return [setting];
  if (Array.isArray(setting)) return [...new Set(setting)];
  const source = sourceOf(setting);
  const result = evaluate(setting, { sources, into: 'text' });
  if (isRefused(result)) {
    return { target: TARGET, source, message: result.message, value: describe(result.value), remedy: result.remedy };
  }
  if (isEmpty(result.value)) {
    const message = 'The ticket names no provider to route to';
    const remedy = 'fill in the field that dispatch.routeTo reads, or give dispatch.routeTo a default';
    return { target: TARGET, source, message, value: null, remedy };
  }
  const value = describe(result.value);
  return meant(result.value) ?? { target: TARGET, source, message: `The value ${NO_ID}`, value, remedy: REMEDY };
}

/** Null for what is neither. */
function meant(value: unknown): number[] | 'publish' | null {
  const text = asText(value) ?? '';
  if (normalize(text) === 'publish') return 'publish';
  const ids = text.split(/[,;\s]+/).filter((part) => part !== '');
  const isId = (id: string): boolean => /^[1-9][0-9]{0,14}$/.test(id);
  return ids.length > 0 && ids.every(isId) ? [...new Set(ids.map(Number))] : null;
}

/** Fixed values of the action that mean neither. */
export function checkRouteValues(action: MappingAction): MappingFault[] {
  const mapped = Object.entries(action.map ?? {}).map(([key, value]): [(string | number)[], unknown] => [
    ['map', key],
    value,
  ]);
  const steps = (action.range ?? []).map(({ value }, index): [(string | number)[], unknown] => [
    ['range', index, 'value'],
    value,
  ]);
  const isMapped = mapped.length + steps.length > 0;
  const fixed: [(string | number)[], unknown][] = [
    ...(action.static === undefined || isMapped ? [] : [[['static'], action.static] as [string[], unknown]]),
    ...(action.default === undefined ? [] : [[['default'], action.default] as [string[], unknown]]),
  ];
  return [...fixed, ...mapped, ...steps]
    .filter(([, value]) => meant(value) === null)
    .map(([path, value]) => ({ message: `"${describe(value)}" ${NO_ID}`, hint: REMEDY, path, atKey: false }));
}
