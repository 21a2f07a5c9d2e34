/** Times by the clock of the shell, whatever clock a text was written by. */
import { DateTime } from 'luxon';
import { withMoments } from '../domain/moments';

const inZone = (iso: string, zone: string): DateTime => DateTime.fromISO(iso, { zone, locale: 'en' });

/** The time for the head of a line: `2026-03-01 19:30:12`. */
export const clock = (iso: string, zone = 'local'): string => inZone(iso, zone).toFormat('yyyy-MM-dd HH:mm:ss');

/** The time inside a sentence: `2026-03-01 19:30 GMT+1`. */
export const clockWithZone = (iso: string, zone = 'local'): string =>
  inZone(iso, zone).toFormat('yyyy-MM-dd HH:mm ZZZZ');

/** The sentence with its times as {@link clockWithZone} has them. */
export const byClock = (text: string, zone = 'local'): string =>
  withMoments(text, (iso) => clockWithZone(iso, zone)).join('');

/** Such as `Europe/Berlin`. */
export const zoneName = (): string => DateTime.local().zoneName;
