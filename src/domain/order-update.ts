/**
 * What of a mapped ticket has to be sent again. Promise: only targets whose value differs from what was sent last, each
 * as a whole, since Field Nation replaces collections; a value that was refused is not tried again. Of what was sent only
 * short prints are kept, never the values. Source: interface, section 8; Field Nation contract, section 6.
 */

/** Print of a value by target: a top-level key of the payload, or `custom_fields.<id>`. */
export type Prints = Record<string, string>;

/** Makes a short print of a text. Injected: workflow code has no hash function. */
export type PrintOf = (text: string) => string;

type Payload = Record<string, unknown>;

const CUSTOM_FIELDS = 'custom_fields';

/** What stands for a value that is no longer there; targets that are not named here cannot be emptied. */
const EMPTY: Record<string, unknown> = {
  description: { html: '' },
  confidential: { html: '' },
  incident_id: '',
  contacts: { results: [] },
  networks: { results: [] },
  shipments: { results: [] },
  service_types: [],
  equipments: [],
};

/** The print of a target that has no value. */
const NOTHING = '';

/** The top-level key of the payload that a printed target stands in. */
export const keyOf = (target: string): string => (target.startsWith(`${CUSTOM_FIELDS}.`) ? CUSTOM_FIELDS : target);

/** JSON in which the order of keys says nothing. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

interface FieldValue {
  id: number;
  value: string;
}

/** Custom field values in the nested form that the mapping makes. */
function customValues(payload: Payload): FieldValue[] {
  const fields = payload[CUSTOM_FIELDS] as { results?: { results?: FieldValue[] }[] } | undefined;
  return (fields?.results ?? []).flatMap((group) => group.results ?? []);
}

/** The prints of everything that a payload holds. */
export function printsOf(payload: Payload, printOf: PrintOf): Prints {
  const prints: Prints = {};
  for (const [key, value] of Object.entries(payload)) {
    if (key !== CUSTOM_FIELDS) prints[key] = printOf(canonical(value));
  }
  for (const { id, value } of customValues(payload)) prints[`${CUSTOM_FIELDS}.${id}`] = printOf(value);
  return prints;
}

/** Targets whose value is neither what was sent last nor what was refused. */
export function changedTargets(prints: Prints, sent: Prints, refused: Prints): string[] {
  const targets = [...new Set([...Object.keys(prints), ...Object.keys(sent)])];
  return targets.filter((target) => {
    const print = prints[target] ?? NOTHING;
    return print !== (sent[target] ?? NOTHING) && print !== refused[target];
  });
}

/** The top-level keys to send for these targets, each whole; what lost its value is emptied where that is possible. */
export function patchOf(payload: Payload, targets: readonly string[]): Payload {
  const patch: Payload = {};
  for (const key of new Set(targets.map(keyOf))) {
    if (key === CUSTOM_FIELDS) patch[key] = customFieldsPatch(payload, targets);
    else if (Object.hasOwn(payload, key)) patch[key] = payload[key];
    else if (Object.hasOwn(EMPTY, key)) patch[key] = EMPTY[key];
  }
  return patch;
}

function customFieldsPatch(payload: Payload, targets: readonly string[]): unknown {
  const values = customValues(payload);
  const lost = targets
    .filter((target) => keyOf(target) === CUSTOM_FIELDS)
    .map((target) => Number(target.slice(CUSTOM_FIELDS.length + 1)))
    .filter((id) => !values.some((field) => field.id === id));
  // Field Nation merges custom fields by id: leaving one out would keep its old value.
  return { results: [{ results: [...values, ...lost.map((id) => ({ id, value: '' }))] }] };
}

const under = (key: string, ...prints: Prints[]): string[] =>
  [...new Set(prints.flatMap(Object.keys))].filter((target) => keyOf(target) === key);

/** The prints of what the order holds after these keys were taken. */
export function afterSending(sent: Prints, prints: Prints, keys: readonly string[]): Prints {
  const after = { ...sent };
  for (const target of keys.flatMap((key) => under(key, sent, prints))) {
    const print = prints[target];
    if (print === undefined) delete after[target];
    else after[target] = print;
  }
  return after;
}

/** The refused values after these keys were refused. */
export function afterRefusal(refused: Prints, sent: Prints, prints: Prints, keys: readonly string[]): Prints {
  const after = { ...refused };
  for (const target of keys.flatMap((key) => under(key, sent, prints))) {
    const print = prints[target] ?? NOTHING;
    if (print !== (sent[target] ?? NOTHING)) after[target] = print;
  }
  return after;
}

/** The keys of a patch that complaints name by JSON pointer or path (`/pay/base/amount`, `schedule.mode`). */
export function namedKeys(patch: Payload, pointers: readonly (string | null)[]): string[] {
  const named = new Set(pointers.map((pointer) => pointer?.split(/[/.[]/).find((part) => part !== '')));
  return Object.keys(patch).filter((key) => named.has(key));
}
