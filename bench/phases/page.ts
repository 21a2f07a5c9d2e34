/** The pages that operators have open all day, while many dispatches stand: how long a browser waits, and what it is sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { quantile } from '../latencies';
import { answersOf, type Bench, type Outcome, type Phase } from './phase';
import { timesToShow } from './shown';
import { dispatchAll, newTickets, ordersOf, tracesIn } from './webhooks';

const MOST_TICKETS = 220;
/** Every fourth visit stands at each of these, by what its technician has done. */
const LIVES: readonly (readonly string[])[] = [
  [],
  ['assign'],
  ['assign', 'check-in'],
  ['assign', 'check-in', 'check-out', 'work-done'],
];
const AT_ONCE = 200;
/** Seven events of a library each, one after the other. */
const EVENT_ROUNDS = 60;
/** One after the other, each after the numbers of the page before have gone stale: as one reader asks. */
const APART = 60;
const STALE_MS = 2_100;

interface Got {
  ms: number[];
  bytes: number;
}

export const pagePhase: Phase = {
  name: 'page',
  what: 'the first page, a ticket and the events, as a browser asks for them, with so many dispatches',
  config: '',
  floor: null,
  async run(bench): Promise<Outcome> {
    const { desk, measure, n, parallel } = bench;
    const tickets = await newTickets(bench, Math.min(n, MOST_TICKETS));
    await dispatchAll(bench, tickets, { parallel, perSecond: null });
    await live(bench, ordersOf(tickets, tracesIn(await desk.sandbox.history())));
    const browser = new Pool(desk.webUrl, { connections: 1 });
    const get = (path: string, count: number, pauseMs = 0): Promise<Got> => ask(browser, path, count, pauseMs);
    try {
      const ticketPath = `/dispatches/${tickets[0] ?? 0}`;
      for (const path of ['/', ticketPath]) await get(path, 10);
      await timesToShow(desk, browser, 2);
      return await measure(async () => {
        const page = await get('/', AT_ONCE);
        const fresh = await get('/', APART, STALE_MS);
        const ticket = await get(ticketPath, AT_ONCE);
        const shown = await timesToShow(desk, browser, EVENT_ROUNDS);
        return {
          ...{ unit: 'page', units: AT_ONCE + APART + AT_ONCE + EVENT_ROUNDS },
          figures: {
            dispatches: tickets.length,
            ...{ pageP50Ms: quantile(page.ms, 0.5), pageP95Ms: quantile(page.ms, 0.95) },
            ...{ staleP50Ms: quantile(fresh.ms, 0.5), staleP95Ms: quantile(fresh.ms, 0.95) },
            ...{ ticketP50Ms: quantile(ticket.ms, 0.5), ticketP95Ms: quantile(ticket.ms, 0.95) },
            ...{ eventShownP50Ms: quantile(shown, 0.5), eventShownP95Ms: quantile(shown, 0.95) },
            eventShownMaxMs: quantile(shown, 1),
            ...{ pageKbSent: fresh.bytes / 1000, ticketKbSent: ticket.bytes / 1000 },
          },
          answers: answersOf(await desk.sandbox.calls()),
        };
      });
    } finally {
      await browser.close();
    }
  },
};

async function live({ desk }: Bench, orders: readonly number[]): Promise<void> {
  for (const [index, order] of orders.entries())
    for (const action of LIVES[index % LIVES.length] ?? []) await desk.sandbox.act(order, action);
}

/** Each request after the one before; `bytes` as they were sent, of the largest. */
async function ask(browser: Pool, path: string, count: number, pauseMs: number): Promise<Got> {
  const got: Got = { ms: [], bytes: 0 };
  for (let nth = 0; nth < count; nth++) {
    if (pauseMs > 0) await sleep(pauseMs);
    const begun = performance.now();
    const headers = { accept: 'text/html', 'accept-encoding': 'gzip' };
    const { statusCode, body } = await browser.request({ method: 'GET', path, headers });
    const { byteLength } = await body.arrayBuffer();
    if (statusCode !== 200) throw new Error(`${path} is answered with ${statusCode}.`);
    got.ms.push(performance.now() - begun);
    got.bytes = Math.max(got.bytes, byteLength);
  }
  return got;
}
