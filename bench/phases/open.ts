/** Whether work stays as fast while many dispatches are open: new ones, and the end of those that nobody has in memory. */
import { quantile } from '../latencies';
import { answersOf, type Outcome, type Phase } from './phase';
import {
  completeAll,
  dispatchAll,
  doWork,
  newTickets,
  ordersOf,
  secondsUntil,
  timesAfter,
  tracesIn,
  warmUp,
} from './webhooks';

/** So many of either kind are measured. */
const MOST_MEASURED = 400;
/** The ends are measured one by one rather than at the limit. */
const ENDS_PER_SECOND = 4;

export const openPhase: Phase = {
  name: 'open',
  what: 'new dispatches, then the end of the oldest, while many are open',
  config: '',
  floor: null,
  async run(bench): Promise<Outcome> {
    const { desk, parallel, latencyMs, measure, open } = bench;
    const { sandbox } = desk;
    const units = Math.min(bench.n, MOST_MEASURED, open);
    await warmUp(bench);
    const oldest = await newTickets(bench, units);
    await dispatchAll(bench, oldest, { parallel, perSecond: null });
    const orders = ordersOf(oldest, tracesIn(await sandbox.history()));
    const bytesBefore = desk.databaseBytes();
    const others = await newTickets(bench, open - units);
    await dispatchAll(bench, others, { parallel, perSecond: null });
    const diskKbPerOpen = others.length === 0 ? null : (desk.databaseBytes() - bytesBefore) / 1000 / others.length;
    const fresh = await newTickets(bench, units);
    await sandbox.clearHistory();
    return measure(async () => {
      const begun = await dispatchAll(bench, fresh, { parallel, perSecond: null });
      const traces = tracesIn(await sandbox.history());
      const publishedAfter = timesAfter(begun, ordersOf(fresh, traces), traces.publishedAt, latencyMs);
      const done = await doWork(bench, orders);
      await sandbox.clearHistory();
      const ended = await completeAll(bench, done, { parallel, perSecond: ENDS_PER_SECOND });
      const { resolvedAt } = tracesIn(await sandbox.history());
      const resolvedAfter = timesAfter(ended, oldest, resolvedAt, latencyMs);
      return {
        unit: 'dispatch',
        units,
        figures: {
          open,
          ackP50Ms: quantile(begun.ackMs, 0.5),
          ackP99Ms: quantile(begun.ackMs, 0.99),
          refused: begun.refused + ended.refused,
          dispatchesPerSecond: units / secondsUntil(begun, traces.publishedAt, latencyMs),
          publishedAfterP50Ms: quantile(publishedAfter, 0.5),
          publishedAfterP99Ms: quantile(publishedAfter, 0.99),
          endAckP99Ms: quantile(ended.ackMs, 0.99),
          resolvedAfterP50Ms: quantile(resolvedAfter, 0.5),
          resolvedAfterP99Ms: quantile(resolvedAfter, 0.99),
          diskKbPerOpen,
        },
        answers: answersOf(await sandbox.calls()),
      };
    });
  },
};
