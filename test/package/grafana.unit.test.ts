/** What the dashboard and the alert rules ask for is what `/metrics` has. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { createMetrics } from '../../src/metrics';
import type { Standing } from '../../src/temporal/standing';

const read = (name: string): string => readFileSync(resolve(__dirname, '../../docs/grafana', name), 'utf8');
interface Dashboard {
  panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
}
interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string; remedy: string } }[] }[];
}
const dashboard = JSON.parse(read('deskbridge.json')) as Dashboard;
const rules = (parse(read('alert-rules.yaml')) as Rules).groups.flatMap((group) => group.rules);
const expressions = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
];

/** Series of the SDK that a test of the running service has seen; see `e2e/process/parts`. */
const SDK = [
  'temporal_workflow_task_schedule_to_start_latency_seconds_bucket',
  'temporal_activity_schedule_to_start_latency_seconds_bucket',
  'temporal_request_latency_seconds_bucket',
];

const STANDING = {
  ...{ account: 'acme', dispatches: { attention: 1 }, attention: { mapping: 1 }, oldestUnsynced: 60 },
  ...{ alerts: { attention: 1 }, alertsCheckedAt: 1, webhooks: { freshdesk: 1, 'field-nation': 1 } },
} as unknown as Standing;

/** Every series of a process that has done everything once, with its labels. */
async function everySeries(): Promise<Map<string, Set<string>>> {
  const metrics = createMetrics();
  metrics.showStanding(async () => STANDING);
  metrics.answered('POST /v1/track', 200, 1);
  metrics.event('dropped', 'anonymous');
  metrics.contactOutcome('created', 1);
  metrics.sweepRepair('order', 1);
  metrics.upstreamCall({ system: 'freshdesk', status: null, ms: 1 });
  metrics.quota('freshdesk', { limit: 50, remaining: 5 });
  metrics.activityRetry('fetchTicket');
  metrics.ambiguousCreate();
  metrics.workOrderMade(1);
  metrics.published(1);
  metrics.showQuotas(() => ({
    ...{ limit: 50, share: 25, used: 1, heldMs: 0, processes: 1, left: null },
    waiting: { 5: 1 },
  }));
  metrics.alertTold('attention', 'raised');
  const series = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of (await metrics.text()).matchAll(/^(deskbridge_\w+)(?:\{(.*)\})? /gm)) {
    const known = series.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    series.set(name, known);
  }
  return series;
}

test.each(expressions)('%s asks for series that exist', async (_, expr) => {
  const series = await everySeries();
  const asked = [...expr.matchAll(/\b(?:deskbridge|temporal)_\w+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(0);
  for (const name of asked) expect([...series.keys(), ...SDK]).toContain(name);
});

test.each(expressions)('%s groups and selects by labels that its series have', async (_, expr) => {
  const series = await everySeries();
  const names = [...expr.matchAll(/\bdeskbridge_\w+/g)].map(([name]) => name);
  if (names.length === 0) return;
  const labels = new Set(names.flatMap((name) => [...(series.get(name) ?? [])]));
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((one) => one.trim()),
  );
  const selected = [...expr.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, name = '']) => name);
  for (const label of [...grouped, ...selected]) expect([...labels]).toContain(label);
});

test('every rule says what is wrong and what to do', () => {
  for (const { annotations } of rules)
    expect(annotations).toEqual({ summary: expect.any(String), remedy: expect.any(String) });
});

test('gauges that every process shows are never added up over processes', () => {
  for (const [, expr] of expressions) {
    expect(expr).not.toMatch(
      /sum(?: by \([^)]*\))? \(deskbridge_(dispatches|attention|alerts_active|quota_(remaining|limit|share))/,
    );
    expect(expr).not.toMatch(/sum\(deskbridge_(dispatches|attention|alerts_active|quota_(remaining|limit|share))/);
  }
});

test('every series of ours stands on the dashboard or in a rule', async () => {
  const asked = expressions.map(([, expr]) => expr).join('\n');
  const families = [...(await everySeries()).keys()].map((name) => name.replace(/_(bucket|count|sum)$/, ''));
  for (const family of new Set(families)) expect(asked).toContain(family);
});
