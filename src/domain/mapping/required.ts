/** What a work order must hold to be published. Source: Field Nation contract, sections 4.1, 4.2 and 4.4. */
import type { MappingAction } from './action';
import { sourceOf } from './describe';
import type { MappingProblem } from './mapped-order';
import { describe } from './values';

interface Requirement {
  what: string;
  /** Any one of them is enough; the first is the one to name in a remedy. */
  targets: string[];
  example: string;
}

const ALWAYS: Requirement[] = [
  { what: 'a title', targets: ['title'], example: '{ from: ticket.subject }' },
  {
    what: 'a type of work',
    targets: ['types_of_work', 'types_of_work[0].id', 'type_of_work.id'],
    example: '{ static: [{ id: 62, isPrimary: true }] }',
  },
  { what: 'a description', targets: ['description.html'], example: '{ from: ticket.description }' },
  {
    what: 'a start date and time',
    targets: ['schedule.service_window.start.utc', 'schedule.service_window.start.local.date'],
    example: '{ from: ticket.due_by, date: field-nation }',
  },
  {
    what: 'a kind of schedule (exact, hours or between)',
    targets: ['schedule.service_window.mode'],
    example: '{ static: exact }',
  },
  { what: 'a type of pay', targets: ['pay.type'], example: '{ static: fixed }' },
  { what: 'an amount of pay', targets: ['pay.base.amount'], example: '{ static: 150 }' },
  { what: 'units of pay', targets: ['pay.base.units'], example: '{ static: 1 }' },
  {
    what: 'a kind of place (custom, location or remote)',
    targets: ['location.mode'],
    example: '{ static: custom }',
  },
];

const ADDRESS: Requirement[] = (
  [
    ['a street address', 'address1'],
    ['a city', 'city'],
    ['a state', 'state'],
    ['a postal code', 'zip'],
    ['a country', 'country'],
  ] as const
).map(([what, field]) => ({
  what,
  targets: [`location.${field}`],
  example: `{ from: ticket.custom_fields.cf_site_${field === 'address1' ? 'address' : field} }`,
}));

const SAVED_LOCATION: Requirement = {
  what: 'a saved location',
  targets: ['location.saved_location.id'],
  example: '{ static: 1234 }',
};

const END: Requirement = {
  what: 'an end date and time (mode between and hours need one)',
  targets: ['schedule.service_window.end.utc', 'schedule.service_window.end.local.date'],
  example: '{ from: ticket.due_by, date: field-nation }',
};

/**
 * One problem for each thing that is missing, all at once. `present` holds the targets that got a value, `failed` those
 * that have a problem already. With a template of Field Nation's only the title is asked for: the rest may come from it.
 */
export function missingRequired(
  mapping: Readonly<Record<string, MappingAction>>,
  present: ReadonlyMap<string, unknown>,
  failed: ReadonlySet<string>,
): MappingProblem[] {
  return requirements(present)
    .filter(({ targets }) => !targets.some((target) => present.has(target) || failed.has(target)))
    .map((requirement) => problem(requirement, mapping));
}

/** What is there and cannot be: pay of nothing. */
export function impossible(
  mapping: Readonly<Record<string, MappingAction>>,
  present: ReadonlyMap<string, unknown>,
): MappingProblem[] {
  const fault = (target: string, message: string, remedy: string): MappingProblem => {
    const action = Object.hasOwn(mapping, target) ? mapping[target] : undefined;
    const source = action === undefined ? null : sourceOf(action);
    return { target, source, message, value: describe(present.get(target)), remedy };
  };
  return ['pay.base.amount', 'pay.base.units']
    .filter((target) => Number(present.get(target) ?? 1) <= 0)
    .map((target) => fault(target, 'must be above 0', 'correct the field, or the line in the config'));
}

function requirements(present: ReadonlyMap<string, unknown>): Requirement[] {
  if (present.has('template.id') || present.has('defaultTemplateId')) return ALWAYS.slice(0, 1);
  const mode = present.get('location.mode');
  const place = mode === 'remote' ? [] : mode === 'location' ? [SAVED_LOCATION] : ADDRESS;
  const window = present.get('schedule.service_window.mode');
  return [...ALWAYS, ...place, ...(window === 'between' || window === 'hours' ? [END] : [])];
}

function problem({ what, targets, example }: Requirement, mapping: Readonly<Record<string, MappingAction>>) {
  const target = targets.find((name) => Object.hasOwn(mapping, name)) ?? targets[0] ?? '';
  const action = Object.hasOwn(mapping, target) ? mapping[target] : undefined;
  const source = action === undefined ? null : sourceOf(action);
  const remedy =
    action === undefined
      ? `Add a line to workOrder in the config, such as "${target}": ${example}`
      : source === null
        ? `Correct the line "${target}" of workOrder in the config`
        : `Fill in ${source} in the ticket, or correct the line "${target}" of workOrder in the config`;
  return { target, source, message: `The work order lacks ${what}`, value: null, remedy };
}
