import { asRefusal } from './control-refusal';
import { SandboxRefusal } from './control-types';
import type { SandboxControl } from './control-types';
import { expireTokens } from './field-nation/auth';
import { act } from './field-nation/bot';
import { errorAnswer, FieldNationRefusal } from './field-nation/errors';
import { sendRaw } from './field-nation/events';
import { presentMessage, presentOrder } from './field-nation/present';
import { resend } from './field-nation/routes-webhooks';
import { BOT_ACTIONS, isPossible } from './field-nation/states';
import type { WorkOrder } from './field-nation/types';
import type { FieldNationWorld } from './field-nation/world';
import type { Store } from './store';

type FieldNationControl = Pick<
  SandboxControl,
  | 'workOrders'
  | 'workOrder'
  | 'messages'
  | 'act'
  | 'possibleActions'
  | 'setWebhookActive'
  | 'resendDelivery'
  | 'sendEvent'
  | 'expireTokens'
>;

/** The Field Nation half of the control: what technicians and the buyer's staff do. */
export function fieldNationControl(world: FieldNationWorld, store: Store): FieldNationControl {
  const step = <T>(work: () => T): T =>
    store.batch(() => asRefusal(FieldNationRefusal, (refusal) => errorAnswer('problem', refusal), work));
  /** Deleted ones too, whatever the knob says to API callers. */
  const orderOf = (id: number): WorkOrder => world.orders.get(id) ?? world.order(id);
  return {
    workOrders: (newest) => world.orders.newest(newest).map((order) => presentOrder(world, order)),
    workOrder: (id) => step(() => presentOrder(world, orderOf(id))),
    messages: (id) =>
      step(() => {
        const all = world.messagesOf(orderOf(id).id);
        return all.map((message) => presentMessage(orderOf(id), message, all, world.knobs.replies));
      }),
    act: (id, action, options) =>
      step(() => {
        const order = orderOf(id);
        act(world, order, action, options);
        return presentOrder(world, order);
      }),
    possibleActions: (id) => step(() => BOT_ACTIONS.filter((action) => isPossible(orderOf(id), action))),
    setWebhookActive: (active) =>
      step(() => {
        for (const webhook of world.webhooks.all()) {
          if (webhook.status === 'archived') continue;
          const status = active ? ('active' as const) : ('inactive' as const);
          world.webhooks.save(Object.assign(webhook, { status, failingSince: null, updatedAt: world.now() }));
        }
      }),
    resendDelivery: (deliveryId) =>
      step(() => {
        const delivery = world.deliveries.get(deliveryId);
        const again = delivery === undefined ? null : resend(world, delivery);
        if (again === null) throw new SandboxRefusal('There is no such delivery, or it has no address.', 404, null);
        return again;
      }),
    sendEvent: ({ name, workOrderId, params, workorder }) =>
      step(() =>
        sendRaw(
          world,
          name,
          workOrderId,
          workorder ?? { id: workOrderId, title: 'Made by hand', status: { id: 3, name: 'Assigned', sub_status: '' } },
          params ?? {},
        ),
      ),
    expireTokens: () => step(() => expireTokens(world)),
  };
}
