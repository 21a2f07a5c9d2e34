import { PROVIDERS } from './catalog';
import { invalid } from './errors';
import { emit } from './events';
import { presentMessage } from './present';
import type { Message, Origin, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const TYPES = [
  'INTERNAL',
  'STAFF_NOTE',
  'ASSIGNEDTECH',
  'REQUESTEDTECHS',
  'ROUTEDTECHS',
  'SPECIFICTECH',
  'FROMTECH',
  'TECHTOMANAGER',
  'REPLY',
  'REPLYTOTHREAD',
];
const MAX_LENGTH = 10_000;

/** Posts a message and tells it (Field Nation contract, section 10). */
export function postMessage(
  world: FieldNationWorld,
  order: WorkOrder,
  message: { text: string; type: string; parentId: number | null; toId?: number | null },
  origin: Origin,
): Message {
  if (message.text.length < 1 || message.text.length > MAX_LENGTH) {
    throw invalid('The message must have 1 to 10000 characters.', [
      { detail: 'message has a wrong length.', pointer: '/message' },
    ]);
  }
  if (!TYPES.includes(message.type))
    throw invalid('There is no such type.', [{ detail: 'type is not known.', pointer: '/type' }]);
  if (message.type === 'SPECIFICTECH' && !PROVIDERS.some(({ id }) => id === message.toId)) {
    throw invalid('to.id is required.', [{ detail: 'to.id is required.', pointer: '/to/id' }]);
  }
  if (
    message.type === 'ASSIGNEDTECH' &&
    order.assigneeId === null &&
    world.knobs.messageWithoutAssignee === 'rejected'
  ) {
    throw invalid('No provider is assigned.', [{ detail: 'No provider is assigned.', pointer: '/type' }]);
  }
  const posted = world.addMessage({
    id: world.nextId('messages', 700101),
    orderId: order.id,
    parentId: message.parentId,
    fromId: origin.userId,
    type: message.type,
    text: message.text,
    created: world.now(),
  });
  world.saveOrder(order);
  const all = world.messagesOf(order.id);
  emit(world, order, 'workorder.message_posted', origin, {
    message: presentMessage(order, posted, all, world.knobs.replies),
  });
  return posted;
}
