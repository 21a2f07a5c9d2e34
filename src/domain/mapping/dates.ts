/**
 * Dates and times as people and forms write them. Promise: total; a value without a zone stays a time at the site, and a
 * day without a time stays a day: nothing is made up.
 */
import { DateTime, IANAZone } from 'luxon';
import type { DateConversion, DateFormat } from './action';

/** A point in time, in milliseconds since 1970. */
export interface Instant {
  at: number;
}
/** A time on the clock at the site; `time` is null for a day without one. `YYYY-MM-DD`, `HH:MM:SS`. */
export interface LocalTime {
  date: string;
  time: string | null;
}
export type Moment = Instant | LocalTime;

export const isInstant = (moment: Moment): moment is Instant => 'at' in moment;

/** Why a time cannot be taken: the end of a sentence that begins with the value. */
export interface TimeFault {
  fault: string;
  remedy: string;
}
export const isFault = (result: object): result is TimeFault => 'fault' in result;

// Anchored and without nested repeats: linear.
const CLOCK = String.raw`(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(?: ?([ap])\.?m\.?)?`;
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:(?:T|,? +)(.+))?$/i;
const TIME = new RegExp(`^${CLOCK}(?: ?(z|utc|[+-]\\d{2}:?\\d{2}))?$`, 'i');
const LONGEST = 60;

/** `2027-03-02`, with or without `15:00`, `15:00:30`, `3 pm`, `3:00 pm`, and `Z` or `-06:00`; null when unreadable. */
export function parseMoment(given: string): Moment | null {
  const text = given.length > LONGEST ? '' : given.trim();
  const [, year = '', month = '', day = '', rest] = DAY.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  if (!isDay(date)) return null;
  if (rest === undefined) return { date, time: null };
  const clock = parseClock(rest);
  if (clock === null) return null;
  if (clock.offset === null) return { date, time: clock.time };
  return { at: Date.parse(`${date}T${clock.time}Z`) - clock.offset * 60_000 };
}

/** The time of day that a text says, `HH:MM:SS`; null when it says none, or names a zone. */
export function parseTime(text: string): string | null {
  const clock = text.length > LONGEST ? null : parseClock(text.trim());
  return clock === null || clock.offset !== null ? null : clock.time;
}

function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  // 30 February would become 2 March; that is a typing error, not a date.
  return !Number.isNaN(at) && date >= '1900' && new Date(at).toISOString().startsWith(date);
}

function parseClock(text: string): { time: string; offset: number | null } | null {
  const [match, hours, minutes, seconds, half, zone] = TIME.exec(text) ?? [];
  if (match === undefined || (minutes === undefined && half === undefined)) return null;
  const hour = hourOfDay(Number(hours), half?.toLowerCase());
  const offset = zone === undefined ? null : offsetMinutes(zone);
  if (hour === null || hour > 23 || Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 59) return null;
  if (offset !== null && Number.isNaN(offset)) return null;
  return {
    time: [hour, minutes ?? '0', seconds ?? '0'].map((part) => String(part).padStart(2, '0')).join(':'),
    offset,
  };
}

function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'p' ? 12 : 0);
}

/** Minutes east of Greenwich; not a number for what is no zone of the earth. */
function offsetMinutes(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (match === null) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 14 || minutes > 59) return NaN;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** A moment as text: `field-nation` and `iso` in UTC where a zone was known, else as the clock at the site shows it. */
export function formatMoment(moment: Moment, format: DateFormat): string {
  const iso = isInstant(moment) ? new Date(moment.at).toISOString() : `${moment.date}T${moment.time ?? ''}`;
  const date = iso.slice(0, 10);
  if (format === 'date' || (!isInstant(moment) && moment.time === null)) return date;
  const time = iso.slice(11, 19);
  return format === 'field-nation' ? `${date} ${time}` : `${date}T${time}${isInstant(moment) ? 'Z' : ''}`;
}

export const isZone = (zone: string): boolean => IANAZone.isValidZone(zone);

