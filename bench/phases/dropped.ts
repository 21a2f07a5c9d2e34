/** Anonymous events, most of a site's traffic: they must cost next to nothing and never touch Temporal. */
import { quantile } from '../latencies';
import { sendAll, type Load } from '../sender';
import { anonymousEvent, intakeHeaders } from './events';
import type { Phase } from './phase';

interface Kind {
  name: string;
  what: string;
  /** Of the phase's events; single calls take longer each. */
  events: (n: number) => number;
  perRequest: (asked: number) => number;
}

const WARM_UP_SHARE = 0.1;

function droppedPhase({ name, what, events, perRequest }: Kind): Phase {
  return {
    name,
    what,
    config: '',
    floor: null,
    async run({ desk, n, perRequest: asked, parallel, measure, progress }) {
      const size = perRequest(asked);
      const requests = Math.ceil(events(n) / size);
      const load = (count: number): Load => ({
        url: desk.webUrl,
        headers: intakeHeaders,
        count,
        parallel,
        perSecond: null,
        request: (index) => requestOf(index, size),
        onAnswer: (index, body) => {
          checkDropped(body, size);
          progress(index * size, count * size);
        },
      });
      await sendAll(load(Math.ceil(requests * WARM_UP_SHARE)));
      const sent = await measure(() => sendAll(load(requests)));
      const units = requests * size;
      return {
        unit: 'event',
        units,
        cpuIn: 'us',
        figures: {
          droppedPerSecond: units / sent.seconds,
          ackP50Ms: quantile(sent.ackMs, 0.5),
          ackP99Ms: quantile(sent.ackMs, 0.99),
          refused: sent.refused,
        },
        answers: {},
      };
    },
  };
}

function requestOf(index: number, size: number): { path: string; body: object } {
  if (size > 1) {
    return {
      path: '/v1/batch',
      body: { batch: Array.from({ length: size }, (_, nth) => anonymousEvent(index * size + nth)) },
    };
  }
  const { type, ...event } = anonymousEvent(index);
  return { path: `/v1/${type}`, body: event };
}

function checkDropped(body: unknown, size: number): void {
  const { results } = body as { results?: { status: string }[] };
  if (size === 1 || results?.every(({ status }) => status === 'dropped')) return;
  throw new Error(`Not all anonymous events were dropped: ${JSON.stringify(body).slice(0, 500)}`);
}

export const droppedInBatches = droppedPhase({
  name: 'dropped',
  what: 'anonymous events, in batches',
  events: (n) => n * 5,
  perRequest: (asked) => Math.max(2, asked),
});

export const droppedSingly = droppedPhase({
  name: 'dropped-single',
  what: 'anonymous events, one a request',
  events: (n) => n,
  perRequest: () => 1,
});
