/**
 * The parts of the mapping that set-up offers as choices: which ticket field feeds which target. Promise: pure; a mapping
 * that somebody has written otherwise is changed at the field's name alone, or, where that cannot be found, replaced.
 */
import type { YamlChange } from './yaml-edit';

export interface Slot {
  name: string;
  label: string;
  /** The first one shows what is chosen; the others follow it. */
  targets: readonly string[];
  /** Which of the ticket fields that the first target reads, from 0. */
  index: number;
  required: boolean;
  /** The action for a field where the old one is not recognised; null: it cannot be composed. */
  withField: ((path: string) => Record<string, unknown>) | null;
  /** The actions without a field, by target; null: a field there must be. */
  without: Readonly<Record<string, unknown>> | null;
}

const PREFIX = 'ticket.custom_fields.';
const ADD_ON = `${PREFIX}cf_fsm_`;
const START = 'schedule.service_window.start.utc';
const END = 'schedule.service_window.end.utc';

const plain = (name: string, label: string, target: string, more = {}): Slot => ({
  ...{ name, label, targets: [target], index: 0, required: true },
  ...{ withField: (path) => ({ from: path, ...more }), without: null },
});

export const SLOTS: readonly Slot[] = [
  plain('address', 'Street and number', 'location.address1'),
  plain('city', 'City', 'location.city'),
  plain('state', 'State', 'location.state', { state: true }),
  plain('zip', 'Postal code', 'location.zip', { zip: true }),
  {
    ...plain('country', 'Country', 'location.country', { default: 'US' }),
    ...{ required: false, without: { 'location.country': { static: 'US' } } },
  },
  {
    ...{ name: 'siteName', label: 'Name of the site', targets: ['location.display_name'], index: 0, required: false },
    withField: (path) => ({ first: [path, 'ticket.company.name'] }),
    without: { 'location.display_name': { from: 'ticket.company.name' } },
  },
  {
    ...plain('pay', 'Pay', 'pay.base.amount', { default: 150 }),
    ...{ required: false, without: { 'pay.base.amount': { static: 150 } } },
  },
  {
    ...{ name: 'date', label: 'Date of the visit', targets: [START, END], index: 0, required: false },
    withField: (path) => ({ first: [path, 'ticket.due_by'], date: 'field-nation' }),
    without: {
      [START]: { first: [`${ADD_ON}appointment_start_time`, 'ticket.due_by'], date: 'field-nation' },
      [END]: { from: `${ADD_ON}appointment_end_time`, date: 'field-nation' },
    },
  },
  {
    ...{ name: 'time', label: 'Time of the visit', targets: [START], index: 1, required: false },
    ...{ withField: null, without: null },
  },
];

type WorkOrder = Readonly<Record<string, unknown>>;

interface Leaf {
  /** Within the target. */
  path: (string | number)[];
  value: string;
}

function leavesOf(value: unknown, path: (string | number)[] = []): Leaf[] {
  if (typeof value === 'string') return value.startsWith(PREFIX) ? [{ path, value }] : [];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => leavesOf(one, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...path, key]));
}

/** The ticket field that a slot reads, without `ticket.custom_fields.`; null: none that can be recognised. */
export function chosenField({ targets: [target = ''], index }: Slot, workOrder: WorkOrder): string | null {
  const names = leavesOf(workOrder[target])
    .map(({ value }) => value)
    .filter((value) => !value.startsWith(ADD_ON));
  return [...new Set(names)][index]?.slice(PREFIX.length) ?? null;
}

/** What to change so that the slot reads `field`; null: nothing. */
export function slotChanges(slot: Slot, workOrder: WorkOrder, field: string | null): YamlChange[] {
  const now = chosenField(slot, workOrder);
  if (now === field) return [];
  const at = (target: string, path: (string | number)[], value: unknown): YamlChange => ({
    path: ['workOrder', target, ...path],
    value,
  });
  if (field === null) return Object.entries(slot.without ?? {}).map(([target, value]) => at(target, [], value));
  if (now === null) {
    const [target] = slot.targets;
    return slot.withField && target ? [at(target, [], slot.withField(PREFIX + field))] : [];
  }
  return slot.targets.flatMap((target) =>
    leavesOf(workOrder[target])
      .filter(({ value }) => value === PREFIX + now)
      .map(({ path }) => at(target, path, PREFIX + field)),
  );
}

/** What a target takes where its field is empty, such as the pay; null: the mapping has no such value. */
export function fallbackOf(target: string, workOrder: WorkOrder): string | number | null {
  const { default: value, static: fixed } = (workOrder[target] ?? {}) as { default?: unknown; static?: unknown };
  const found = value ?? fixed;
  return typeof found === 'string' || typeof found === 'number' ? found : null;
}

/** `workOrder` is the one after other changes: the value stands where that has it. */
export function fallbackChanges(target: string, workOrder: WorkOrder, value: string | number): YamlChange[] {
  if (fallbackOf(target, workOrder) === value) return [];
  const action = (workOrder[target] ?? {}) as Record<string, unknown>;
  const key = 'static' in action ? 'static' : 'default';
  return [{ path: ['workOrder', target, key], value }];
}

/** The id of the type of work, where it is one fixed id. */
export function typeOfWorkOf(workOrder: WorkOrder): number | null {
  const { static: fixed } = (workOrder.types_of_work ?? {}) as { static?: unknown };
  const [first] = Array.isArray(fixed) ? (fixed as unknown[]) : [];
  const { id } = (first ?? {}) as { id?: unknown };
  return typeof id === 'number' ? id : null;
}

export const typeOfWorkChanges = (workOrder: WorkOrder, id: number): YamlChange[] =>
  typeOfWorkOf(workOrder) === id
    ? []
    : [{ path: ['workOrder', 'types_of_work'], value: { static: [{ id, isPrimary: true }] } }];
