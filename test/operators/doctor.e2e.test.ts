/** The doctor on an account where all is well, and its probe: one draft that is never published and always deleted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { createFieldNationClient } from '../../src/clients/field-nation';
import { correlationLine } from '../../src/domain/correlation';
import { probeId, PROBE_TITLE } from '../../src/domain/probe';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import { startStack, type Stack } from '../helpers/stack';
import { sweepsOf, type Sweeps } from '../helpers/sweeps';
import { until } from '../helpers/until';

let stack: Stack;
let sweeps: Sweeps;
let folder: string;
let settings: Record<string, string>;
beforeAll(async () => {
  stack = await startStack();
  sweeps = await sweepsOf(stack);
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-doctor-'));
  settings = settingsOf(stack, join(folder, 'data'));
});
afterAll(async () => {
  await sweeps.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
  stack.sandbox.control.setWebhookActive(true);
});

interface Report {
  ok: boolean;
  checks: Finding[];
  calls: { freshdesk: number; fieldNation: number };
}

const DELETED = 10;
const orders = (): Record<string, unknown>[] => stack.sandbox.control.workOrders();
const statusOf = (order: Record<string, unknown>): unknown => (order.status as { id: number }).id;
const wasPublished = (order: Record<string, unknown>): boolean =>
  Boolean((order.milestones as Record<string, unknown> | undefined)?.published);
const writes = (): string[] =>
  stack.sandbox.control
    .history()
    .filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth/token'))
    .map(({ route }) => route);
const linesOf = (report: Report, area: Finding['area']): Record<string, Finding['level']> =>
  Object.fromEntries(report.checks.filter((line) => line.area === area).map(({ what, level }) => [what, level]));

async function probed(): Promise<{ run: CliRun; report: Report; made: Record<string, unknown>[] }> {
  const before = new Set(orders().map(({ id }) => id));
  const run = await runCli(['doctor', '--probe', '--json'], settings);
  return { run, report: run.json<Report>(), made: orders().filter(({ id }) => !before.has(id)) };
}

test('reads only, tells how many calls that took, and ends with 0 when nothing is wrong', async () => {
  stack.sandbox.control.clearHistory();
  const run = await runCli(['doctor', '--json'], settings);
  const report = run.json<Report>();
  expect(report.checks.filter(({ level }) => level === 'red')).toEqual([]);
  expect([run.code, report.ok, writes()]).toEqual([0, true, []]);
  const asked = (system: string): number =>
    stack.sandbox.control.history().filter((entry) => entry.system === system).length;
  expect(report.calls).toEqual({ freshdesk: asked('freshdesk'), fieldNation: asked('field-nation') });
  expect(report.calls.freshdesk + report.calls.fieldNation).toBeLessThan(15);
});

test('shows a line for each thing with a mark and the remedy under it, and what it cost', async () => {
  const { out } = await runCli(['doctor'], settings);
  expect(out).toMatch(/^✔ ok {4}Temporal {5}namespace: /m);
  expect(out).toMatch(/^! look {2}Freshdesk {4}rule for changed tickets: .*own changes.*\n +→ .*setup freshdesk/m);
  expect(out).toMatch(/Calls made: \d+ to Freshdesk, \d+ to Field Nation\./);
});

test('the probe says which of the published forms this company speaks', async () => {
  const formsOf = ({ checks }: Report): Record<string, string> =>
    Object.fromEntries(
      checks.flatMap(({ what, detail }) =>
        what.startsWith('form of ') ? [[what.slice('form of '.length), detail]] : [],
      ),
    );
  expect(formsOf((await probed()).report)).toMatchObject({
    webhooks: 'event with workorder, the whole order',
    'custom fields': 'grouped by who fills them in',
    'the list': 'whole orders',
    'webhook secrets': 'always shown',
    'delivery logs': 'each names its work order',
    "Freshdesk's rules": '`rules` and `meta`; more pages by a Link header',
    "Freshdesk's filter of contacts by external id": 'honoured',
    "Freshdesk's times": 'UTC',
    "Freshdesk's due dates": expect.stringMatching(/^ticket \d+, the newest, has one$/),
  });
  stack.sandbox.control.setKnobs({
    freshdesk: {
      ...{ ruleList: 'array', ruleListLink: false, externalIdFilter: 'ignored', timestamps: 'offset' },
    },
    fieldNation: {
      ...{ webhookBody: 'eventName', webhookOrder: 'thin', customFieldForm: 'flat', listModel: 'ids' },
      ...{ webhookSecret: 'onCreate', deliveryLogOrder: 'never' },
    },
  });
  expect(formsOf((await probed()).report)).toMatchObject({
    webhooks: 'eventName with data, the order by its number and little else',
    'custom fields': 'flat',
    'the list': 'numbers only: each order that is looked for costs a call more',
    'webhook secrets': 'shown once, at creation',
    'delivery logs': 'without the work order: after a failed delivery reconcile looks at every open order',
    "Freshdesk's rules": 'an array; more pages by their count alone, or there are none',
    "Freshdesk's filter of contacts by external id": 'ignored: others are found too, and passed over',
    "Freshdesk's times": 'with an offset',
  });
  stack.sandbox.control.setKnobs({ freshdesk: { externalIdFilter: 'rejected' } });
  expect(formsOf((await probed()).report)).toMatchObject({
    "Freshdesk's filter of contacts by external id": 'refused with 400',
  });
});

test('tells which key encrypts and which only read', async () => {
  const key = (letter: string): string => Buffer.alloc(32, letter).toString('base64');
  const env = { ...settings, DESKBRIDGE_ENCRYPTION_KEYS: `k2:${key('b')},k1:${key('a')}` };
  const { out } = await runCli(['doctor'], env);
  expect(out).toMatch(/^✔ ok .*DESKBRIDGE_ENCRYPTION_KEYS: .*encrypted with k2; k1 only read$/m);
  expect(out).not.toContain(key('b'));
});

test('the probe finds its draft by search and list, hears its webhook, and leaves nothing behind', async () => {
  const { run, report, made } = await probed();
  expect(linesOf(report, 'Probe')).toEqual({
    ...{ create: 'green', description: 'green', 'dispatch.correlationField': 'green', search: 'green' },
    ...{ 'newest orders': 'green', webhook: 'green', delete: 'green' },
    ...{ 'form of custom fields': 'green', 'form of delivery logs': 'green', 'form of file links': 'green' },
    ...{ 'form of the list': 'green', 'form of webhook secrets': 'green', 'form of webhooks': 'green' },
    ...Object.fromEntries(
      ['rules', 'filter of contacts by external id', 'times', 'due dates', 'company of a ticket without one'].map(
        (what) => [`form of Freshdesk's ${what}`, 'green'],
      ),
    ),
  });
  expect([run.code, made.map(statusOf), made.some(wasPublished)]).toEqual([0, [DELETED], false]);
});

test.each([
  ['an answer to the create that is lost', 'lost-answer', 'createWorkOrder', undefined],
  ['a deletion that fails once', 'status', 'deleteWorkOrder', 503],
  ['a deletion whose answer is lost', 'lost-answer', 'deleteWorkOrder', undefined],
  ['a view that fails', 'status', 'viewWorkOrder', 500],
] as const)('deletes its draft after %s', async (_, kind, path, status) => {
  stack.sandbox.control.addFault({ system: 'field-nation', kind, path, times: 1, ...(status ? { status } : {}) });
  const { made } = await probed();
  expect([made.map(statusOf), made.some(wasPublished)]).toEqual([[DELETED], false]);
});

test.each([{ ticketScope: 2 }, { ticketScope: 3 }, { agentType: 'collaborator' }] as const)(
  'is red where the key lacks a right: %j',
  async (knobs) => {
    stack.sandbox.control.setKnobs({ freshdesk: knobs });
    const run = await runCli(['doctor', '--json'], settings);
    const red = run.json<Report>().checks.filter(({ level }) => level === 'red');
    expect([run.code, red.map(({ area, what }) => `${area} ${what}`)]).toEqual([1, ['Freshdesk rights']]);
  },
);

test('says what cannot be relied on, in words, and deletes the draft all the same', async () => {
  stack.sandbox.control.setKnobs({
    fieldNation: { searchesDescription: false, searchesCustomFields: false, apiChangesEcho: false },
  });
  const { run, report, made } = await probed();
  expect(linesOf(report, 'Probe')).toMatchObject({ search: 'yellow', 'newest orders': 'green', webhook: 'yellow' });
  expect([run.code, made.map(statusOf)]).toEqual([0, [DELETED]]);
  for (const { level, remedy } of report.checks) expect([level, remedy !== null]).toEqual([level, level !== 'green']);
});

test('is red where neither search nor list show a draft: a lost answer could not be resolved', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { searchLagMs: 10 * 60_000 } });
  const { run, report, made } = await probed();
  expect(linesOf(report, 'Probe')).toMatchObject({ search: 'yellow', 'newest orders': 'red', delete: 'green' });
  expect([run.code, made.map(statusOf)]).toEqual([1, [DELETED]]);
});

test('Ctrl-C calls the probe off, not the deletion', async () => {
  // So it searches in vain, for long enough.
  stack.sandbox.control.setKnobs({ fieldNation: { searchLagMs: 10 * 60_000 } });
  const before = orders().length;
  const probing = probed();
  await until('the draft', () => orders().length > before);
  process.emit('SIGINT');
  const { report, made } = await probing;
  expect(report.checks.at(-1)).toMatchObject({ what: 'probe', detail: 'was called off' });
  expect([made.map(statusOf), made.some(wasPublished)]).toEqual([[DELETED], false]);
});

test("a killed probe's draft is never taken for a ticket's, and the next probe deletes it", async () => {
  const client = createFieldNationClient({
    baseUrl: stack.sandbox.fieldNationUrl,
    credentials: { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' },
  });
  const id = probeId(stack.account, 4711);
  const left = await client.createWorkOrder({ title: PROBE_TITLE, description: { html: correlationLine(id) } });
  // Somebody's own draft that only looks alike.
  const other = await client.createWorkOrder({ title: PROBE_TITLE });
  await client.close();
  await stack.sandbox.control.idle();

  const sweep = await sweeps.sweep();
  expect(sweep).toMatchObject({ drafts: { signalled: 0 }, takenOver: [] });
  expect(await stack.dispatches.list({ limit: 10 })).toEqual({ items: [], nextCursor: null });
  expect(statusOf(stack.sandbox.control.workOrder(left.id))).toBe(1);

  await probed();
  expect(statusOf(stack.sandbox.control.workOrder(left.id))).toBe(DELETED);
  expect(statusOf(stack.sandbox.control.workOrder(other.id))).toBe(1);
});
