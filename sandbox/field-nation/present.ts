import { createHash } from 'node:crypto';

import { asText } from '../json';
import type { JsonObject } from '../json';
import { plainText } from '../html';
import type { Knobs } from '../knobs';
import {
  API_USER,
  CLIENTS,
  COMPANY,
  CUSTOM_FIELDS,
  MANAGERS,
  personName,
  PROJECTS,
  PROVIDERS,
  TAGS,
  TEMPLATES,
  TYPES_OF_WORK,
} from './catalog';
import type { Provider } from './catalog';
import { hoursOf, presentPay } from './pay';
import { actionsOf, statusName } from './states';
import { offsetMinutes, timeObject, zoneOf } from './times';
import type { SiteZone } from './times';
import type { Folder, Message, OrderFile, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

/** The full work order in REST v2 shape (Field Nation contract 4.6 and 5), dressed as the knobs ask for. */
export function presentOrder(world: FieldNationWorld, order: WorkOrder): JsonObject {
  const zone = siteZone(order);
  const time = (ms: number): unknown => timeObject(ms, zone);
  const provider = PROVIDERS.find(({ id }) => id === order.assigneeId);
  return dress(world.knobs, {
    id: order.id,
    work_order_id: order.id,
    title: order.title,
    href: `${world.root}/workorders/${order.id}`,
    status: presentStatus(order, world.knobs.statusForm),
    types_of_work: order.typesOfWork.map(({ id, isPrimary }) => ({ id, name: nameOf(TYPES_OF_WORK, id), isPrimary })),
    description: { html: order.description, markdown: plainText(order.description) },
    confidential: { html: order.confidential },
    location: presentLocation(order),
    schedule: presentSchedule(order),
    pay: presentPay(order, time),
    assignee: {
      user:
        provider === undefined
          ? null
          : {
              ...nameOfPerson(provider),
              country: 'US',
              cell: provider.phone,
              phone: provider.phone,
              phone_ext: null,
              thumbnail: null,
            },
      status_id: provider === undefined ? null : order.status.id,
      work_order_id: order.id,
    },
    company: COMPANY,
    manager: MANAGERS.find(({ id }) => id === order.managerId) ?? null,
    client: named(CLIENTS, order.clientId),
    project: named(PROJECTS, order.projectId),
    template: named(TEMPLATES, order.templateId),
    contacts: collection(order.contacts),
    custom_fields: presentCustomFields(order, world.knobs.customFieldForm),
    tags: collection(TAGS.filter(({ id }) => order.tagIds.includes(id))),
    attachments: presentFolders(world, order),
    messages: { metadata: { total: world.messagesOf(order.id).length } },
    tasks: collection(
      order.tasks.map((task) => ({
        id: task.id,
        type: { name: task.type },
        label: task.label,
        status: task.completed === null ? 'incomplete' : 'complete',
        completed: task.completed === null ? null : time(task.completed),
      })),
    ),
    time_logs: {
      hours: hoursOf(order),
      results: order.timeLogs.map((log) => ({
        id: log.id,
        status: log.out === null ? 'checked_in' : 'checked_out',
        in: { created: time(log.in) },
        out: log.out === null ? null : { created: time(log.out) },
        hours: hoursOf({ timeLogs: [log] }),
      })),
    },
    signatures: collection([]),
    problems: {
      sum: {
        active: order.problems.filter(({ resolved }) => resolved === null).length,
        resolved: order.problems.filter(({ resolved }) => resolved !== null).length,
      },
      results: order.problems.map((problem) => ({
        id: problem.id,
        type: { name: problem.type },
        comments: problem.comments,
        author: { id: problem.authorId, name: personName(problem.authorId) },
        created: time(problem.created),
      })),
    },
    milestones: Object.fromEntries(Object.entries(order.milestones).map(([name, ms]) => [name, time(ms)])),
    routes: {
      sum: { all: order.routed.length },
      results: order.routed.map((id) => ({ user: { id, name: personName(id) } })),
    },
    publish_stats: { requests: order.requested.length },
    closing_notes: order.closingNotes,
    cancel_reason: order.cancelReason === '' ? null : order.cancelReason,
    ...order.extra,
    actions: actionsOf(order),
    correlation_id: changeTag(order),
  }) as JsonObject;
}

/** The status object of section 14. */
export function presentStatus(order: WorkOrder, form: Knobs['fieldNation']['statusForm']): JsonObject {
  const { id, sub, confirmed, delay } = order.status;
  const name = statusName(id);
  const display = sub === '' ? name : form === 'combined' ? `${name}: ${sub}` : sub;
  return {
    id,
    name,
    display,
    code: form === 'combined' ? '' : sub.toLowerCase().replace(/ /g, '_'),
    sub_status: form === 'sub_status' ? sub : '',
    is_routed: order.routed.length > 0,
    confirmed,
    delay,
    ncns: false,
    correlation_id: changeTag(order),
  };
}

export function presentSchedule(order: WorkOrder): JsonObject | null {
  const { schedule } = order;
  if (schedule === null) return null;
  const zone = siteZone(order);
  return {
    work_order_id: order.id,
    status_id: order.status.id,
    service_window: {
      mode: schedule.mode,
      start: timeObject(schedule.start, zone),
      end: schedule.end === null ? null : timeObject(schedule.end, zone),
    },
    time_zone: { id: zone.id, name: zone.name, offset: offsetMinutes(schedule.start, zone) },
  };
}

/** Grouped by who fills them in, with the internal ticket number on top (section 12). */
export function presentCustomFields(order: WorkOrder, form: Knobs['fieldNation']['customFieldForm']): JsonObject {
  const group = (id: number, name: string, role: string): JsonObject => ({
    id,
    name,
    role,
    results: CUSTOM_FIELDS.filter((field) => field.role === role && order.customValues[field.id] !== undefined).map(
      (field) => ({
        id: field.id,
        name: field.name,
        type: field.type,
        value: order.customValues[field.id],
      }),
    ),
  });
  const internal = CUSTOM_FIELDS.find((field) => field.internal);
  const groups = [group(1, 'Buyer', 'buyer'), group(2, 'Provider', 'assigned_provider')];
  if (form === 'flat') {
    const fields = groups.flatMap(({ results, role }) =>
      (results as JsonObject[]).map((field) => ({
        ...field,
        role,
        filled_by: role === 'buyer' ? 'buyer' : 'provider',
      })),
    );
    return { metadata: { total: fields.length }, results: fields };
  }
  return {
    internal:
      internal === undefined
        ? null
        : { id: internal.id, name: internal.name, value: order.customValues[internal.id] ?? '', role: 'buyer' },
    metadata: { total: 2, page: 1, pages: 1, per_page: 2 },
    results: groups,
  };
}

export function presentFolders(world: FieldNationWorld, order: WorkOrder): JsonObject {
  return collection(
    order.folders.map((folder) => ({
      ...folder,
      files: undefined,
      metadata: { total: folder.files.length },
      results: folder.files.map((file) => presentFile(world, order, folder, file)),
    })),
  );
}

export function presentFile(world: FieldNationWorld, order: WorkOrder, folder: Folder, file: OrderFile): JsonObject {
  return {
    id: file.id,
    folder_id: folder.id,
    author: { id: file.authorId, name: personName(file.authorId) },
    file: {
      name: file.name,
      mime: file.mime,
      size_bytes: file.size,
      type: 'file',
      link: `${world.root}/files/${file.contentId}/${encodeURIComponent(file.name)}`,
    },
    created: timeObject(file.created, siteZone(order)),
    notes: file.notes,
    status: file.status,
  };
}

/** One message of a thread with its replies (section 10). */
export function presentMessage(
  order: WorkOrder,
  message: Message,
  all: readonly Message[],
  form: Knobs['fieldNation']['replies'],
): JsonObject {
  const isProvider = PROVIDERS.some(({ id }) => id === message.fromId);
  const replies = all
    .filter(({ parentId }) => parentId === message.id)
    .map((reply) => presentMessage(order, reply, [], form));
  return {
    msg_id: message.id,
    parent_id: message.parentId ?? 0,
    from: { id: message.fromId, name: personName(message.fromId), role: isProvider ? 'provider' : 'buyer' },
    to: isProvider ? { id: API_USER.id, role: 'buyer' } : null,
    role: message.type,
    message: message.text,
    read: false,
    created: timeObject(message.created, siteZone(order)),
    replies: form === 'list' ? replies : collection(replies),
    actions: ['reply'],
  };
}

export const collection = (results: readonly unknown[]): JsonObject => ({
  metadata: { total: results.length, page: 1, pages: 1, per_page: Math.max(results.length, 25) },
  results,
});

export const siteZone = (order: WorkOrder): SiteZone => zoneOf(asText(order.location?.['state']));

/** Puts on what the knobs ask for: ids as text, absent values as "" or left out, ISO times. */
export function dress(knobs: Knobs['fieldNation'], value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => dress(knobs, item));
  if (value === null || value === undefined) return knobs.absentValues === 'empty' ? '' : undefined;
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([name, inner]) => [name, dress(knobs, inner, name)]),
    );
  }
  if (knobs.stringIds && typeof value === 'number' && /^(id|msg_id|work_order_id|parent_id)$/.test(key))
    return String(value);
  if (knobs.utcForm === 'iso' && key === 'utc' && typeof value === 'string') return `${value.replace(' ', 'T')}Z`;
  return value;
}

function presentLocation(order: WorkOrder): JsonObject | null {
  if (order.location === null) return null;
  return { ...order.location, work_order_id: order.id, status_id: order.status.id, coordinates: null, notes: [] };
}

/** A person as `GET /users/{id}` shows one: no order tells an e-mail address (schemas AssigneeUserDto and UserResponseDto). */
export const presentUser = (person: Pick<Provider, 'id' | 'first_name' | 'last_name' | 'email'>): JsonObject => ({
  ...nameOfPerson(person),
  ...{ email: person.email, w2: false, thumbnail: '', zip: '' },
});

const nameOfPerson = ({
  id,
  first_name,
  last_name,
}: Pick<Provider, 'id' | 'first_name' | 'last_name'>): JsonObject => ({
  ...{ id, first_name, last_name },
});

const changeTag = (order: WorkOrder): string =>
  createHash('md5').update(`${order.id}:${order.updatedAt}`).digest('hex');

const nameOf = (items: readonly { id: number; name: string }[], id: number): string | null =>
  items.find((item) => item.id === id)?.name ?? null;

const named = (items: readonly { id: number; name: string }[], id: number | null): JsonObject | null =>
  id === null ? null : { id, name: nameOf(items, id) };
