import { asArray, asNumber, asObject, asText, at } from '../json';
import type { JsonObject } from '../json';
import type { Call, Route, Verb } from '../pipeline';
import { INCOMPLETE_REASONS } from './catalog';
import { invalid } from './errors';
import {
  approve,
  assign,
  cancel,
  markIncomplete,
  publish,
  revertToDraft,
  route,
  unassign,
  unpublish,
  unroute,
} from './lifecycle';
import { presentOrder } from './present';
import { API, done, jsonBody, REST } from './routes-orders';
import type { WorkOrder } from './types';
import type { FieldNationWorld } from './world';

/** The buyer's lifecycle actions (Field Nation contract, sections 7 and 8). */
export function lifecycleRoutes(world: FieldNationWorld): Route[] {
  /** Without a returned value the answer is the whole order. */
  const action = (
    name: string,
    method: Verb,
    path: string,
    work: (order: WorkOrder, call: Call) => JsonObject | undefined,
  ): Route => ({
    name,
    method,
    path: `${REST}/workorders/:id${path}`,
    handle: (call) => {
      const order = world.order(call.params['id']);
      const result = work(order, call);
      return done(world, call, result ?? presentOrder(world, order));
    },
  });
  const plain = (name: string, method: Verb, path: string, work: (order: WorkOrder) => void): Route =>
    action(name, method, path, (order) => {
      work(order);
      return undefined;
    });
  return [
    plain('publishWorkOrder', 'post', '/publish', (order) => publish(world, order, API)),
    plain('unpublishWorkOrder', 'delete', '/publish', (order) => unpublish(world, order, API)),
    plain('revertWorkOrder', 'delete', '/draft', (order) => revertToDraft(world, order, API)),
    action('routeWorkOrder', 'post', '/route', (order, call) => {
      route(world, order, [idIn(jsonBody(call), 'technician.id')], API);
      return { id: world.nextId('routings', 440001) };
    }),
    action('unrouteWorkOrder', 'delete', '/route', (order, call) => {
      unroute(world, order, idIn(jsonBody(call), 'technician.id'), API);
      return undefined;
    }),
    action('massRouteWorkOrder', 'post', '/mass-route', (order, call) => {
      route(
        world,
        order,
        asArray(jsonBody(call)['ids']).flatMap((id) => asNumber(id) ?? []),
        API,
      );
      return { job_id: world.nextId('jobs', 1) };
    }),
    action('assignWorkOrder', 'post', '/assignee', (order, call) => {
      assign(world, order, idIn(jsonBody(call), 'user.id'), API);
      return { user: { id: order.assigneeId }, work_order_id: order.id };
    }),
    action('unassignWorkOrder', 'delete', '/assignee', (order) => {
      unassign(world, order, API);
      return {};
    }),
    plain('approveWorkOrder', 'post', '/approve', (order) => approve(world, order, API)),
    action('markIncomplete', 'delete', '/complete', (order, call) => {
      const reasonId = asNumber(call.query.get('reason_id'));
      const errors = [
        ...((call.query.get('reason') ?? '') === '' ? [{ detail: 'reason is required.', parameter: 'reason' }] : []),
        ...(INCOMPLETE_REASONS.some(({ id }) => id === reasonId)
          ? []
          : [{ detail: 'reason_id is not known.', parameter: 'reason_id' }]),
      ];
      if (errors.length > 0) throw invalid('A reason is required.', errors);
      markIncomplete(world, order, API);
      return undefined;
    }),
    action('deleteWorkOrder', 'delete', '', (order, call) => {
      cancel(world, order, cancelReason(world, call), API);
      return undefined;
    }),
  ];
}

/** From the query or the body, as the knob says (section 8). */
function cancelReason(world: FieldNationWorld, call: Call): string {
  const from = world.knobs.cancelReason;
  const inQuery = from === 'body' ? '' : (call.query.get('cancel_reason') ?? '');
  const inBody = from === 'query' ? '' : asText(asObject(call.body.value)['cancel_reason']);
  const reason = inQuery === '' ? inBody : inQuery;
  if (reason === '')
    throw invalid('cancel_reason is required.', [{ detail: 'cancel_reason is required.', parameter: 'cancel_reason' }]);
  return reason;
}

function idIn(body: JsonObject, path: string): number {
  const id = asNumber(at(body, path));
  if (id === null)
    throw invalid(`${path} is required.`, [{ detail: `${path} is required.`, pointer: `/${path.replace('.', '/')}` }]);
  return id;
}
