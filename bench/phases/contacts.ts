/** Identified events until their contacts are in Freshdesk: all at once, merged, and at a website's gentle pace. */
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../latencies';
import type { CallCount, SandboxClient } from '../sandbox';
import { sendAll } from '../sender';
import { identifyEvent, intakeHeaders, userIdOf } from './events';
import type { Bench, Phase } from './phase';

interface Kind {
  name: string;
  what: string;
  /** Of `contacts` in the config. */
  mergeWindow: string;
  eventsEach: number;
  people: (n: number) => number;
  /** Requests a second; null: as fast as they are answered. */
  perSecond: number | null;
  perRequest: (asked: number) => number;
}

const LOOK_MS = 250;
/** Calls may still come when every contact is there: an update of one, say. */
const QUIET_MS = 4_000;
const STALLED_MS = 120_000;

function contactsPhase(kind: Kind): Phase {
  return {
    name: kind.name,
    what: kind.what,
    config: `contacts: { mergeWindow: ${kind.mergeWindow} }\n`,
    async run(bench) {
      const { desk, measure } = bench;
      const people = kind.people(bench.n);
      const events = people * kind.eventsEach;
      await desk.sandbox.clearHistory();
      const { sent, sentAt } = await measure(() => load(kind, bench, people, events));
      const [calls, history] = [await desk.sandbox.calls(), await desk.sandbox.history()];
      const made = created(calls);
      if (made !== people) throw new Error(`${people} people became ${made} contacts.`);
      const times = history.flatMap(({ route, status, at, body }): number[] => {
        const begun = sentAt.get(body?.unique_external_id as string);
        const isCreate = route === 'POST /contacts' && status === 201 && begun !== undefined;
        return isCreate ? [Date.parse(at) + bench.latencyMs - begun] : [];
      });
      const lastAt = Math.max(...history.filter(({ status }) => status === 201).map(({ at }) => Date.parse(at)));
      const upstream = calls.reduce((sum, { count }) => sum + count, 0);
      return {
        unit: 'contact',
        units: people,
        figures: {
          events,
          acceptedPerSecond: events / sent.seconds,
          ackP50Ms: quantile(sent.ackMs, 0.5),
          ackP99Ms: quantile(sent.ackMs, 0.99),
          refused: sent.refused,
          contactsPerSecond: (people * 1000) / (lastAt + bench.latencyMs - sent.begunAt),
          createdAfterP50Ms: quantile(times, 0.5),
          createdAfterP99Ms: quantile(times, 0.99),
          callsPerContact: upstream / people,
          callsPerEvent: upstream / events,
        },
        answers: Object.fromEntries(calls.map(({ route, status, count }) => [`${route} ${status}`, count])),
      };
    },
  };
}

/** Sends everything and waits for every contact; `sentAt` tells when a person's first event was sent. */
async function load(kind: Kind, { desk, parallel, perRequest, progress }: Bench, people: number, events: number) {
  const size = kind.perRequest(perRequest);
  const sentAt = new Map<string, number>();
  const personOf = (event: number): number => Math.floor(event / kind.eventsEach);
  const eventsOf = (index: number): number[] =>
    Array.from({ length: Math.min(size, events - index * size) }, (_, nth) => index * size + nth);
  const sending = sendAll({
    url: desk.webUrl,
    headers: intakeHeaders,
    count: Math.ceil(events / size),
    parallel,
    perSecond: kind.perSecond,
    request: (index) => ({
      path: '/v1/batch',
      body: { batch: eventsOf(index).map((event) => identifyEvent(personOf(event), event % kind.eventsEach)) },
    }),
    onAnswer: (_, body) => checkAccepted(body),
  });
  const working = untilDone(desk.sandbox, people, progress);
  const [sent] = await Promise.all([sending, working]);
  for (let event = events - 1; event >= 0; event--) {
    sentAt.set(userIdOf(personOf(event)), sent.sentAt[Math.floor(event / size)] ?? NaN);
  }
  return { sent, sentAt };
}

async function untilDone(sandbox: SandboxClient, people: number, progress: Bench['progress']): Promise<void> {
  let [known, changedAt] = ['', Date.now()];
  for (;;) {
    const calls = await sandbox.calls();
    const made = created(calls);
    progress(made, people);
    const state = JSON.stringify(calls);
    if (state !== known) [known, changedAt] = [state, Date.now()];
    const quietFor = Date.now() - changedAt;
    if (made >= people && quietFor >= QUIET_MS) return;
    if (quietFor >= STALLED_MS)
      throw new Error(`Nothing has happened for ${quietFor / 1000} s: ${made} of ${people} contacts.`);
    await delay(LOOK_MS);
  }
}

const created = (calls: CallCount[]): number =>
  calls.find(({ route, status }) => route === 'POST /contacts' && status === 201)?.count ?? 0;

function checkAccepted(body: unknown): void {
  const { results } = body as { results?: { status: string }[] };
  if (results?.every(({ status }) => status === 'accepted')) return;
  throw new Error(`Not all identified events were accepted: ${JSON.stringify(body).slice(0, 500)}`);
}

export const contactsAtOnce = contactsPhase({
  name: 'contacts',
  what: 'one event each for many people, as fast as it goes',
  mergeWindow: '0s',
  eventsEach: 1,
  people: (n) => n,
  perSecond: null,
  perRequest: (asked) => asked,
});

export const contactsMerged = contactsPhase({
  name: 'contacts-merged',
  what: 'five events each at the same moment, merged into one call',
  mergeWindow: '2s',
  eventsEach: 5,
  people: (n) => Math.ceil(n / 5),
  perSecond: null,
  perRequest: (asked) => asked,
});

export const contactsPaced = contactsPhase({
  name: 'contacts-paced',
  what: 'one event each, eight a second',
  mergeWindow: '0s',
  eventsEach: 1,
  people: (n) => Math.min(n, 480),
  perSecond: 8,
  perRequest: () => 1,
});