/** A time at the site as a point in time; daylight saving skips some times and doubles others. */
export function inZone({ date, time }: LocalTime, zone: string): Instant | TimeFault {
  const text = `${date}T${time ?? '00:00:00'}`;
  const moment = DateTime.fromISO(text, { zone });
  const remedy = 'write another time, or one with a zone such as -06:00';
  if (!moment.isValid) return { fault: `is no time in ${zone}`, remedy };
  if (!moment.toISO({ includeOffset: false }).startsWith(text)) {
    return { fault: `is skipped by daylight saving in ${zone}`, remedy };
  }
  return moment.getPossibleOffsets().length > 1
    ? { fault: `comes twice by daylight saving in ${zone}`, remedy }
    : { at: moment.toMillis() };
}

/** Reads, moves and writes a date as a conversion of the config says. */
export function convertDate(text: string, conversion: DateConversion): { text: string; moment: Moment } | TimeFault {
  const read = readDate(text.trim(), conversion);
  if (isFault(read)) return read;
  const moved = conversion.addDays === undefined ? read : addDays(read, conversion.addDays, conversion.toZone);
  const { to = 'field-nation', toZone } = conversion;
  if (toZone !== undefined && !isInstant(moved)) {
    return { fault: 'has no zone to convert from', remedy: 'give the date action a zone: that of the value' };
  }
  const shown = isInstant(moved) && toZone !== undefined ? clockIn(moved, toZone) : moved;
  return { text: writeDate(shown, to, isInstant(moved) ? moved.at : null), moment: moved };
}

const NO_DATE: TimeFault = {
  fault: 'is not a date',
  remedy: 'write it as 2027-03-02 or 2027-03-02 15:00, or give the line a default',
};

function readDate(text: string, { from, zone }: DateConversion): Moment | TimeFault {
  if (from === 'epoch') {
    if (!/^-?\d{1,14}$/.test(text)) return { fault: 'is not a number of seconds', remedy: 'give the line a default' };
    // Seconds until the year 5138, milliseconds above.
    return { at: Math.abs(Number(text)) < 1e11 ? Number(text) * 1000 : Number(text) };
  }
  const moment = from === undefined ? parseMoment(text) : parseFormat(text, from);
  if (moment === null) return from === undefined ? NO_DATE : { ...NO_DATE, fault: `is not a date such as ${from}` };
  return zone === undefined || isInstant(moment) || moment.time === null ? moment : inZone(moment, zone);
}

function parseFormat(text: string, format: string): Moment | null {
  if (text.length > LONGEST) return null;
  const read = DateTime.fromFormat(text, format, { zone: 'utc', setZone: true, locale: 'en' });
  if (!read.isValid) return null;
  if (/[Zz]/.test(format.replace(/'[^']*'/g, ''))) return { at: read.toMillis() };
  return { date: read.toFormat('yyyy-MM-dd'), time: /[hHtTfF]/.test(format) ? read.toFormat('HH:mm:ss') : null };
}

function addDays(moment: Moment, days: number, zone = 'utc'): Moment {
  if (isInstant(moment)) return { at: DateTime.fromMillis(moment.at, { zone }).plus({ days }).toMillis() };
  return { ...moment, date: DateTime.fromISO(moment.date, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd') };
}

/** What the clock in a zone shows at a point in time. */
export function clockIn({ at }: Instant, zone: string): LocalTime {
  const there = DateTime.fromMillis(at, { zone });
  return { date: there.toFormat('yyyy-MM-dd'), time: there.toFormat('HH:mm:ss') };
}

function writeDate(moment: Moment, to: string, at: number | null): string {
  if (to === 'field-nation' || to === 'iso' || to === 'date') return formatMoment(moment, to);
  if (to === 'epoch' && at !== null) return String(Math.floor(at / 1000));
  const iso = isInstant(moment) ? new Date(moment.at).toISOString() : `${moment.date}T${moment.time ?? '00:00:00'}Z`;
  return DateTime.fromISO(iso, { zone: 'utc' }).toFormat(to === 'epoch' ? 'X' : to, { locale: 'en' });
}
