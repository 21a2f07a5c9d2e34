/** Parts of the pages as on a day on which nothing has happened yet. */
import type { PageParts } from '../../src/http/status/routes';

export const QUIET_DAY: PageParts = {
  overview: {
    tiles: async () => ({
      ...{ open: 0, attention: 0, oldestWaiting: null, doneToday: 0, week: { done: 0, cancelled: 0 } },
      ...{ contactsWaiting: 0, sweep: null, watched: null },
      troubles: { upstream: {}, refused: {}, sweeps: { failed: 0, runningSince: null }, alerts: null },
    }),
    visits: async () => [],
    month: async () => ({ days: [], more: false }),
    trends: async () => ({
      hours: Array.from({ length: 24 }, (_, hour) => ({
        from: new Date(Date.UTC(2026, 10, 22, hour)).toISOString(),
        count: 0,
      })),
      ...{ untilOrder: [], withoutOrder: 0 },
    }),
  },
  sites: { look: () => Promise.resolve(null) },
  calls: () => Promise.resolve([]),
  operations: {
    waiting: async () => [],
    retry: async (runs) => runs.length,
    approve: async (given) => new Set(given.map(({ ticketId }) => ticketId)),
    checkNow: async () => true,
  },
  contactRuns: {
    list: async () => ({ rows: [], nextCursor: null }),
    view: async () => null,
    find: async () => ({ runs: [], imported: [] }),
    retry: async () => false,
  },
  contactCalls: async () => [],
  quota: { freshdesk: () => null, callsPerMinute: { freshdesk: 50, fieldNation: 60 } },
  links: () => ({ temporal: null, sandbox: null }),
};
