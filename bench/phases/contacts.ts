/** Identified events until their contacts are in Freshdesk: all at once, merged, and at a website's gentle pace. */
import { quantile } from '../latencies';
import type { CallCount } from '../sandbox';
import { sendAll } from '../sender';
import { succeeded, untilDone } from '../until-done';
import { identifyEvent, intakeHeaders, userIdOf } from './events';
import { answersOf, type Bench, type Phase } from './phase';

interface Kind {
  name: string;
  what: string;
  /** Of `contacts` in the config, in seconds. */
  mergeWindow: number;
  eventsEach: number;
  people: (n: number) => number;
  /** Requests a second; null: as fast as they are answered. */
  perSecond: number | null;
  perRequest: (asked: number) => number;
}

function contactsPhase(kind: Kind): Phase {
  return {
    name: kind.name,
    what: kind.what,
    config: `contacts: { mergeWindow: ${kind.mergeWindow}s }\n`,
    floor: { mergeWindow: kind.mergeWindow },
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
        answers: answersOf(calls),
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
  const working = untilDone({ sandbox: desk.sandbox, done: created, total: people, unit: 'contacts', progress });
  const [sent] = await Promise.all([sending, working]);
  for (let event = events - 1; event >= 0; event--) {
    sentAt.set(userIdOf(personOf(event)), sent.sentAt[Math.floor(event / size)] ?? NaN);
  }
  return { sent, sentAt };
}

const created = (calls: CallCount[]): number => succeeded(calls, 'POST /contacts');

function checkAccepted(body: unknown): void {
  const { results } = body as { results?: { status: string }[] };
  if (results?.every(({ status }) => status === 'accepted')) return;
  throw new Error(`Not all identified events were accepted: ${JSON.stringify(body).slice(0, 500)}`);
}

export const contactsAtOnce = contactsPhase({
  name: 'contacts',
  what: 'one event each for many people, as fast as it goes',
  mergeWindow: 0,
  eventsEach: 1,
  people: (n) => n,
  perSecond: null,
  perRequest: (asked) => asked,
});

export const contactsMerged = contactsPhase({
  name: 'contacts-merged',
  what: 'five events each at the same moment, merged into one call',
  mergeWindow: 2,
  eventsEach: 5,
  people: (n) => Math.ceil(n / 5),
  perSecond: null,
  perRequest: (asked) => asked,
});

export const contactsPaced = contactsPhase({
  name: 'contacts-paced',
  what: 'one event each, eight a second',
  mergeWindow: 0,
  eventsEach: 1,
  people: (n) => Math.min(n, 480),
  perSecond: 8,
  perRequest: () => 1,
});
