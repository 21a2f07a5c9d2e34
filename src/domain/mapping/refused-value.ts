/** A value of the work order that Field Nation refused, told by what people know: what was sent, and what it was made of. */
import type { MappingAction } from './action';
import { labelOf } from './agent-words';
import { pathsOf } from './describe';
import type { TicketFieldNames } from './labels';
import { ownValue, splitPath } from './sources';

export interface RefusedValue {
  /** `pay.base.amount was 99, made of "Pay amount"`. */
  sent: string;
  /** What to correct: the fields of the ticket where there are any, and the line of the config file. */
  correct: string;
}

const LONGEST = 80;

/** `pointer` as Field Nation writes it: `/pay/base/amount`, or with dots. Null: it names nothing that was mapped. */
export function refusedValue(
  pointer: string,
  payload: Record<string, unknown>,
  mapping: Readonly<Record<string, MappingAction>>,
  names: TicketFieldNames | undefined,
): RefusedValue | null {
  const segments = splitPath(pointer.replace(/^\//, '').replaceAll('/', '.'));
  const value = segments && ownValue(payload, segments);
  const target = Object.keys(mapping).find((one) => splitPath(one)?.join('.') === segments?.join('.'));
  const action = target === undefined ? undefined : mapping[target];
  if (target === undefined || action === undefined || value === null) return null;
  const fields = pathsOf(action).map((path) => labelOf(path, names));
  const known = [...new Set(fields.filter((field) => field !== null))].join(' or ');
  const told = value === undefined ? 'was not sent' : `was ${JSON.stringify(value).slice(0, LONGEST)}`;
  const line = `${target} under workOrder in the config file`;
  return known === ''
    ? { sent: `${target} ${told}`, correct: line }
    : { sent: `${target} ${told}, made of ${known}`, correct: `${known} in the ticket, or ${line}` };
}
