/** What operators see and do about product events, from one Temporal client. */
import { tryEvent, type EventTrial } from '../domain/contacts';
import { createContactReplays, type ContactReplays, type ContactReplaysDeps } from './contact-replays';
import { createEventIndex, type EventIndex, type EventIndexDeps } from './event-index';

/** What operators see of events beside what this process remembers. */
export interface EventDesk {
  index: EventIndex;
  replays: ContactReplays;
  /** Through all gates and the mapping; nothing is sent. */
  tryEvent: (item: unknown) => EventTrial;
}

export const createEventDesk = (deps: ContactReplaysDeps & EventIndexDeps): EventDesk => ({
  index: createEventIndex(deps),
  replays: createContactReplays(deps),
  tryEvent: (item) => tryEvent(item, deps.config.current().contacts),
});
