import type { DateFormat } from './action';

// Date, then perhaps a time (24 hours, or with am/pm) and a zone. Anchored and without nested repeats: linear.
const FORM =
  /^(\d{4})-(\d{2})-(\d{2})(?:(?:T|,? +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ?(am|pm))?(?: ?(z|utc|[+-]\d{2}:?\d{2}))?)?$/i;

/** Milliseconds since 1970 of a date as Freshdesk and people write it; without a zone it is UTC. Null when unreadable. */
export function parseDate(text: string): number | null {
  const match = text.length > 60 ? null : FORM.exec(text.trim());
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const hour = hourOfDay(Number(match[4] ?? 0), match[7]?.toLowerCase());
  const [minute, second] = [Number(match[5] ?? 0), Number(match[6] ?? 0)];
  if (hour === null || hour > 23 || minute > 59 || second > 59 || year < 1900) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  // Date.UTC turns 30 February into 2 March; that is a typing error, not a date.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = offsetMinutes(match[8]);
  return offset === null ? null : date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000;
}

function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

function offsetMinutes(zone: string | undefined): number | null {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '');
  if (match === null) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 14 || minutes > 59) return null;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** A point in time as `format` writes it, always in UTC. */
export function formatDate(at: number, format: DateFormat): string {
  const iso = new Date(at).toISOString();
  switch (format) {
    case 'field-nation':
      return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
    case 'iso':
      return `${iso.slice(0, 19)}Z`;
    case 'date':
      return iso.slice(0, 10);
  }
}
