/** The events of Field Nation that a webhook must bring for the config in force. Source: Field Nation contract 15.1. */
import { STATUS_EVENTS } from './status';

export const MESSAGE_EVENT = 'workorder.message_posted';
export const UPLOAD_EVENT = 'workorder.provider_upload';

/** All that Deskbridge can make use of, whatever the config says: what `setup` registers. */
export const USEFUL_EVENTS: readonly string[] = [...STATUS_EVENTS, MESSAGE_EVENT, UPLOAD_EVENT];

/** Those without which something that the config asks for is found by reconcile only, or never. */
export const neededEvents = (on: { messages: boolean; deliverables: boolean }): string[] => [
  ...STATUS_EVENTS,
  ...(on.messages ? [MESSAGE_EVENT] : []),
  ...(on.deliverables ? [UPLOAD_EVENT] : []),
];
