/** The events of Field Nation that a webhook must bring for the config in force. Source: Field Nation contract 15.1. */
import { NEWS_EVENTS, STATUS_EVENTS } from './status-of-event';
import { NEWS_KEYS, type NewsKey } from './status';

export const MESSAGE_EVENT = 'workorder.message_posted';
export const UPLOAD_EVENT = 'workorder.provider_upload';

/** News that the config gives an effect. */
type Effects = Partial<Record<NewsKey, unknown>>;

const newsEvents = (status: Effects): string[] =>
  NEWS_KEYS.filter((key) => status[key] !== undefined).map((key) => NEWS_EVENTS[key]);

/** All that Deskbridge can make use of, and the news that the config names: what `setup` registers. */
export const usefulEvents = (status: Effects): string[] => [
  ...STATUS_EVENTS,
  MESSAGE_EVENT,
  UPLOAD_EVENT,
  ...newsEvents(status),
];

/** Those without which something that the config asks for is found by reconcile only, or never. */
export const neededEvents = (on: { messages: boolean; deliverables: boolean; status: Effects }): string[] => [
  ...STATUS_EVENTS,
  ...newsEvents(on.status),
  ...(on.messages ? [MESSAGE_EVENT] : []),
  ...(on.deliverables ? [UPLOAD_EVENT] : []),
];
