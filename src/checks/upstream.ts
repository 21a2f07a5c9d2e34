/** What both accounts are asked alike: quota and clock. */
import { isHourly, perMinuteOf, shareOf } from '../domain/quota-share';
import type { Meter } from './accounts';
import { fine, warning, type Area, type Finding } from './finding';

/** Beyond this, times in notes and the look-up of new orders by date are off. In ms. */
const SKEW_MS = 60_000;
/** So little that the next storm of webhooks meets a 429. */
const LEAST_LEFT = 0.1;

const NAMES = { Freshdesk: 'FRESHDESK_CALLS_PER_MINUTE', 'Field Nation': 'FIELD_NATION_CALLS_PER_MINUTE' } as const;

/** A share below this part of the limit makes tickets wait for nothing. */
const LEAST_SHARE = 1 / 3;

/** @param given the setting: calls a minute that the service may use; undefined: half of the limit. */
export function checkQuota(area: keyof typeof NAMES, meter: Meter, given: number | undefined): Finding {
  const setting = NAMES[area];
  const share = Math.floor(shareOf(given, meter.limit));
  const uses = given === undefined ? `Deskbridge uses up to ${share}` : `${setting} is ${share}`;
  if (meter.limit === null) return fine(area, 'quota', `${area} does not report its limit; ${uses}`);
  const limit = Math.floor(perMinuteOf(meter.limit));
  // What is left of an hour says little about a minute.
  const remaining = isHourly(meter.limit) ? null : meter.remaining;
  const left = remaining === null ? '' : `, ${Math.floor(remaining)} left now`;
  if (share > limit) {
    const remedy = `Set ${setting} to at most ${Math.floor(limit)}, less where others use the account too.`;
    return warning(area, setting, `is ${share}, but the account has ${limit} a minute${left}`, remedy);
  }
  if (remaining !== null && remaining < limit * LEAST_LEFT) {
    const remedy = `Wait a minute; if it is always so, lower ${setting} or find who else uses the account.`;
    return warning(area, 'quota', `${Math.floor(remaining)} of ${limit} calls a minute are left`, remedy);
  }
  if (area === 'Freshdesk' && share < limit * LEAST_SHARE && given !== undefined) {
    const remedy = `Take the setting away, and Deskbridge uses half of the limit; or raise it.`;
    return warning(
      area,
      setting,
      `is ${share} of ${limit} calls a minute${left}: tickets wait longer than they must`,
      remedy,
    );
  }
  return fine(area, 'quota', `${limit} a minute${left}; ${uses}`);
}

export function checkClock(area: Area, { clockAheadMs }: Meter): Finding[] {
  if (clockAheadMs === null) return [];
  const seconds = Math.round(Math.abs(clockAheadMs) / 1000);
  if (Math.abs(clockAheadMs) <= SKEW_MS)
    return [fine(area, 'clock', `within ${Math.max(seconds, 1)} s of this machine's`)];
  const how = clockAheadMs > 0 ? 'ahead of' : 'behind';
  return [
    warning(
      area,
      'clock',
      `this machine is ${seconds} s ${how} ${area}`,
      'Set its clock by NTP: timedatectl set-ntp true.',
    ),
  ];
}
