/** What came in, from this process and from Temporal, as one list. Source: interface, section 4, `GET /api/events`. */
import type { ContactOutcome } from '../contract/contact';
import { contactWorkflowId } from '../contract/run-ids';
import type { EventIndex, IndexedEvent } from '../temporal/event-index';
import type { EventLog, EventOutcome, LoggedEvent } from './event-log';

export interface EventItem {
  /** ISO 8601. */
  at: string;
  type: string;
  event: string;
  outcome: EventOutcome;
  /** Null when accepted. */
  reason: string | null;
  notes: string[];
  /** How its run ended; null: not yet, or it has none. */
  result: ContactOutcome | null;
  /** Workflow id of its contact's run; null when nothing of it went on. */
  run: string | null;
}

export interface EventFilter {
  outcome?: EventOutcome | undefined;
  reason?: string | undefined;
  /** User id or e-mail. */
  person?: string | undefined;
  limit: number;
}

export interface EventListDeps {
  account: string;
  log: Pick<EventLog, 'list'>;
  index: EventIndex;
}

/** Newest first. @throws TemporalUnavailableError */
export async function listEvents(
  { account, log, index }: EventListDeps,
  { outcome, reason, person, limit }: EventFilter,
): Promise<EventItem[]> {
  const ids = person === undefined ? null : index.idsOf(person);
  const seen = log.list().filter((event) => ids === null || event.ids.some((id) => ids.includes(id)));
  const indexed = new Map((await index.accepted({ ids, limit })).map((event) => [event.key, event]));
  const items = seen.map((event) => itemOf(account, event, indexed.get(event.key ?? '') ?? null));
  const known = new Set(seen.map(({ key }) => key));
  const others = [...indexed.values()].filter(({ key }) => !known.has(key)).map(itemOfIndexed);
  return [...items, ...others]
    .filter((item) => outcome === undefined || item.outcome === outcome)
    .filter((item) => reason === undefined || item.reason === reason)
    .sort((a, b) => b.at.localeCompare(a.at))
    .slice(0, limit);
}

function itemOf(account: string, event: LoggedEvent, indexed: IndexedEvent | null): EventItem {
  const { at, type, event: name, outcome, reason, notes, hash } = event;
  const run = indexed?.workflowId ?? (hash === null ? null : contactWorkflowId(account, hash));
  return { at, type, event: name, outcome, reason, notes, result: indexed?.result ?? null, run };
}

/** One that another process took in, or this one before it was started. */
function itemOfIndexed({ at, type, action, event, notes, result, workflowId: run }: IndexedEvent): EventItem {
  return action === 'withdraw'
    ? { ...{ at, type, event, outcome: 'dropped', reason: 'no-consent' }, notes: ['withdrawal', ...notes], result, run }
    : { at, type, event, outcome: 'accepted', reason: null, notes, result, run };
}
