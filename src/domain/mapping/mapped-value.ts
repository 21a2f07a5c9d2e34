/** The value of one line of the mapping. Promise: free of correlation ids, in the form of its target. */
import { stripCorrelationIds } from '../correlation';
import type { MappingAction } from './action';
import { convert } from './convert';
import { evaluate, NOTHING } from './evaluate';
import type { MappingSources } from './sources';
import type { Target } from './targets';
import { isRefused } from './transforms';
import type { Flowing, Refused } from './transforms';
import { compact, isEmpty } from './values';

/** The value as it goes into the body, free of correlation ids; undefined when there is none. */
export function valueFor(
  target: Target,
  action: MappingAction,
  sources: MappingSources,
  country: string | null,
): Flowing | Refused {
  const evaluated = evaluate(action, { sources, country, into: target.kind.type === 'html' ? 'html' : 'text' });
  if (isRefused(evaluated) || isEmpty(evaluated.value)) return isRefused(evaluated) ? evaluated : NOTHING;
  const converted = convert(evaluated, target.kind);
  if (isRefused(converted)) return converted;
  const value = compact(converted.value, (text) => stripCorrelationIds(text, sources.correlationId));
  return { ...converted, value };
}

/** The country of the address, which its postal code and state go by; null when there is none. */
export function countryOf(mapping: Readonly<Record<string, MappingAction>>, sources: MappingSources): string | null {
  const action = Object.hasOwn(mapping, COUNTRY) ? mapping[COUNTRY] : undefined;
  const found = action && valueFor({ kind: { type: 'country' }, segments: [] }, action, sources, null);
  return found && !isRefused(found) && typeof found.value === 'string' ? found.value : null;
}
const COUNTRY = 'location.country';
