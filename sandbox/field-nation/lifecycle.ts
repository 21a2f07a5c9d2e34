import { PROVIDERS } from './catalog';
import { invalid } from './errors';
import { emit } from './events';
import { missingForPublish } from './order-input';
import { statusName } from './states';
import type { Milestone, Origin, StatusId, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

/** The transitions of the work order (Field Nation contract, sections 7, 8 and 14). Each throws a refusal from a wrong state. */

export function publish(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [1], 'can not publish');
  const missing = missingForPublish(order);
  if (missing.length > 0) throw invalid('The work order is not complete enough to be published.', missing);
  enter(world, order, 2, 'published');
  emit(world, order, 'workorder.status.published', origin);
}

export function unpublish(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [2], 'not published');
  toDraft(world, order, origin);
}

export function revertToDraft(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [2, 9], 'can not revert');
  order.routed = [];
  toDraft(world, order, origin);
}

/** Routes to one or more providers; `routed` once per provider, `status.routed` once (15.1). */
export function route(world: FieldNationWorld, order: WorkOrder, providerIds: number[], origin: Origin): void {
  demand(order, [1, 2, 9], 'can not route');
  if (providerIds.length === 0)
    throw invalid('A provider is required.', [{ detail: 'technician.id is required.', pointer: '/technician/id' }]);
  for (const id of providerIds) requireProvider(id, '/technician/id');
  const wasRouted = order.status.id === 9;
  const added = providerIds.filter((id) => !order.routed.includes(id));
  order.routed.push(...added);
  enter(world, order, 9, 'routed');
  for (const id of added) emit(world, order, 'workorder.routed', origin, { provider_id: id });
  if (!wasRouted) emit(world, order, 'workorder.status.routed', origin);
}

export function unroute(world: FieldNationWorld, order: WorkOrder, providerId: number, origin: Origin): void {
  demand(order, [9], 'not routed');
  order.routed = order.routed.filter((id) => id !== providerId);
  if (order.routed.length === 0) toDraft(world, order, origin);
  else world.saveOrder(order);
}

export function assign(world: FieldNationWorld, order: WorkOrder, providerId: number, origin: Origin): void {
  demand(order, [1, 2, 9], 'can not assign');
  requireProvider(providerId, '/user/id');
  order.assigneeId = providerId;
  order.status = { id: 3, sub: '', confirmed: false, delay: 0 };
  enter(world, order, 3, 'assigned');
  emit(world, order, 'workorder.status.assigned', origin);
}

/** The event shows Assigned and Cancelled; then the order is open again (15.1). */
export function unassign(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [3], 'can not unassign');
  order.status.sub = 'Cancelled';
  world.saveOrder(order);
  emit(world, order, 'workorder.status.assigned_cancelled', origin);
  order.routed = order.routed.filter((id) => id !== order.assigneeId);
  order.assigneeId = null;
  order.timeLogs = [];
  delete order.milestones.assigned;
  const next = order.routed.length > 0 ? 9 : 2;
  enter(world, order, next, null);
  emit(world, order, next === 9 ? 'workorder.status.routed' : 'workorder.status.published', origin);
}

export function markIncomplete(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [4], 'can not mark incomplete');
  delete order.milestones.workdone;
  enter(world, order, 3, null);
  for (const task of order.tasks) if (task.type === 'task') task.completed = null;
  world.saveOrder(order);
  emit(world, order, 'workorder.task_incomplete', origin);
  emit(world, order, 'workorder.status.assigned', origin);
}

export function approve(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [4], 'can not approve');
  enter(world, order, 5, 'approved');
  emit(world, order, 'workorder.status.approved', origin);
}

export function pay(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [5], 'can not pay');
  enter(world, order, 6, 'paid');
  emit(world, order, 'workorder.status.paid', origin);
}

export function workDone(world: FieldNationWorld, order: WorkOrder, origin: Origin, notes: string): void {
  demand(order, [3], 'can not complete');
  const now = world.now();
  for (const log of order.timeLogs) log.out ??= now;
  for (const task of order.tasks) task.completed ??= now;
  order.closingNotes = notes;
  enter(world, order, 4, 'workdone');
  emit(world, order, 'workorder.status.work_done', origin);
}

/** Open orders are deleted, assigned ones cancelled (section 8). */
export function cancel(world: FieldNationWorld, order: WorkOrder, reason: string, origin: Origin): void {
  demand(order, [1, 2, 3, 4, 8, 9], 'can not cancel');
  const assigned = order.status.id === 3 || order.status.id === 4;
  order.cancelReason = reason;
  enter(world, order, assigned ? 7 : 10, 'canceled');
  emit(world, order, assigned ? 'workorder.status.cancelled' : 'workorder.status.deleted', origin);
}

export function postpone(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  demand(order, [1, 2, 3, 9], 'can not postpone');
  order.assigneeId = null;
  enter(world, order, 8, null);
  emit(world, order, 'workorder.status.postponed', origin);
}

function toDraft(world: FieldNationWorld, order: WorkOrder, origin: Origin): void {
  enter(world, order, 1, null);
  emit(world, order, 'workorder.status.draft', origin);
}

function enter(world: FieldNationWorld, order: WorkOrder, id: StatusId, milestone: Milestone | null): void {
  order.status = { id, sub: '', confirmed: false, delay: 0 };
  if (milestone !== null) order.milestones[milestone] = world.now();
  world.saveOrder(order);
}

function demand(order: WorkOrder, from: readonly StatusId[], message: string): void {
  if (from.includes(order.status.id)) return;
  throw invalid(`${message}: the work order is ${statusName(order.status.id)}.`);
}

function requireProvider(id: number, pointer: string): void {
  if (PROVIDERS.some((provider) => provider.id === id)) return;
  throw invalid('There is no such provider.', [{ detail: 'There is no such provider.', pointer }]);
}
