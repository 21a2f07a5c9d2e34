/**
 * What came in to this process, for who asks why an event did not arrive. Promise: the newest events of each kind, bounded;
 * no name, address or id of a person, but keyed hashes by which one is found.
 */
import { DROP_REASONS, type DropReason } from '../contract/contact';
import { withoutPersonal } from '../personal';
import type { Judgement } from '../temporal/contact-intake';

export const EVENT_OUTCOMES = ['accepted', 'dropped', 'invalid'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

export interface LoggedEvent {
  /** Of an accepted event, by which its end is found; null for the others. */
  key: string | null;
  /** ISO 8601. */
  at: string;
  type: string;
  event: string;
  outcome: EventOutcome;
  /** A drop reason, or what is wrong with the form; null when accepted. */
  reason: string | null;
  notes: string[];
  /** Name of the contact's run: the last part of its workflow id. */
  hash: string | null;
  ids: string[];
}

/** Events of one hour by what became of them. */
export interface HourCounts {
  /** Begin of the hour, ISO 8601. */
  from: string;
  counts: Partial<Record<CountedReason, number>>;
}

export const COUNTED_REASONS = ['accepted', ...DROP_REASONS, 'invalid'] as const;
export type CountedReason = (typeof COUNTED_REASONS)[number];

/** Of each kind: many dropped ones must not push out what was accepted. */
const MOST = { accepted: 1_000, dropped: 5_000, invalid: 1_000 };
const HOUR_MS = 3_600_000;
const HOURS = 24;
const LONGEST_NAME = 80;

export class EventLog {
  private readonly events: Record<EventOutcome, LoggedEvent[]> = { accepted: [], dropped: [], invalid: [] };
  private hours: HourCounts[] = [];
  /** Since when this process has been listening, ISO 8601. */
  readonly since: string;

  constructor(private readonly now: () => number = Date.now) {
    this.since = new Date(now()).toISOString();
  }

  note(judgement: Judgement, type: string): void {
    const entry = this.entryOf(judgement, type);
    const list = this.events[entry.outcome];
    list.push(entry);
    if (list.length > 2 * MOST[entry.outcome]) list.splice(0, list.length - MOST[entry.outcome]);
    this.count('dropped' in judgement ? judgement.dropped : entry.outcome);
  }

  /** Newest first. */
  list(): LoggedEvent[] {
    const all = [...this.events.accepted, ...this.events.dropped, ...this.events.invalid];
    return all.sort((a, b) => b.at.localeCompare(a.at));
  }

  /** The last day, oldest hour first, each of them there. */
  byHour(): HourCounts[] {
    const current = Math.floor(this.now() / HOUR_MS) * HOUR_MS;
    return Array.from({ length: HOURS }, (_, index) => {
      const from = new Date(current - (HOURS - 1 - index) * HOUR_MS).toISOString();
      return this.hours.find((hour) => hour.from === from) ?? { from, counts: {} };
    });
  }

  private entryOf(judgement: Judgement, type: string): LoggedEvent {
    const at = new Date(this.now()).toISOString();
    if ('invalid' in judgement) {
      const form = { key: null, at, type, event: '', outcome: 'invalid', notes: [], hash: null, ids: [] } as const;
      return { ...form, notes: [], ids: [], reason: judgement.invalid.join('; ').slice(0, 500) };
    }
    const { type: known, event, ids } = judgement.seen;
    const seen = { at, type: known, event: withoutPersonal(event).slice(0, LONGEST_NAME), ids };
    if ('dropped' in judgement) {
      const { dropped: reason, notes, withdrawal } = judgement;
      const key = withdrawal?.events[0]?.key ?? null;
      return { ...seen, key, outcome: 'dropped', reason, notes, hash: withdrawal?.hash ?? null };
    }
    const { accepted, hash } = judgement;
    return { ...seen, key: accepted.key, outcome: 'accepted', reason: null, notes: accepted.notes, hash };
  }

  private count(reason: DropReason | EventOutcome): void {
    const from = new Date(Math.floor(this.now() / HOUR_MS) * HOUR_MS).toISOString();
    let hour = this.hours.at(-1);
    if (hour?.from !== from) {
      hour = { from, counts: {} };
      this.hours = [...this.hours, hour].slice(-HOURS);
    }
    const counted = reason as CountedReason;
    hour.counts[counted] = (hour.counts[counted] ?? 0) + 1;
  }
}
