/** Versions of the Temporal program: the one that Deskbridge builds or downloads, and the oldest one it accepts. */

/** Pinned in `tools/temporal/go.mod`; a test holds the two together. */
export const PINNED_CLI_VERSION = '1.8.2';
export const PINNED_SERVER_VERSION = '1.31.2';

/** Task priorities and run-time rate limits of task queues came with this server. */
export const OLDEST_SERVER_VERSION = '1.29.0';

/** Negative when `left` is older than `right`, 0 when they are equal; compares the numbers of `major.minor.patch`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
