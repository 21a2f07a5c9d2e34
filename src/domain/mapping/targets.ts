/** What Field Nation's create knows, and which values each of it takes. Source: Field Nation contract, section 4. */
import { didYouMean } from './did-you-mean';
import type { PathFault } from './sources';

/** `text` is one line, `lines` may have several. */
export type TargetKind =
  | {
      type:
        | 'text'
        | 'lines'
        | 'html'
        | 'number'
        | 'boolean'
        | 'country'
        | 'moment'
        | 'date'
        | 'time'
        | 'json'
        | 'customField';
    }
  | { type: 'choice'; choices: readonly string[] };

/** A target path taken apart. `segments` lead to the value in the body; of a custom field it is the id or name. */
export interface Target {
  kind: TargetKind;
  segments: (string | number)[];
}

const kind = (type: Exclude<TargetKind['type'], 'choice'>): TargetKind => ({ type });
const choice = (...choices: string[]): TargetKind => ({ type: 'choice', choices });
const all = (of: TargetKind, prefix: string, ...names: string[]): [string, TargetKind][] =>
  names.map((name) => [prefix + name, of]);

/** `[]` stands for the number of a list item. */
const TARGETS = new Map<string, TargetKind>([
  ...all(kind('text'), '', 'title', 'incident_id'),
  ...all(kind('html'), '', 'description.html', 'confidential.html'),
  ...all(kind('json'), '', 'types_of_work', 'service_types', 'equipments'),
  ...all(kind('json'), '', 'networks.results', 'tasks.results', 'shipments.results', 'contacts.results'),
  ...all(kind('number'), '', 'types_of_work[].id', 'type_of_work.id', 'defaultTemplateId'),
  ...all(kind('boolean'), '', 'types_of_work[].isPrimary', 'require_ontime', 'ignore_template', 'isUniversalTemplate'),
  ...all(kind('boolean'), '', 'allow_counter_offers', 'require_gps', 'printable', 'qualificationsEnabled'),
  ...all(kind('boolean'), '', 'site_revisit.is_revisit'),
  ...all(kind('number'), '', 'manager.id', 'client.id', 'project.id', 'service_contract.id', 'team.id', 'template.id'),
  ...all(choice('custom', 'location', 'remote'), 'location.', 'mode'),
  ...all(kind('text'), 'location.', 'address1', 'address2', 'city', 'state', 'zip', 'display_name'),
  ...all(kind('country'), 'location.', 'country'),
  ...all(kind('number'), 'location.', 'type.id', 'saved_location.id'),
  ...all(choice('exact', 'hours', 'between'), 'schedule.service_window.', 'mode'),
  ...all(kind('moment'), 'schedule.service_window.', 'start.utc', 'end.utc'),
  ...all(kind('date'), 'schedule.service_window.', 'start.local.date', 'end.local.date'),
  ...all(kind('time'), 'schedule.service_window.', 'start.local.time', 'end.local.time'),
  ...all(kind('number'), 'schedule.', 'time_zone.id'),
  ...all(choice('fixed', 'hourly', 'device', 'blended'), 'pay.', 'type'),
  ...all(kind('number'), 'pay.', 'base.amount', 'base.units', 'additional.amount', 'additional.units', 'finance.id'),
  ...all(kind('number'), 'pay.', 'hours'),
  ...all(kind('json'), 'pay.', 'bonuses', 'penalties', 'expenses'),
  ...all(
    choice(
      ...['Project manager', 'Location Contact', 'Resource coordinator'],
      ...['Emergency contact', 'Technical help', 'Check-in / Check-out'],
    ),
    'contacts.results[].',
    'role',
  ),
  ...all(kind('text'), 'contacts.results[].', 'name', 'email', 'phone', 'ext'),
  ...all(kind('lines'), 'contacts.results[].', 'notes'),
  ...all(kind('number'), 'networks.results[].', 'id'),
  ...all(kind('text'), 'networks.results[].', 'name'),
  ...all(kind('number'), 'service_types[].', 'id'),
  ...all(kind('text'), 'service_types[].', 'name'),
  ...all(kind('number'), 'equipments[].', 'id', 'is_required'),
  ...all(kind('text'), 'equipments[].', 'name'),
  ...all(kind('number'), 'tasks.results[].', 'type.id'),
  ...all(kind('text'), 'tasks.results[].', 'group.id', 'label'),
  ...all(kind('lines'), 'tasks.results[].', 'description'),
  ...all(kind('json'), 'tasks.results[].', 'alerts'),
  ...all(kind('text'), 'shipments.results[].', 'name', 'direction'),
  ...all(kind('text'), 'shipments.results[].carrier.', 'name', 'tracking', 'other'),
]);

const CUSTOM_FIELD = 'custom_fields.';
const MOST_ITEMS = 50;
/** Every target that is not a custom field, list items as `[0]`. */
export const KNOWN_TARGETS: readonly string[] = [...TARGETS.keys()].map((pattern) => pattern.replaceAll('[]', '[0]'));

/** Takes a target path apart, or says what is wrong with it. */
export function parseTarget(text: string): Target | PathFault {
  if (text.startsWith(CUSTOM_FIELD)) {
    const name = text.slice(CUSTOM_FIELD.length).trim();
    if (name !== '' && name.length <= 200) return { kind: kind('customField'), segments: ['custom_fields', name] };
    return { message: `"${text}" names no custom field`, hint: 'write custom_fields. and an id or a name' };
  }
  const found = TARGETS.get(text.replace(/\[[0-9]{1,4}\]/g, '[]'));
  if (found === undefined || text.includes('[]')) return unknown(text);
  const segments = text.split('.').flatMap((part): (string | number)[] => {
    const [name = '', ...indexes] = part.split('[');
    return [name, ...indexes.map((index) => Number.parseInt(index, 10))];
  });
  if (segments.some((segment) => typeof segment === 'number' && segment >= MOST_ITEMS)) {
    return { message: `"${text}" has too high a number`, hint: `items are counted from [0] to [${MOST_ITEMS - 1}]` };
  }
  return { kind: found, segments };
}

export const isTarget = (parsed: Target | PathFault): parsed is Target => 'kind' in parsed;

function unknown(text: string): PathFault {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  const guess =
    didYouMean(text, KNOWN_TARGETS) ??
    KNOWN_TARGETS.find((known) => known.split('.').at(-1) === text) ??
    KNOWN_TARGETS.find((known) => known.startsWith(`${text}.`) || known.startsWith(`${text}[`));
  return {
    message: `Field Nation's create does not know "${shown}"`,
    hint: guess === undefined ? 'see the list of targets in docs/mapping.md' : `did you mean "${guess}"?`,
  };
}
