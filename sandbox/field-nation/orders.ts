import { asText, at } from '../json';
import type { JsonObject } from '../json';
import { API_USER, CUSTOM_FIELDS, TEMPLATES } from './catalog';
import { invalid, refuseIfAny } from './errors';
import type { ErrorDetail } from './errors';
import { emit } from './events';
import { applyInput, checkInput, customValuesOf } from './order-input';
import type { Origin, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const LOCKED = [5, 6, 7, 10];

/** Creates a draft (Field Nation contract, section 4). Throws a refusal with all complaints. */
export function createOrder(world: FieldNationWorld, body: JsonObject, origin: Origin): WorkOrder {
  const errors: ErrorDetail[] =
    body['title'] === undefined ? [{ detail: 'title is required.', pointer: '/title' }] : [];
  refuseIfAny([...errors, ...checkInput(world, body, null)]);
  const now = world.now();
  const order: WorkOrder = {
    id: world.nextId('orders', 901234),
    title: '',
    description: '',
    confidential: '',
    typesOfWork: [],
    location: null,
    schedule: null,
    pay: null,
    contacts: [],
    customValues: {},
    managerId: API_USER.id,
    projectId: null,
    clientId: null,
    templateId: null,
    extra: {},
    status: { id: 1, sub: '', confirmed: false, delay: 0 },
    routed: [],
    requested: [],
    declined: [],
    assigneeId: null,
    milestones: { created: now },
    folders: [
      { id: 1, name: 'Documents', type: 'document', files: [] },
      { id: 2270, name: 'Misc', type: 'slot', files: [] },
    ],
    tasks: [],
    timeLogs: [],
    problems: [],
    tagIds: [],
    closingNotes: '',
    cancelReason: '',
    createdAt: now,
    updatedAt: now,
  };
  const template = TEMPLATES.find(({ id }) => id === Number(at(body, 'template.id')));
  if (template !== undefined && body['ignore_template'] !== true) applyInput(order, { ...template.fields });
  applyInput(order, body);
  if (order.tasks.length === 0) {
    order.tasks = ['Check in', 'Do the work', 'Check out'].map((label, index) => ({
      id: index + 1,
      type: label === 'Do the work' ? 'task' : label.toLowerCase().replace(' ', '_'),
      label,
      completed: null,
    }));
  }
  world.saveOrder(order);
  emit(world, order, 'workorder.created', origin);
  emit(world, order, 'workorder.status.draft', origin);
  return order;
}

/** Changes only what is sent (section 6) and tells what changed. */
export function changeOrder(world: FieldNationWorld, order: WorkOrder, body: JsonObject, origin: Origin): WorkOrder {
  if (LOCKED.includes(order.status.id)) throw invalid('The work order is locked in its present status.');
  if (body['pay'] !== undefined && order.status.id === 4) {
    throw invalid('Pay cannot change after work is done.', [{ detail: 'Pay is locked.', pointer: '/pay' }]);
  }
  refuseIfAny(checkInput(world, body, order.id));
  const before = structuredClone(order);
  applyInput(order, body);
  world.saveOrder(order);
  if (JSON.stringify(before.schedule) !== JSON.stringify(order.schedule))
    emit(world, order, 'workorder.schedule_updated', origin);
  for (const { id } of customValuesOf(body)) {
    if (id !== null && before.customValues[id] !== order.customValues[id]) tellCustomField(world, order, id, origin);
  }
  return order;
}

/** Sets one custom field (section 12). */
export function setCustomField(
  world: FieldNationWorld,
  order: WorkOrder,
  fieldId: number,
  value: unknown,
  origin: Origin,
): WorkOrder {
  return changeOrder(world, order, { custom_fields: { results: [{ results: [{ id: fieldId, value }] }] } }, origin);
}

function tellCustomField(world: FieldNationWorld, order: WorkOrder, id: number, origin: Origin): void {
  const field = CUSTOM_FIELDS.find((candidate) => candidate.id === id);
  const value = asText(order.customValues[id]);
  emit(world, order, 'workorder.custom_field_value_updated', origin, {
    custom_field: { id, name: field?.name ?? '', value },
  });
}
