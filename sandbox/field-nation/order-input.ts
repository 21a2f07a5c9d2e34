import { asArray, asNumber, asObject, asText, at, isObject } from '../json';
import type { JsonObject } from '../json';
import { CLIENTS, CUSTOM_FIELDS, LOCATIONS, MANAGERS, PROJECTS, TEMPLATES, TYPES_OF_WORK } from './catalog';
import type { ErrorDetail } from './errors';
import { offsetMinutes, parseUtc, zoneOf, type SiteZone } from './times';
import type { Schedule, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

/** Attributes kept and given back as sent (section 4). */
const EXTRA = [
  'require_ontime',
  'service_contract',
  'team',
  'networks',
  'service_types',
  'equipments',
  'shipments',
  'incident_id',
  'site_revisit',
  'allow_counter_offers',
  'require_gps',
  'printable',
  'qualificationsEnabled',
  'policy_and_procedures',
  'standard_instructions',
] as const;
const KNOWN = new Set<string>([
  ...EXTRA,
  'title',
  'description',
  'confidential',
  'types_of_work',
  'type_of_work',
  'location',
  'schedule',
  'pay',
  'custom_fields',
  'contacts',
  'manager',
  'client',
  'project',
  'template',
  'tasks',
  'ignore_template',
  'defaultTemplateId',
  'isUniversalTemplate',
  'auto_dispatch_rule',
  'smart_audit_rule_id',
]);
const PAY_TYPES = ['fixed', 'hourly', 'device', 'blended'];
const MODES = ['exact', 'hours', 'between'] as const;

/** Complaints about what is sent; what is not sent is not complained about (Field Nation contract 4.1 to 4.3). */
export function checkInput(world: FieldNationWorld, body: JsonObject, ownId: number | null): ErrorDetail[] {
  const errors: ErrorDetail[] = [];
  if (body['title'] !== undefined && asText(body['title']).trim() === '') {
    errors.push({ detail: 'title must not be empty.', pointer: '/title' });
  }
  if (world.knobs.unknownAttributes === 'rejected') {
    for (const key of Object.keys(body)) {
      if (!KNOWN.has(key)) errors.push({ detail: `${key} is not known.`, pointer: `/${key}` });
    }
  }
  errors.push(
    ...checkTypes(body),
    ...checkLocation(body['location']),
    ...checkSchedule(body['schedule']),
    ...checkPay(body['pay'], world.knobs.leastPay),
  );
  errors.push(...checkReferences(body), ...checkCustomValues(world, body, ownId));
  return errors;
}

/** Takes over what is sent: collections are replaced, custom field values merged by id (section 6). */
export function applyInput(order: WorkOrder, body: JsonObject): void {
  if (body['title'] !== undefined) order.title = asText(body['title']).trim();
  if (body['description'] !== undefined) order.description = htmlOf(body['description']);
  if (body['confidential'] !== undefined) order.confidential = htmlOf(body['confidential']);
  if (typesOf(body) !== null) order.typesOfWork = typesOf(body) ?? [];
  if (isObject(body['location'])) order.location = resolveLocation(body['location']);
  if (isObject(body['schedule']))
    order.schedule = parseSchedule(body['schedule'], zoneOf(asText(order.location?.['state']))) ?? order.schedule;
  if (isObject(body['pay'])) order.pay = body['pay'];
  if (isObject(body['contacts'])) {
    order.contacts = asArray(body['contacts']['results']).map((contact, index) => ({
      id: index + 1,
      ...asObject(contact),
    }));
  }
  for (const { id, value } of customValuesOf(body)) order.customValues[String(id)] = asText(value);
  order.managerId = referenceOf(body, 'manager') ?? order.managerId;
  order.clientId = referenceOf(body, 'client') ?? order.clientId;
  order.projectId = referenceOf(body, 'project') ?? order.projectId;
  order.templateId = referenceOf(body, 'template') ?? order.templateId;
  if (isObject(body['tasks'])) {
    order.tasks = asArray(body['tasks']['results']).map((task, index) => ({
      id: index + 1,
      type: 'task',
      label: asText(asObject(task)['label']) || asText(asObject(task)['description']),
      completed: null,
    }));
  }
  for (const key of EXTRA) if (body[key] !== undefined) order.extra[key] = body[key];
}

/** What publishing needs (4.4). */
export function missingForPublish(order: WorkOrder): ErrorDetail[] {
  const needed: [string, boolean][] = [
    ['title', order.title !== ''],
    ['types_of_work', order.typesOfWork.length > 0],
    ['location', order.location !== null],
    ['schedule/service_window/start', order.schedule !== null],
    ['pay', order.pay !== null],
  ];
  return needed
    .filter(([, there]) => !there)
    .map(([path]) => ({ detail: `${path} is required.`, pointer: `/${path}` }));
}

/** The custom field values of a write, in the nested form and in the flat one. */
export function customValuesOf(body: JsonObject): { id: number | null; value: unknown; pointer: string }[] {
  const groups = asArray(asObject(body['custom_fields'])['results']);
  return groups.flatMap((group, outer) => {
    const nested = asObject(group)['results'];
    const items = Array.isArray(nested) ? (nested as unknown[]) : [group];
    return items.map((item, inner) => ({
      id: asNumber(asObject(item)['id']),
      value: asObject(item)['value'],
      pointer: `/custom_fields/results/${outer}${Array.isArray(nested) ? `/results/${inner}` : ''}`,
    }));
  });
}

function checkTypes(body: JsonObject): ErrorDetail[] {
  if (body['types_of_work'] !== undefined && !Array.isArray(body['types_of_work'])) {
    return [{ detail: 'types_of_work must be a list.', pointer: '/types_of_work' }];
  }
  const types = typesOf(body) ?? [];
  const errors = types.flatMap(({ id }, index) =>
    TYPES_OF_WORK.some((type) => type.id === id)
      ? []
      : [{ detail: 'There is no such type of work.', pointer: `/types_of_work/${index}/id` }],
  );
  if (types.length > 1 && types.filter(({ isPrimary }) => isPrimary).length !== 1) {
    errors.push({ detail: 'Exactly one type of work must be primary.', pointer: '/types_of_work' });
  }
  return errors;
}

function typesOf(body: JsonObject): WorkOrder['typesOfWork'] | null {
  if (Array.isArray(body['types_of_work'])) {
    const items = body['types_of_work'].map(asObject);
    return items.map((item) => ({
      id: asNumber(item['id']) ?? 0,
      isPrimary: item['isPrimary'] === true || items.length === 1,
    }));
  }
  const single = asNumber(at(body, 'type_of_work.id'));
  return single === null ? null : [{ id: single, isPrimary: true }];
}

function checkLocation(value: unknown): ErrorDetail[] {
  if (value === undefined || value === null) return [];
  const location = asObject(value);
  const mode = location['mode'];
  if (mode === 'remote') return [];
  if (mode === 'location') {
    const id = asNumber(at(location, 'saved_location.id'));
    return LOCATIONS.some((saved) => saved.id === id)
      ? []
      : [{ detail: 'There is no such location.', pointer: '/location/saved_location/id' }];
  }
  if (mode !== 'custom') return [{ detail: 'mode must be custom, location or remote.', pointer: '/location/mode' }];
  return ['address1', 'city', 'state', 'zip', 'country']
    .filter((field) => asText(location[field]).trim() === '')
    .map((field) => ({ detail: `${field} is required.`, pointer: `/location/${field}` }));
}

const resolveLocation = (location: JsonObject): JsonObject => {
  const id = asNumber(at(location, 'saved_location.id'));
  const saved = location['mode'] === 'location' ? LOCATIONS.find((candidate) => candidate.id === id) : undefined;
  return saved === undefined ? location : { ...saved, display_name: saved.name, ...location };
};

function checkSchedule(value: unknown): ErrorDetail[] {
  if (value === undefined || value === null) return [];
  const base = '/schedule/service_window';
  const window = asObject(asObject(value)['service_window']);
  const mode = MODES.find((candidate) => candidate === window['mode']);
  if (mode === undefined) return [{ detail: 'mode must be exact, hours or between.', pointer: `${base}/mode` }];
  const start = momentOf(window, 'start', UTC);
  const end = momentOf(window, 'end', UTC);
  if (start === null) return [{ detail: 'start must be a UTC or a local time.', pointer: `${base}/start/utc` }];
  if (mode === 'exact') return [];
  if (end === null) return [{ detail: 'end must be a UTC or a local time.', pointer: `${base}/end/utc` }];
  return end < start ? [{ detail: 'end must not be before start.', pointer: `${base}/end/utc` }] : [];
}

const UTC: SiteZone = { id: 0, name: 'UTC' };

/** `{ utc }`, or `{ local: { date, time } }` by the clock of the site. */
function momentOf(window: JsonObject, edge: 'start' | 'end', zone: SiteZone): number | null {
  const utc = parseUtc(asText(at(window, `${edge}.utc`)));
  if (utc !== null) return utc;
  const local = parseUtc(`${asText(at(window, `${edge}.local.date`))} ${asText(at(window, `${edge}.local.time`))}`);
  return local === null ? null : local - offsetMinutes(local, zone) * 60_000;
}

function parseSchedule(value: JsonObject, zone: SiteZone): Schedule | null {
  const window = asObject(value['service_window']);
  const mode = MODES.find((candidate) => candidate === window['mode']);
  const start = momentOf(window, 'start', zone);
  if (mode === undefined || start === null) return null;
  return { mode, start, end: momentOf(window, 'end', zone) };
}

function checkPay(value: unknown, least: number): ErrorDetail[] {
  if (value === undefined || value === null) return [];
  const pay = asObject(value);
  const errors: ErrorDetail[] = [];
  if (!PAY_TYPES.includes(asText(pay['type'])))
    errors.push({ detail: `type must be one of ${PAY_TYPES.join(', ')}.`, pointer: '/pay/type' });
  for (const field of ['amount', 'units']) {
    const amount = at(pay, `base.${field}`);
    if (typeof amount !== 'number' || amount <= 0)
      errors.push({ detail: `${field} must be a positive number.`, pointer: `/pay/base/${field}` });
  }
  if (Number(at(pay, 'base.amount')) < least)
    errors.push({ detail: `amount must be at least ${least}.`, pointer: '/pay/base/amount' });
  return errors;
}

function checkReferences(body: JsonObject): ErrorDetail[] {
  const lists: [string, readonly { id: number }[]][] = [
    ['manager', MANAGERS],
    ['client', CLIENTS],
    ['project', PROJECTS],
    ['template', TEMPLATES],
  ];
  return lists.flatMap(([key, items]) => {
    if (body[key] === undefined || body[key] === null) return [];
    const id = referenceOf(body, key);
    return items.some((item) => item.id === id) ? [] : [{ detail: `There is no such ${key}.`, pointer: `/${key}/id` }];
  });
}

const referenceOf = (body: JsonObject, key: string): number | null => asNumber(at(body, `${key}.id`));

function checkCustomValues(world: FieldNationWorld, body: JsonObject, ownId: number | null): ErrorDetail[] {
  return customValuesOf(body).flatMap(({ id, value, pointer }): ErrorDetail[] => {
    const field = CUSTOM_FIELDS.find((candidate) => candidate.id === id);
    if (field === undefined) return [{ detail: 'There is no such custom field.', pointer: `${pointer}/id` }];
    if (typeof value !== 'string') return [{ detail: 'The value must be a text.', pointer: `${pointer}/value` }];
    if (field.type === 'predefined' && value !== '' && !field.options.includes(value)) {
      return [{ detail: `The value must be one of ${field.options.join(', ')}.`, pointer: `${pointer}/value` }];
    }
    const taken =
      world.knobs.enforceUniqueFields &&
      field.unique &&
      value !== '' &&
      world.orders.all().some((order) => order.id !== ownId && order.customValues[field.id] === value);
    return taken ? [{ detail: 'Another work order has this value.', pointer: `${pointer}/value` }] : [];
  });
}

const htmlOf = (value: unknown): string => (typeof value === 'string' ? value : asText(asObject(value)['html']));
