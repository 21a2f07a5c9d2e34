/**
 * What a process counts, for Prometheus. Promise: no label holds personal data, an id or anything else without a bound;
 * one registry per service, none global. What workflows count is counted at least once: a workflow task that is repeated
 * counts again, the runs themselves are exact.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AlertKind } from './contract/alerts';
import type { ContactOutcome, DropReason } from './contract/contact';
import type { SweepRepair } from './contract/reconcile';
import type { UpstreamCall } from './clients/http-types';
import type { UpstreamSystem } from './clients/upstream-error';
import type { QuotaStanding } from './temporal/quota-book';
import type { ReadStanding } from './temporal/standing';

export interface Metrics {
  registry: Registry;
  /** A request was answered; `route` is its pattern, such as `POST /v1/track`. */
  answered(route: string, status: number, seconds: number): void;
  /** `reason` is empty unless the event was dropped. */
  event(result: 'accepted' | 'dropped' | 'invalid', reason?: DropReason): void;
  contactOutcome(outcome: ContactOutcome, times: number): void;
  sweepRepair(what: SweepRepair, times: number): void;
  /** A webhook of a work order that is not ours was ignored. */
  foreignEvent(): void;
  upstreamCall(call: Pick<UpstreamCall, 'system' | 'status' | 'ms'>): void;
  /** What the upstream said last about its account's quota. */
  quota(system: UpstreamSystem, quota: { limit: number | null; remaining: number | null }): void;
  /** An attempt of an activity after its first one. */
  activityRetry(activity: string): void;
  ambiguousCreate(): void;
  workOrderMade(secondsFromTrigger: number): void;
  /** Out: the technicians can see it. */
  published(secondsFromTrigger: number): void;
  alertTold(kind: AlertKind, change: 'raised' | 'resolved'): void;
  /** The time from the arrival of what asked for a visit to its published work order. */
  published(seconds: number): void;
  /** From now on the gauges of this process's pace are read at each scrape. */
  showQuotas(read: (system: UpstreamSystem) => QuotaStanding | null): void;
  /** From now on the gauges of what stands in Temporal are read there at each scrape. */
  showStanding(read: ReadStanding): void;
  /** From now on the text of the SDK's own metrics is added. */
  addSource(read: () => Promise<string>): void;
  /** The whole page. Never rejects: what cannot be read now is left out. */
  text(): Promise<string>;
}

/** The interface promises an answer within 3 s. */
const ACK_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5];
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60];
const PUBLISH_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14_400, 86_400];
const ORDER_BUCKETS = [1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14_400, 86_400];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Histogram({
    name: 'deskbridge_ack_seconds',
    help: 'Time from a request to its answer, by route and status; for webhooks and events it includes storing them',
    labelNames: ['route', 'status'],
    buckets: ACK_BUCKETS,
    registers,
  });
  const events = new Counter({
    name: 'deskbridge_events_total',
    help: 'Events received, by what the gates said; reason of those that were dropped',
    labelNames: ['result', 'reason'],
    registers,
  });
  const outcomes = new Counter({
    name: 'deskbridge_contact_outcomes_total',
    help: 'How accepted contact events ended; one whose workflow task is repeated may count twice, the runs themselves are exact',
    labelNames: ['outcome'],
    registers,
  });
  const repairs = new Counter({
    name: 'deskbridge_sweep_repairs_total',
    help: 'Changes that no webhook reported and reconcile found, by kind',
    labelNames: ['what'],
    registers,
  });
  const foreign = new Counter({
    name: 'deskbridge_foreign_events_total',
    help: 'Webhooks of Field Nation that were ignored: their work order carries no id of this account',
    registers,
  });
  const calls = new Histogram({
    name: 'deskbridge_upstream_call_seconds',
    help: 'Calls to Freshdesk and Field Nation, by status; none: no answer came',
    labelNames: ['system', 'code'],
    buckets: CALL_BUCKETS,
    registers,
  });
  const quotaLeft = new Gauge({
    name: 'deskbridge_quota_remaining',
    help: "Calls that the account has left in the upstream's present window, as its last answer said",
    labelNames: ['system'],
    registers,
  });
  const quotaLimit = new Gauge({
    name: 'deskbridge_quota_limit',
    help: "Calls that the account has in each of the upstream's windows, as its last answer said",
    labelNames: ['system'],
    registers,
  });
  const retries = new Counter({
    name: 'deskbridge_activity_retries_total',
    help: 'Attempts of activities after their first one',
    labelNames: ['activity'],
    registers,
  });
  const ambiguous = new Counter({
    name: 'deskbridge_ambiguous_creates_total',
    help: 'Creates of a work order without a usable answer, which are looked up before anything else',
    registers,
  });
  const toWorkOrder = new Histogram({
    name: 'deskbridge_time_to_work_order_seconds',
    help: 'Time from what asked for a visit to its work order',
    buckets: ORDER_BUCKETS,
    registers,
  });
  const toPublished = new Histogram({
    name: 'deskbridge_publish_seconds',
    help: 'Time from the arrival of what asked for a visit to its published work order, waits for quota included',
    buckets: PUBLISH_BUCKETS,
    registers,
  });
  const alerts = new Counter({
    name: 'deskbridge_alerts_total',
    help: 'Alerts raised and resolved, by kind',
    labelNames: ['kind', 'change'],
    registers,
  });
  const sources: (() => Promise<string>)[] = [];
  return {
    registry,
    answered: (route, status, seconds) => answers.observe({ route, status }, seconds),
    event: (result, reason) => events.inc({ result, reason: reason ?? '' }),
    contactOutcome: (outcome, times) => outcomes.inc({ outcome }, times),
    foreignEvent: () => foreign.inc(),
    sweepRepair: (what, times) => repairs.inc({ what }, times),
    upstreamCall: ({ system, status, ms }) => calls.observe({ system, code: status ?? 'none' }, ms / 1000),
    quota: (system, { limit, remaining }) => {
      if (limit !== null) quotaLimit.set({ system }, limit);
      if (remaining !== null) quotaLeft.set({ system }, remaining);
    },
    activityRetry: (activity) => retries.inc({ activity }),
    ambiguousCreate: () => ambiguous.inc(),
    workOrderMade: (seconds) => toWorkOrder.observe(seconds),
    published: (seconds) => toPublished.observe(seconds),
    alertTold: (kind, change) => alerts.inc({ kind, change }),
    showQuotas: (read) => registerQuotas(registry, read),
    showStanding: (read) => registerStanding(registry, read),
    addSource: (read) => void sources.push(read),
    text: async () => {
      const others = sources.map((read) => read().catch(() => ''));
      return [await registry.metrics(), ...(await Promise.all(others))].filter((text) => text !== '').join('\n');
    },
  };
}

