/** What of an account's quota is Deskbridge's. Pure. */

/** Until an answer has told the account's limit: half of the smallest plan's. */
const FIRST_SHARE = 25;
/** Larger limits are an hour's sums: no plan allows so many calls a minute. */
const MOST_A_MINUTE = 2000;

/** Credits a minute of the whole account, from what its answers call their limit. */
export const perMinuteOf = (limit: number): number => (isHourly(limit) ? limit / 60 : limit);

export const isHourly = (limit: number): boolean => limit > MOST_A_MINUTE;

/** Credits a minute for all processes together: the setting, else half of the account's limit. */
export const shareOf = (setting: number | undefined, limit: number | null): number =>
  setting ?? (limit === null ? FIRST_SHARE : Math.max(1, perMinuteOf(limit) / 2));
