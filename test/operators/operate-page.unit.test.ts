/** What operators see of troubles that concern all, and what they do to many at once on the page. */
import type { PageParts } from '../../src/http/status/routes';
import type { Yes } from '../../src/temporal/operations';
import { NothingToApproveError, VisitOpenError } from '../../src/temporal/starter';
import type { Tiles } from '../../src/temporal/overview';
import type { WaitingRun } from '../../src/temporal/waiting-runs';
import { serveApp, type AppServer } from '../edge/app-server';
import { QUIET_DAY } from './page-parts';

const adminToken = 'canary-admin-token';
const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/x-www-form-urlencoded' };
let app: AppServer;
afterEach(() => app?.close());

const serve = async (
  behaviour: Parameters<typeof serveApp>[0] = {},
  pages: Partial<PageParts> = {},
): Promise<AppServer> => (app = await serveApp(behaviour, { adminToken, pages }));
const page = async (path: string): Promise<string> => (await fetch(`${app.url}${path}`, { headers })).text();
const post = (path: string, form: [string, string][] = []): Promise<Response> =>
  fetch(`${app.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });

const day = (change: Partial<Tiles>): Partial<PageParts> => ({
  overview: { ...QUIET_DAY.overview, tiles: async () => ({ ...(await QUIET_DAY.overview.tiles()), ...change }) },
});
const NO_TROUBLE: Tiles['troubles'] = {
  ...{ upstream: {}, refused: {}, sweeps: { failed: 0, runningSince: null }, alerts: null },
};
const troubled = (troubles: Partial<Tiles['troubles']>) => day({ troubles: { ...NO_TROUBLE, ...troubles } });

const PAUSED = { paused: true, reason: 'Stock count', by: 'ann', since: '2026-03-01T08:00:00.000Z' };
const paused = async () => ({
  pause: PAUSED,
  upstreams: { freshdesk: null, fieldNation: null },
  watched: {},
  baseline: { waitsBefore: null, count: 0, more: false },
  ordersLastHour: 0,
});

const waits = (ticketId: number, change: Partial<WaitingRun> = {}): WaitingRun => ({
  ...{ workflowId: `dispatch-acme-${ticketId}`, ticketId, reason: 'unauthorized', detail: 'The API key was rejected' },
  ...{ approval: null, since: '2026-03-01T08:00:00.000Z', ...change },
});

/** Answers with these runs, and records what is done to them. */
function operations(runs: WaitingRun[], approves: (yes: Yes) => boolean = () => true) {
  const retried: number[][] = [];
  const approved: Yes[] = [];
  const parts: PageParts['operations'] = {
    ...QUIET_DAY.operations,
    waiting: async ({ reason }) => runs.filter((run) => reason === undefined || run.reason === reason),
    retry: async (given) => retried.push(given.map(({ ticketId }) => ticketId ?? 0)) && given.length,
    approve: async (given) => {
      approved.push(...given);
      return new Set(given.filter(approves).map(({ ticketId }) => ticketId));
    },
  };
  return { parts, retried, approved };
}

describe('the visits of these hours', () => {
  const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
  const facts = { subject: null, site: 'Store 7', technician: null, start: null, pay: null };
  const visits = (...found: Awaited<ReturnType<PageParts['overview']['visits']>>): Partial<PageParts> => ({
    overview: { ...QUIET_DAY.overview, visits: async () => found },
  });

  it('stand by time, with what is late', async () => {
    await serve(
      {},
      visits(
        {
          ticketId: 11,
          start: soon(-30),
          state: 'assigned',
          orderedAt: null,
          dueAt: null,
          facts: { ...facts, technician: 'Lee Park' },
        },
        { ticketId: 12, start: soon(60), dueAt: null, state: 'dispatched', orderedAt: soon(-600), facts },
        { ticketId: 15, start: soon(230), dueAt: null, state: 'dispatched', orderedAt: soon(-10), facts },
        { ticketId: 13, start: soon(600), dueAt: null, state: 'dispatched', orderedAt: null, facts: null },
        { ticketId: 14, start: soon(-60), dueAt: null, state: 'on-site', orderedAt: null, facts },
      ),
    );
    const text = await page('/');
    expect(text).toContain('5 visits, 2 late');
    expect(text.match(/Not arrived/g)).toHaveLength(1);
    expect(text.match(/Nobody assigned/g)).toHaveLength(1);
    expect(text).toContain('Lee Park');
  });

  it('are late after the end of their arrival window, which the page names', async () => {
    const assigned = { state: 'assigned' as const, orderedAt: null, facts };
    await serve(
      {},
      visits(
        { ticketId: 21, start: soon(-180), dueAt: soon(-1), ...assigned },
        { ticketId: 22, start: soon(-180), dueAt: soon(60), ...assigned },
      ),
    );
    const text = await page('/');
    expect(text).toContain('2 visits, 1 late');
    expect(text.match(/arrival by <time/g)).toHaveLength(2);
  });

  it('are not there on a day without any', async () => {
    await serve();
    expect(await page('/')).not.toContain('the next 24');
  });
});

describe('the banner', () => {
  it('is empty on a day without trouble, and only then nothing is said to wait', async () => {
    await serve();
    const text = await page('/');
    expect(text).toContain('Nothing is waiting');
    expect(text).not.toContain('class="panel');
  });

  it.each<[string, Partial<PageParts>, string]>([
    [
      'a system that does not answer, and since when',
      troubled({
        upstream: { 'field-nation': { since: '2026-03-01T18:30:00Z', status: 503, waiting: 12, nextTry: null } },
      }),
      'Field Nation does not answer (503)',
    ],
    [
      'webhooks that were refused',
      troubled({ refused: { freshdesk: { since: '2026-03-01T18:30:00Z', last: '2026-03-01T18:40:00Z', count: 4 } } }),
      '4 webhooks of Freshdesk refused',
    ],
    ['sweeps that fail', troubled({ sweeps: { failed: 2, runningSince: null } }), '2 of the last three failed.'],
    [
      'a sweep that never ends',
      troubled({ sweeps: { failed: 0, runningSince: '2026-03-01T08:00:00Z' } }),
      'running since',
    ],
    ['runs that are stuck', troubled({ alerts: { stuck: 3 } }), '3 runs cannot go on'],
    [
      'a quota that is used up',
      { quota: { ...QUIET_DAY.quota, freshdesk: () => ({ remaining: 0, limit: 700, at: new Date().toISOString() }) } },
      'quota is used up',
    ],
  ])('tells of %s', async (_, parts, words) => {
    await serve({}, parts);
    const text = await page('/');
    expect(text).toContain(words);
    expect(text).not.toContain('Nothing is waiting');
  });

  it('says that dispatching is paused, by whom and why, and has the button that ends it', async () => {
    await serve({ state: paused });
    const text = await page('/');
    expect(text).toContain('Dispatching is paused');
    expect(text).toMatch(/ann paused it[^]*Stock count/);
    expect(text).toContain('action="/resume"');
    expect(text).not.toContain('action="/pause"');
    expect((await post('/resume')).headers.get('location')).toBe('/?done=resumed');
    expect(app.calls.map(([name]) => name)).toContain('resume');
  });
});

describe('what the page does for all', () => {
  it('pauses with a reason, and not without', async () => {
    await serve();
    expect((await post('/pause', [['reason', ' ']])).status).toBe(400);
    expect((await post('/pause', [['reason', ' Stock count ']])).headers.get('location')).toBe('/?done=paused');
    expect(app.calls).toEqual([['pause', { reason: 'Stock count', by: null }]]);
  });

  it('dispatches a ticket by its number, and says why it does not', async () => {
    await serve({
      dispatchVisit: async (id) => {
        if (id === 8) throw new VisitOpenError('A visit for ticket 8 is under way');
        return '';
      },
    });
    expect((await post('/dispatch', [['ticket', '#7']])).headers.get('location')).toBe('/dispatches/7?done=dispatch');
    const open = await post('/dispatch', [['ticket', '8']]);
    expect([open.status, await open.text()]).toEqual([
      409,
      expect.stringContaining('A visit for ticket 8 is under way'),
    ]);
    expect((await post('/dispatch', [['ticket', 'printer']])).status).toBe(400);
  });

  it('checks for missed changes at once, and says when the check is off', async () => {
    await serve();
    expect((await post('/check')).headers.get('location')).toBe('/?done=checked');
    await app.close();
    await serve({}, { operations: { ...QUIET_DAY.operations, checkNow: async () => false } });
    expect((await post('/check')).headers.get('location')).toBe('/?done=no-check');
    expect(await page('/?done=no-check')).toContain('RECONCILE_INTERVAL is 0');
  });

  it('groups what waits by cause, and tries exactly that group again', async () => {
    const { parts, retried } = operations([
      ...[1, 2, 3].map((id) => waits(id)),
      waits(4, { detail: 'Another key was rejected' }),
      waits(5, { reason: 'mapping', detail: 'Site address is empty' }),
    ]);
    await serve({}, { operations: parts });
    const text = await page('/waiting');
    expect(text.indexOf('Try these 3 again')).toBeLessThan(text.indexOf('Try this one again'));
    expect(await page('/waiting?reason=mapping')).not.toContain('The API key was rejected');
    const form: [string, string][] = [
      ['reason', 'unauthorized'],
      ['detail', 'The API key was rejected'],
    ];
    expect((await post('/waiting/retry', form)).headers.get('location')).toBe('/waiting?retried=3');
    expect(retried).toEqual([[1, 2, 3]]);
  });

  it('never takes a retry for a yes to money', async () => {
    const { parts, retried } = operations([waits(1, { reason: 'approval', approval: { amount: 5 } })]);
    await serve({}, { operations: parts });
    expect(await page('/waiting')).not.toContain('action="/waiting/retry"');
    expect((await post('/waiting/retry', [['reason', 'approval']])).status).toBe(400);
    expect(retried).toEqual([]);
  });
});

const REMEDY = 'To say yes, run `deskbridge approve 7`. To say no, run `deskbridge cancel 7 --reason …`.';

describe('approving', () => {
  const asks = [
    waits(1, { reason: 'approval', approval: { amount: 1250.5 } }),
    waits(2, { reason: 'approval', approval: { amount: null } }),
  ];

  it('lists count and sum, and approves exactly what was listed', async () => {
    const { parts, approved } = operations(asks);
    await serve({}, { operations: parts });
    const text = await page('/approve');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Approve these 2 tickets: 1250.50 USD, and 1 without a bound');
    const listed = [...text.matchAll(/name="yes" value="([^"]+)"/g)].map(([, value]): [string, string] => [
      'yes',
      value ?? '',
    ]);
    expect(listed).toEqual([
      ['yes', '1:1250.5'],
      ['yes', '2:open'],
    ]);
    expect((await post('/approve', listed)).status).toBe(200);
    expect(approved).toEqual([
      { ticketId: 1, amount: 1250.5 },
      { ticketId: 2, amount: null },
    ]);
  });

  it('says of how many another sum waits by now', async () => {
    const { parts } = operations(asks, ({ ticketId }) => ticketId === 1);
    await serve({}, { operations: parts });
    const answer = await post('/approve', [
      ['yes', '1:1250.5'],
      ['yes', '2:open'],
    ]);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('1 of 2 approved. For the other 1, another sum or nothing waits now.');
  });

  it.each([[[]], [[['yes', '1']]], [[['yes', '1:abc']]]] as [string, string][][][])(
    'approves nothing for the form %j',
    async (form) => {
      const { parts, approved } = operations(asks);
      await serve({}, { operations: parts });
      expect((await post('/approve', form)).status).toBe(400);
      expect(approved).toEqual([]);
    },
  );

  it('sends the sum that the ticket page shows, and tells of a refusal', async () => {
    const view = {
      ...{ ticketId: 7, account: 'acme', visit: 1, state: 'attention' as const, correlationId: 'FD-acme-7-1' },
      ...{ workOrderId: null, workOrderStatus: null, waitingFor: 'a person', nextAttemptAt: null, timeline: [] },
      attention: { reason: 'approval' as const, detail: 'It costs more', remedy: REMEDY },
      links: { ticket: 'https://acme.freshdesk.com/a/tickets/7', workOrder: null, workflow: null },
    };
    await serve({
      look: async () => ({ view, silent: null, approval: { amount: 1250.5 }, facts: null, parentId: null }),
      approve: async (_id, yes) => {
        if (yes?.amount !== 1250.5)
          throw new NothingToApproveError('Ticket 7 waits for an approval of 1250.5, not of 9');
      },
    });
    const text = await page('/dispatches/7');
    expect(text).toContain('Approve 1250.50 USD');
    expect(text).toContain('To say yes, press “Approve”. To say no, press “Cancel…”.');
    expect(text).toContain('value="7:1250.5"');
    const yes = await post('/dispatches/7/approve', [['yes', '7:1250.5']]);
    expect(yes.headers.get('location')).toBe('/dispatches/7?done=approve');
    expect(app.calls).toContainEqual(['approve', 7, { by: null, amount: 1250.5 }]);
    const other = await post('/dispatches/7/approve', [['yes', '7:9']]);
    expect([other.status, await other.text()]).toEqual([
      409,
      expect.stringContaining('an approval of 1250.5, not of 9'),
    ]);
  });
});
