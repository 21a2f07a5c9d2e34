/** What operators see and do about product events, from one Temporal client. */
import { tryEvent } from '../domain/contacts';
import type { EventDesk } from '../http/events';
import { createContactReplays, type ContactReplaysDeps } from './contact-replays';
import { createEventIndex, type EventIndexDeps } from './event-index';

export const createEventDesk = (deps: ContactReplaysDeps & EventIndexDeps): EventDesk => ({
  index: createEventIndex(deps),
  replays: createContactReplays(deps),
  tryEvent: (item) => tryEvent(item, deps.config.current().contacts),
});
