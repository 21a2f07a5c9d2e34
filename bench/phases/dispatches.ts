/** The two halves of a dispatch: from the ticket's webhook to the published order, from “work done” to the resolved ticket. */
import { quantile } from '../latencies';
import { historyLengths } from '../temporal';
import { answersOf, type Bench, type Outcome, type Phase } from './phase';
import {
  completeAll,
  dispatchAll,
  doWork,
  newTickets,
  ordersOf,
  secondsUntil,
  timesAfter,
  tracesIn,
  upstreamCost,
  warmUp,
} from './webhooks';

/** For eight a second. */
const MOST_PACED = 480;
const PER_SECOND = 8;
/** Runs whose history is counted. */
const COUNTED = 20;

interface Pace {
  suffix: string;
  words: string;
  perSecond: number | null;
}

const AT_ONCE: Pace = { suffix: '', words: 'as fast as it goes', perSecond: null };
const PACED: Pace = { suffix: '-paced', words: 'eight a second', perSecond: PER_SECOND };

const unitsOf = ({ n }: Bench, { perSecond }: Pace): number => (perSecond === null ? n : Math.min(n, MOST_PACED));

const dispatchPhase = (pace: Pace): Phase => ({
  name: `dispatch${pace.suffix}`,
  what: `a ticket's webhook until its work order is published, ${pace.words}`,
  config: '',
  floor: { mergeWindow: 0 },
  async run(bench): Promise<Outcome> {
    const { desk, parallel, latencyMs, measure } = bench;
    await warmUp(bench);
    const tickets = await newTickets(bench, unitsOf(bench, pace));
    await desk.sandbox.clearHistory();
    const sent = await measure(() => dispatchAll(bench, tickets, { parallel, perSecond: pace.perSecond }));
    const [calls, history] = [await desk.sandbox.calls(), await desk.sandbox.history()];
    const traces = tracesIn(history);
    const orders = ordersOf(tickets, traces);
    const times = timesAfter(sent, orders, traces.publishedAt, latencyMs);
    return {
      unit: 'dispatch',
      units: tickets.length,
      figures: {
        ackP50Ms: quantile(sent.ackMs, 0.5),
        ackP99Ms: quantile(sent.ackMs, 0.99),
        refused: sent.refused,
        dispatchesPerSecond: tickets.length / secondsUntil(sent, traces.publishedAt, latencyMs),
        publishedAfterP50Ms: quantile(times, 0.5),
        publishedAfterP99Ms: quantile(times, 0.99),
        ...upstreamCost(history, tickets.length),
      },
      answers: answersOf(calls),
    };
  },
});

const completionPhase = (pace: Pace): Phase => ({
  name: `completion${pace.suffix}`,
  what: `“work done” until the ticket is resolved and has its note, ${pace.words}`,
  config: '',
  floor: { mergeWindow: 0 },
  async run(bench): Promise<Outcome> {
    const { desk, parallel, latencyMs, measure } = bench;
    await warmUp(bench);
    const tickets = await newTickets(bench, unitsOf(bench, pace));
    await dispatchAll(bench, tickets, { parallel, perSecond: null });
    const orders = ordersOf(tickets, tracesIn(await desk.sandbox.history()));
    const done = await doWork(bench, orders);
    await desk.sandbox.clearHistory();
    const sent = await measure(() => completeAll(bench, done, { parallel, perSecond: pace.perSecond }));
    const [calls, history] = [await desk.sandbox.calls(), await desk.sandbox.history()];
    const { resolvedAt } = tracesIn(history);
    const times = timesAfter(sent, tickets, resolvedAt, latencyMs);
    const lengths = await historyLengths(desk.temporalAddress, tickets.slice(0, COUNTED));
    return {
      unit: 'completion',
      units: tickets.length,
      figures: {
        ackP50Ms: quantile(sent.ackMs, 0.5),
        ackP99Ms: quantile(sent.ackMs, 0.99),
        refused: sent.refused,
        completionsPerSecond: tickets.length / secondsUntil(sent, resolvedAt, latencyMs),
        resolvedAfterP50Ms: quantile(times, 0.5),
        resolvedAfterP99Ms: quantile(times, 0.99),
        ...upstreamCost(history, tickets.length),
        // Of the whole dispatch, from the trigger on.
        historyEventsP50: quantile(lengths, 0.5),
        historyEventsMost: Math.max(...lengths),
      },
      answers: answersOf(calls),
    };
  },
});

export const dispatchPhases = [dispatchPhase(AT_ONCE), dispatchPhase(PACED)];
export const completionPhases = [completionPhase(AT_ONCE), completionPhase(PACED)];
