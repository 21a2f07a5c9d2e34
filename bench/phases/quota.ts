/**
 * Speed at a quota that people have: the sandbox refuses what passes it, in a fixed or a sliding minute, and all of it is the
 * service's share. Field Nation has none here.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../latencies';
import type { Figures } from '../record';
import type { HistoryEntry } from '../sandbox';
import { sendAll, type Sent } from '../sender';
import { succeeded, untilDone } from '../until-done';
import { identifyEvent, intakeHeaders } from './events';
import { answersOf, type Bench, type Outcome, type Phase } from './phase';
import { dispatchAll, newTickets, ordersOf, timesAfter, tracesIn, warmUpOf } from './webhooks';

const MINUTE = 60_000;
/** A little more than the window. */
const QUIET_MS = 61_000;
const AT_ONCE = 6;
/** More load than the minutes take, so that it lasts to their end. */
const SLACK_MINUTES = 0.6;
const CONTACTS = 5_000;
/** Until the contacts have used what they may at once. */
const UNDER_WAY_MS = 20_000;
/** Between tickets behind contacts: far more than one takes. */
const BETWEEN_MS = 15_000;

type Window = 'fixed' | 'sliding';

interface Kind {
  quota: number;
  window: Window;
  workers: number;
}

const AT_ONCE_PACE = { parallel: AT_ONCE, perSecond: null };

/** Tickets that are told at once; gives the time of each from its webhook to its published order, in ms. */
async function publish(bench: Bench, count: number): Promise<{ times: number[]; history: HistoryEntry[] }> {
  const { desk, latencyMs } = bench;
  const tickets = await newTickets(bench, count);
  await desk.sandbox.clearHistory();
  const sent = await dispatchAll(bench, tickets, AT_ONCE_PACE);
  const history = await desk.sandbox.history();
  return { times: publishedAfter(sent, tickets, history, latencyMs), history };
}

function publishedAfter(sent: Sent, tickets: number[], history: HistoryEntry[], latencyMs: number): number[] {
  const traces = tracesIn(history);
  return timesAfter(sent, ordersOf(tickets, traces), traces.publishedAt, latencyMs);
}

const creditsIn = (history: readonly HistoryEntry[]): number =>
  history.reduce(
    (sum, { system, status, credits }) => (system === 'freshdesk' && status !== 429 ? sum + credits : sum),
    0,
  );

async function alone(bench: Bench): Promise<{ times: number[]; creditsEach: number }> {
  const times: number[] = [];
  let credits = 0;
  for (let nth = 0; nth < bench.lone; nth++) {
    await delay(QUIET_MS);
    const one = await publish(bench, 1);
    times.push(...one.times);
    credits += creditsIn(one.history);
    bench.progress(nth, bench.lone);
  }
  return { times, creditsEach: credits / bench.lone };
}

/** As much as the minutes can take, and more; the share is counted from the first call on. */
async function lasting(bench: Bench, { quota }: Kind, creditsEach: number): Promise<Figures> {
  await delay(QUIET_MS);
  const { history } = await publish(bench, Math.ceil((quota * (bench.minutes + SLACK_MINUTES)) / creditsEach));
  const calls = history.filter(({ system }) => system === 'freshdesk');
  const begun = Math.min(...calls.map(({ at }) => Date.parse(at)));
  const within = calls.filter(({ at }) => Date.parse(at) < begun + bench.minutes * MINUTE);
  const published = [...tracesIn(history).publishedAt.values()].filter((at) => at < begun + bench.minutes * MINUTE);
  return {
    shareUsedPercent: (creditsIn(within) * 100) / (quota * bench.minutes),
    answered429Percent: (within.filter(({ status }) => status === 429).length * 100) / within.length,
    dispatchesPerMinute: published.length / bench.minutes,
  };
}

const timesOf = (name: string, times: readonly number[]): Figures => ({
  [`${name}P50Ms`]: quantile(times, 0.5),
  [`${name}P95Ms`]: quantile(times, 0.95),
});

const phaseOf = (kind: Kind): Phase => ({
  name: ['quota', kind.quota, kind.window, ...(kind.workers > 1 ? [`${kind.workers}-workers`] : [])].join('-'),
  what: `${kind.quota} calls a minute (${kind.window}), ${kind.workers} worker${kind.workers > 1 ? 's' : ''}: a ticket's webhook until its order is published`,
  config: '',
  desk: { freshdeskCallsPerMinute: kind.quota, workers: kind.workers },
  floor: null,
  async run(bench): Promise<Outcome> {
    const { sandbox } = bench.desk;
    await warmUpOf(bench, 2);
    await sandbox.limit(kind.quota, kind.window);
    return bench.measure(async () => {
      const { times, creditsEach } = await alone(bench);
      await delay(QUIET_MS);
      const six = (await publish(bench, AT_ONCE)).times;
      const load = await lasting(bench, kind, creditsEach);
      return {
        unit: 'lone ticket',
        units: times.length,
        figures: {
          ...timesOf('lone', times),
          creditsEach,
          sixAtOnceFirstMs: Math.min(...six),
          sixAtOnceLastMs: Math.max(...six),
          // What it took beyond a ticket that finds a whole minute free.
          sixAtOnceLastWaitingMs: waiting(Math.max(...six), times),
          ...load,
        },
        answers: answersOf(await sandbox.calls()),
      };
    });
  },
});