const SYSTEMS: readonly UpstreamSystem[] = ['freshdesk', 'field-nation'];

/** Gauges of this process's pace: what was used and what waits is to be summed over all processes, the share is not. */
function registerQuotas(registry: Registry, read: (system: UpstreamSystem) => QuotaStanding | null): void {
  const gauge = (
    name: string,
    help: string,
    more: string[],
    show: (self: Gauge, quota: QuotaStanding, system: UpstreamSystem) => void,
  ): void => {
    new Gauge({
      ...{ name, help, labelNames: ['system', ...more], registers: [registry] },
      collect() {
        this.reset();
        for (const system of SYSTEMS) {
          const quota = read(system);
          if (quota) show(this, quota, system);
        }
      },
    });
  };
  gauge(
    'deskbridge_quota_share',
    'Credits a minute that Deskbridge may use, all processes together',
    [],
    (self, { share }, system) => self.set({ system }, share),
  );
  gauge('deskbridge_quota_used', 'Credits that this process used in the last minute', [], (self, { used }, system) =>
    self.set({ system }, used),
  );
  gauge(
    'deskbridge_quota_waiting',
    'Calls of this process that wait for quota, by priority; 1 is the most urgent',
    ['priority'],
    (self, { waiting }, system) => {
      for (const [priority, count] of Object.entries(waiting)) self.set({ system, priority }, count);
    },
  );
  gauge(
    'deskbridge_quota_held_seconds',
    'For so long this process sends nothing, since the upstream said so',
    [],
    (self, { heldMs }, system) => self.set({ system }, heldMs / 1000),
  );
}

/** Gauges of what Temporal holds: every process shows the same, so take the greatest, never the sum. */
function registerStanding(registry: Registry, read: ReadStanding): void {
  const gauge = (name: string, help: string, labelNames: string[], show: (gauge: Gauge) => Promise<void>): void => {
    new Gauge({
      ...{ name, help: `${help}; the same in every process`, labelNames, registers: [registry] },
      async collect() {
        this.reset();
        await show(this);
      },
    });
  };
  // A gauge without labels is 0 after a reset; one that cannot be read shall be absent.
  gauge('deskbridge_temporal_up', 'Whether Temporal could be asked within the last 15 s', [], async (self) =>
    self.set((await read()) === null ? 0 : 1),
  );
  gauge('deskbridge_dispatches', 'Open dispatches by state', ['state'], async (self) => {
    for (const [state, count] of Object.entries((await read())?.dispatches ?? {})) self.set({ state }, count);
  });
  gauge('deskbridge_attention', 'Runs of any kind that wait for a person, by reason', ['reason'], async (self) => {
    for (const [reason, count] of Object.entries((await read())?.attention ?? {})) self.set({ reason }, count);
  });
  gauge(
    'deskbridge_oldest_unsynced_seconds',
    'Age of the oldest dispatch that is starting, creating or waits for a person, rounded down to a step of a scale; 0: none',
    ['account'],
    async (self) => {
      const standing = await read();
      if (standing) self.set({ account: standing.account }, standing.oldestUnsynced);
    },
  );
  gauge('deskbridge_alerts_active', 'Alerts that are raised now, by kind', ['kind'], async (self) => {
    for (const [kind, count] of Object.entries((await read())?.alerts ?? {})) self.set({ kind }, count);
  });
  gauge(
    'deskbridge_alerts_checked_timestamp_seconds',
    'When the alerts were looked at last, in seconds since 1970',
    ['account'],
    async (self) => {
      const standing = await read();
      if (standing?.alertsCheckedAt) self.set({ account: standing.account }, standing.alertsCheckedAt / 1000);
    },
  );
  gauge(
    'deskbridge_last_webhook_timestamp_seconds',
    'When a webhook came last, by sender, in seconds since 1970; written down every few minutes',
    ['source'],
    async (self) => {
      for (const [source, at] of Object.entries((await read())?.webhooks ?? {})) self.set({ source }, at / 1000);
    },
  );
}
