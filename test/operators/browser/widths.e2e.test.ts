/** Pages with words, numbers and waits that are longer than anybody expects, in windows of every width. */
import { ATTENTION_REASONS, type DispatchView } from '../../../src/contract/dispatch';
import type { PageParts } from '../../../src/http/status/routes';
import { serveApp, type AppServer } from '../../edge/app-server';
import { describeInBrowser, sticksOut } from '../../helpers/browser';
import { QUIET_DAY } from '../page-parts';

const WORD = 'Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft';
const ADDRESS = `https://acme.freshdesk.com/a/tickets/${'9'.repeat(60)}?q=${WORD}`;
const TEXT = `${WORD} ${ADDRESS} POST /workorders with 400 /custom_fields/results/${'x'.repeat(80)}`;
const MANY = 987_654_321;
const YEARS_AGO = '2019-02-03T04:05:06.789Z';
const NOW = new Date().toISOString();
const FACTS = { subject: TEXT.slice(0, 120), site: WORD, technician: WORD, start: NOW, pay: `${MANY}.99 USD` };

const VIEW: DispatchView = {
  ...{ ticketId: MANY, account: WORD, visit: 1234, state: 'attention', correlationId: `FD-${WORD}-${MANY}-1234` },
  ...{ workOrderId: MANY, workOrderStatus: WORD, waitingFor: TEXT, nextAttemptAt: NOW },
  attention: { reason: 'rejected', detail: TEXT, remedy: `${TEXT} or run \`deskbridge retry ${MANY}\`` },
  timeline: [{ at: NOW, what: WORD, detail: TEXT }],
  links: { ticket: ADDRESS, workOrder: ADDRESS, workflow: ADDRESS },
};
const TIMES = {
  triggeredAt: YEARS_AGO,
  orderedAt: YEARS_AGO,
  publishedAt: null,
  endedAt: null,
  waitingSince: YEARS_AGO,
};
const WAITING = ATTENTION_REASONS.map((reason, index) => ({
  ...{ workflowId: `dispatch-acme-${MANY}`, ticketId: MANY + index, reason, detail: TEXT, since: YEARS_AGO },
  approval: { amount: MANY },
}));
const PAGES: PageParts = {
  ...QUIET_DAY,
  overview: {
    tiles: async () => ({
      ...{ open: MANY, attention: MANY, oldestWaiting: { ticketId: MANY, since: YEARS_AGO }, doneToday: MANY },
      ...{ week: { done: MANY, cancelled: MANY }, contactsWaiting: MANY, watched: null },
      sweep: { at: YEARS_AGO, running: false, failed: true },
      troubles: {
        upstream: { 'field-nation': { since: YEARS_AGO, status: 503, waiting: MANY, nextTry: NOW } },
        refused: { freshdesk: { count: MANY, since: YEARS_AGO, last: NOW } },
        ...{ sweeps: { failed: 3, runningSince: YEARS_AGO }, alerts: { stuck: MANY, late: MANY, quota: MANY } },
      },
    }),
    visits: async () => [
      { ticketId: MANY, start: YEARS_AGO, dueAt: NOW, state: 'assigned', orderedAt: NOW, facts: FACTS },
    ],
    month: async () => ({
      days: Array.from({ length: 30 }, () => ({
        ...{ from: NOW, onTime: MANY, late: MANY, open: MANY, backOuts: MANY, problems: MANY },
      })),
      more: true,
    }),
    trends: async () => ({
      hours: Array.from({ length: 24 }, () => ({ from: NOW, count: MANY })),
      ...{ untilOrder: Array.from({ length: 500 }, (_, index) => index * MANY), withoutOrder: MANY },
    }),
  },
  operations: { ...QUIET_DAY.operations, waiting: async () => WAITING },
  quota: {
    freshdesk: () => ({ remaining: MANY, limit: MANY, at: YEARS_AGO }),
    callsPerMinute: { freshdesk: MANY, fieldNation: MANY },
  },
};

describeInBrowser('pages with long words, large numbers and long waits', (visit) => {
  let app: AppServer;
  beforeAll(async () => {
    const rows = [{ ...TIMES, dispatch: VIEW, facts: FACTS }];
    const look = { view: VIEW, silent: null, approval: { amount: MANY }, facts: FACTS, parentId: MANY };
    app = await serveApp(
      { rows: async () => ({ rows, nextCursor: null }), look: async () => look, view: async () => VIEW },
      { pages: PAGES },
    );
  });
  afterAll(() => app?.close());

  const paths = ['/', '/waiting', '/approve', '/events', `/dispatches/${MANY}`, `/dispatches/${MANY}/cancel`];

  it.each(paths.flatMap((path) => [320, 390, 768, 1280].map((width) => [path, width] as const)))(
    '%s keeps to a window of %d px',
    async (path, width) => {
      const page = await visit(`${app.url}${path}`, { width });
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    },
  );

  it('shows the names of events as words on a phone', async () => {
    await app.events('track', { userId: 'u1', event: 'Item Purchased' });
    const page = await visit(`${app.url}/events`, { width: 320 });
    const name = await page.getByText('Item Purchased').boundingBox();
    // One line, not a letter below the other.
    expect(name?.width).toBeGreaterThan(name?.height ?? Infinity);
  });
});
