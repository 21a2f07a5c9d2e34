/**
 * The wait that `Retry-After` asks for, in ms: from seconds or an HTTP date (a past one is 0). Negative or unreadable
 * values are null. Not capped: the caller decides how long is too long.
 */
export function parseRetryAfter(header: string | undefined, now: number = Date.now()): number | null {
  const value = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) {
    const ms = Math.ceil(Number(value) * 1000);
    return Number.isFinite(ms) ? ms : null;
  }
  // Date.parse alone would also take `-5` or `1 day` for a date.
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : Math.max(0, time - now);
}