const waiting = (time: number, alone: readonly number[]): number => Math.max(0, time - (quantile(alone, 0.5) ?? 0));

const behindContacts = (quota: number): Phase => ({
  name: `quota-${quota}-behind-contacts`,
  what: `${quota} calls a minute (sliding): tickets that come while ${CONTACTS} contacts wait`,
  config: 'contacts: { mergeWindow: 0s }\n',
  desk: { freshdeskCallsPerMinute: quota },
  floor: null,
  async run(bench): Promise<Outcome> {
    const { desk } = bench;
    await warmUpOf(bench, 2);
    await desk.sandbox.limit(quota, 'sliding');
    return bench.measure(async () => {
      const { times: before } = await alone(bench);
      await sendContacts(bench);
      await delay(UNDER_WAY_MS);
      const begun = Date.now();
      const times: number[] = [];
      const answers: HistoryEntry[] = [];
      for (let nth = 0; nth < bench.lone * 4; nth++) {
        const one = await publishBeside(bench);
        times.push(one.time);
        answers.push(...one.history);
        bench.progress(nth, bench.lone * 4);
        await delay(BETWEEN_MS);
      }
      answers.push(...(await desk.sandbox.history()));
      const calls = [...new Map(answers.map((entry) => [`${entry.at} ${entry.path}`, entry])).values()];
      const within = calls.filter(({ at, system }) => system === 'freshdesk' && Date.parse(at) >= begun);
      return {
        unit: 'ticket behind contacts',
        units: times.length,
        figures: {
          ...timesOf('lone', before),
          ...timesOf('behindContacts', times),
          behindContactsWaitingP50Ms: waiting(quantile(times, 0.5) ?? 0, before),
          behindContactsMostMs: Math.max(...times),
          shareUsedPercent: (creditsIn(within) * 100) / ((quota * (Date.now() - begun)) / MINUTE),
          answered429Percent: (within.filter(({ status }) => status === 429).length * 100) / within.length,
        },
        answers: answersOf(await desk.sandbox.calls()),
      };
    });
  },
});

async function sendContacts({ desk, perRequest, parallel }: Bench): Promise<void> {
  await sendAll({
    ...{ url: desk.webUrl, headers: intakeHeaders, parallel, perSecond: null, count: Math.ceil(CONTACTS / perRequest) },
    request: (index) => ({
      path: '/v1/batch',
      body: { batch: Array.from({ length: perRequest }, (_, nth) => identifyEvent(index * perRequest + nth, 0)) },
    }),
  });
}

/** One ticket, while contacts go on. */
async function publishBeside(bench: Bench): Promise<{ time: number; history: HistoryEntry[] }> {
  const { desk, latencyMs } = bench;
  const [ticket] = (await newTickets(bench, 1)) as [number];
  const published = (calls: Parameters<typeof succeeded>[0]): number =>
    succeeded(calls, 'POST /workorders/:id/publish');
  const before = published(await desk.sandbox.calls());
  const sent = await sendAll({
    ...{ url: desk.webUrl, count: 1, parallel: 1, perSecond: null },
    headers: () => ({ 'x-webhook-secret': desk.secrets.freshdeskWebhookSecret }),
    request: () => ({ path: '/webhooks/freshdesk', body: { ticket_id: ticket, account: 'acme' } }),
  });
  await untilDone({
    ...{ sandbox: desk.sandbox, total: 1, unit: 'published', progress: () => undefined, quietMs: 0 },
    done: (calls) => published(calls) - before,
  });
  const history = await desk.sandbox.history();
  const [time = NaN] = publishedAfter(sent, [ticket], history, latencyMs);
  return { time, history };
}

const QUOTAS = [50, 200, 700];
const WINDOWS: Window[] = ['fixed', 'sliding'];

export const quotaPhases: Phase[] = [
  ...QUOTAS.flatMap((quota) => WINDOWS.map((window) => phaseOf({ quota, window, workers: 1 }))),
  ...QUOTAS.map((quota) => phaseOf({ quota, window: 'sliding', workers: 3 })),
  behindContacts(50),
];
