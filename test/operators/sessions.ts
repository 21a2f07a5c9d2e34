/** Sessions as one web process has them; those that share records agree on what has ended. */
import { createPasses } from '../../src/http/passes';
import { createSessions, type Sessions } from '../../src/http/status/session';
import type { OnceRecords } from '../../src/temporal/once-records';
import { onceRecords } from '../helpers/once-records';

export const sessionsOf = (token: string, now = Date.now, records: OnceRecords = onceRecords()): Sessions =>
  createSessions({ passes: createPasses(token, 'acme', now), records, httpsOnly: false, now });

/** The cookie that `begin` sets. */
export async function cookieOf(sessions: Sessions, name: string | null = null): Promise<string> {
  let cookie = '';
  const response = { cookie: (key: string, value: string) => (cookie = `${key}=${value}`) };
  await sessions.begin({ header: () => undefined } as never, response as never, name);
  return cookie;
}
