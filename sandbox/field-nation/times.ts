/** Times as Field Nation writes them (contract, section 3). */

const ZONES: Record<string, { id: number; name: string }> = {
  eastern: { id: 5, name: 'America/New_York' },
  central: { id: 9, name: 'America/Chicago' },
  mountain: { id: 12, name: 'America/Denver' },
  pacific: { id: 15, name: 'America/Los_Angeles' },
};
const CENTRAL = new Set([
  'AL',
  'AR',
  'IA',
  'IL',
  'KS',
  'LA',
  'MN',
  'MO',
  'MS',
  'ND',
  'NE',
  'OK',
  'SD',
  'TN',
  'TX',
  'WI',
]);
const MOUNTAIN = new Set(['AZ', 'CO', 'ID', 'MT', 'NM', 'UT', 'WY']);
const PACIFIC = new Set(['CA', 'NV', 'OR', 'WA']);

export interface SiteZone {
  id: number;
  name: string;
}

/** The time zone of a US state; Eastern for everywhere else. */
export function zoneOf(state: string): SiteZone {
  const code = state.toUpperCase();
  const key = CENTRAL.has(code)
    ? 'central'
    : MOUNTAIN.has(code)
      ? 'mountain'
      : PACIFIC.has(code)
        ? 'pacific'
        : 'eastern';
  return ZONES[key] ?? { id: 5, name: 'America/New_York' };
}

/** `2027-03-02 15:00:00`. */
export const utcText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** The same moment in UTC and at the site. */
export function timeObject(ms: number, zone: SiteZone): { utc: string; local: { date: string; time: string } } {
  const [date = '', time = ''] = localText(ms, zone).split(' ');
  return { utc: utcText(ms), local: { date, time } };
}

/** Reads the space form and ISO; null when it is neither. */
export function parseUtc(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?$/.exec(text.trim());
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** Minutes that a zone is ahead of UTC at a moment. */
export function offsetMinutes(ms: number, zone: SiteZone): number {
  const local = Date.parse(`${localText(ms, zone).replace(' ', 'T')}Z`);
  return Math.round((local - ms) / 60_000);
}

/** Events carry their moment with the offset of the head office: `2027-02-27T09:15:42-06:00`. */
export function eventTime(ms: number): string {
  const zone = ZONES['central'] ?? { id: 9, name: 'America/Chicago' };
  const offset = offsetMinutes(ms, zone);
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  return `${localText(ms, zone).replace(' ', 'T')}${offset < 0 ? '-' : '+'}${hours}:00`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localText(ms: number, zone: SiteZone): string {
  let format = formats.get(zone.name);
  if (format === undefined) {
    // The Swedish form is the ISO one with a space.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone.name, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone.name, format);
  }
  return format.format(ms);
}
