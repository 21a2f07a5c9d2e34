/**
 * Which of the events that Freshdesk did not take are sent again, and what of them. Promise: nothing is sent twice, nothing
 * that the config no longer maps, and a withdrawal and a newer event win.
 */
import type { ContactEvent, ContactMemory, ReplayCounts } from '../../contract/contact';
import { guardOf, isOvertaken, isWithdrawn } from './consent-order';
import type { ContactRules } from './judge';

export const NO_REPLAYS: ReplayCounts = { contacts: 0, events: 0, newer: 0, withdrawn: 0, again: 0, unmapped: 0 };

export interface Replay {
  events: ContactEvent[];
  counts: ReplayCounts;
}

/** @param memory what the contact's newest run knows */
export function replayOf(
  kept: readonly ContactEvent[],
  memory: ContactMemory,
  rules: Pick<ContactRules, 'events' | 'customFields'>,
): Replay {
  const counts = { ...NO_REPLAYS };
  const events = kept.flatMap((event): ContactEvent[] => {
    const key = nextKey(event.key);
    const rule = Object.hasOwn(rules.events, event.name) ? rules.events[event.name] : undefined;
    const hasUserId = event.contact.unique_external_id !== undefined;
    const reason = memory.seen.includes(key)
      ? 'again'
      : isWithdrawn(memory.withdrawn, guardOf(event), hasUserId)
        ? 'withdrawn'
        : isOvertaken(memory, guardOf(event))
          ? 'newer'
          : rule === undefined
            ? 'unmapped'
            : 'events';
    counts[reason]++;
    return reason === 'events' && rule
      ? [{ ...mappedStill(event, rules), key, action: rule.action, replay: true }]
      : [];
  });
  return { events, counts: { ...counts, contacts: events.length > 0 ? 1 : 0 } };
}

export const addCounts = (a: ReplayCounts, b: ReplayCounts): ReplayCounts =>
  Object.fromEntries(
    Object.entries(a).map(([name, count]) => [name, count + b[name as keyof ReplayCounts]]),
  ) as unknown as ReplayCounts;

/** One event is sent again under one key, however often that is asked for; what fails again has another one next time. */
function nextKey(key: string): string {
  const [, base = key, times = '0'] = /^(.*)~(\d+)$/.exec(key) ?? [];
  return `${base}~${Number(times) + 1}`;
}

function mappedStill(event: ContactEvent, { customFields }: Pick<ContactRules, 'customFields'>): ContactEvent {
  const { custom_fields: fields = {}, ...contact } = event.contact;
  const left = Object.entries(fields).filter(([field]) => Object.hasOwn(customFields, field));
  const marks = Object.entries(event.marks).filter(
    ([field]) =>
      !field.startsWith('custom_fields.') || Object.hasOwn(customFields, field.slice('custom_fields.'.length)),
  );
  return {
    ...event,
    contact: left.length > 0 ? { ...contact, custom_fields: Object.fromEntries(left) } : contact,
    marks: Object.fromEntries(marks),
  };
}
