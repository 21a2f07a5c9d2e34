/** One fault run from start to verdict: a world, Deskbridge in it, lives and troubles, healing, one reconcile, the checker. */
import { setTimeout as delay } from 'node:timers/promises';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { reconcileId } from '../../src/contract/run-ids';
import { seededRandom } from '../../sandbox/random';
import { createChaos, type Chaos } from './chaos';
import { WITHOUT_QUOTA, type Desk } from './desk';
import { explain } from './explain';
import { measureDrain, type Drain } from './drain';
import { measurePace, type Pace } from './pace';
import { gatherFacts } from './gather';
import { check, type Verdict } from './invariants';
import { createLives, type Lives } from './lives';
import { startOperator } from './operator';
import { createPeople } from './people';
import type { Tell } from './play';
import type { Recovery } from './recovery';
import { untilSettled, untilTold } from './settle';
import { withDesk } from './with-desk';
import { ACCOUNT, type World } from './world';

export interface RunOptions {
  seed: number;
  tickets: number;
  webhooks: number;
  kills: number;
  /** How many times each fault other than a kill comes; 0: those that take long do not. */
  doses: number;
  /** Length of an outage, and of the wait for all to settle, in ms. */
  outage: number;
  settleWithin: number;
  /** Longest wait of a person between two steps, in ms. */
  pause: number;
  /** People write notes and replies on the tickets. */
  entries: boolean;
  /** Tickets of the backlog whose drain is measured, and the quota meanwhile; 0: none. */
  backlog: number;
  backlogQuota: number;
  /** Dispatches and contacts of which a new cluster's pace and room are measured; 0: none. */
  pace: number;
  /** Lives of these kinds are among the tickets, whatever the seed says. */
  kinds: string[];
  /** Two web servers, three workers and a Temporal server on PostgreSQL, instead of what one machine runs. */
  cluster: boolean;
  dir: string;
}

export interface RunResult {
  seed: number;
  verdicts: Verdict[];
  tickets: number;
  orders: number;
  webhooks: { accepted: number; attempts: number };
  kills: number;
  troubles: Record<string, number>;
  /** Answers of the upstreams by status; 0: none came. */
  answers: Record<string, number>;
  lostCreates: number;
  /** Questions about a visit of whose trigger Freshdesk had given the webhook up. */
  answered: number;
  /** Drafts of runs that are gone, which an operator published, and other questions, answered with `retry`. */
  drafts: number;
  retried: number;
  drains: Chaos['drains'];
  drain: Drain | null;
  recoveries: Recovery[];
  pace: Pace | null;
  /** How often the cluster's Temporal server ended by itself. */
  restarts: number;
  /** What is not an invariant, but must not be either. */
  findings: string[];
  /** The course of some tickets in which something was found. */
  courses: string[];
  seconds: { chaos: number; settle: number; all: number };
  kinds: Record<string, number>;
}

/** Open lives at once: more would wait for the machine, not for Deskbridge. */
const MOST_OPEN = 60;
/** As the platform gives before it kills. */
const DRAIN_WITHIN_MS = 25_000;

/** `stopped` rejects when nobody wants the result any more; everything is removed all the same. */
export async function runFaults(options: RunOptions, tell: Tell, stopped?: Promise<never>): Promise<RunResult> {
  const begun = performance.now();
  return withDesk({ ...options, quota: WITHOUT_QUOTA, sweepEvery: '1m' }, stopped, (world, desk) =>
    run(options, world, desk, tell, begun),
  );
}

async function run(options: RunOptions, world: World, desk: Desk, tell: Tell, since: number): Promise<RunResult> {
  const random = seededRandom(options.seed);
  const lives = createLives(world, { ...options, random: seededRandom(options.seed + 1) });
  const people = createPeople(world, desk.webUrl);
  const { cluster } = desk;
  const pace =
    cluster && options.pace > 0
      ? await measurePace(options, world, { ...desk, cluster }, { lives, people }, tell)
      : null;
  const before = lives.all.length;
  const begun = (): number => lives.all.length - before;
  prepare(world);
  const begin = (): void => {
    if (begun() >= options.tickets) return;
    lives.begin(options.kinds[begun()]);
    if (begun() % 2 === 0) people.signUp(1 + (begun() % 3));
  };
  const chaos = createChaos({
    ...{ world, desk, random, ...options },
    burst: (size) => {
      for (let nth = 0; nth < size; nth++) begin();
      people.signUp(2);
    },
  });
  const faulty = performance.now();
  await chaos.run(async (share) => {
    while (begun() < options.tickets * share) {
      begin();
      await delay(20);
      const patience = Date.now() + 60_000;
      while (lives.open().length >= MOST_OPEN && Date.now() < patience) await delay(100);
    }
    tell('faults', Math.round(share * 100), 100);
  });
  const chaosSeconds = (performance.now() - faulty) / 1000;

  await chaos.heal();
  const healed = performance.now();
  const patience = { desk, world, withinMs: options.settleWithin };
  const operator = startOperator(world, desk, lives.all);
  await endLives(lives, people, options.settleWithin, tell);
  await topUp(world, lives, options.webhooks, tell);
  await untilSettled(patience, tell);
  const settleSeconds = (performance.now() - healed) / 1000;
  const answers = answersOf(world);
  const drain = options.backlog > 0 ? await measureDrain(options, world, desk, lives) : null;
  await reconcileOnce(desk, options.settleWithin);
  const unsettled = await untilSettled(patience, tell);
  await untilTold(world, lives.all, options.settleWithin, tell);
  await operator.stop();

  tell('checking', 0, 1);
  const facts = await gatherFacts(world, desk, lives.all, unsettled);
  const verdicts = check(facts);
  return {
    seed: options.seed,
    verdicts,
    courses: await explain(world, desk.client, verdicts),
    tickets: lives.all.length,
    orders: facts.orders.length,
    webhooks: { accepted: world.attempts.accepted, attempts: world.attempts.made },
    kills: chaos.kills,
    troubles: chaos.done,
    answers,
    lostCreates: world.lostCreates.size,
    answered: operator.answered.length,
    drafts: operator.drafts.length,
    retried: operator.retried.length,
    drains: chaos.drains,
    drain,
    recoveries: chaos.recoveries.all,
    pace,
    restarts: cluster?.restarts() ?? 0,
    findings: [
      ...desk.crashes,
      ...chaos.recoveries.missing,
      ...chaos.drains.flatMap(({ part, ms, how }) =>
        ms <= DRAIN_WITHIN_MS && how === 'code 0' ? [] : [`${part} ended ${how} ${Math.round(ms)} ms after SIGTERM`],
      ),
      ...lives.all.flatMap(({ id, kind, stuck }) =>
        stuck === null ? [] : [`ticket ${id} (${kind}) came to a halt: ${stuck}`],
      ),
    ],
    seconds: { chaos: chaosSeconds, settle: settleSeconds, all: (performance.now() - since) / 1000 },
    kinds: count(lives.all.map(({ kind }) => kind)),
  };
}

/** What holds for the whole run: lists and searches are late, every fifth create loses its answer, events overtake each other. */
function prepare(world: World): void {
  const { control } = world.sandbox;
  control.setRule(3, { active: true });
  control.setKnobs({
    freshdesk: { searchLagMs: 20_000 },
    fieldNation: { searchLagMs: 20_000, reorderWindowMs: 1_000 },
  });
  world.loseCreatesOf((ticketId) => ticketId % 5 === 0);
}

async function endLives(
  lives: Lives,
  people: ReturnType<typeof createPeople>,
  withinMs: number,
  tell: Tell,
): Promise<void> {
  lives.endAfter(withinMs);
  people.endAfter(withinMs);
  for (let open = lives.open(); open.length > 0; open = lives.open()) {
    // The last ones by name: what they wait for is what one wants to know.
    const last = open.length > 2 ? '' : `, waiting ${open.map(({ id, step }) => `#${id} ${step}`).join(', ')}`;
    tell(`lives${last}`, lives.all.length - open.length, lives.all.length);
    await delay(250);
  }
  await people.accepted();
}

/** Freshdesk's rules say the same again until there were enough webhooks. */
async function topUp(world: World, lives: Lives, webhooks: number, tell: Tell): Promise<void> {
  for (let nth = 0; world.attempts.accepted < webhooks; nth = (nth + 1) % lives.all.length) {
    const life = lives.all[nth];
    if (life && life.kind !== 'unheard') world.sandbox.control.fireWebhook(life.id, 3);
    if (nth % 16 === 0) await world.sandbox.control.idle({ timeoutMs: 60_000 });
    tell('webhooks', world.attempts.accepted, webhooks);
  }
}

/** One sweep, as the schedule makes it. */
async function reconcileOnce({ client }: Desk, withinMs: number): Promise<void> {
  const handle = client.schedule.getHandle(reconcileId(ACCOUNT));
  const deadline = Date.now() + withinMs;
  const before = (await handle.describe()).info.numActionsTaken;
  await handle.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
  for (;;) {
    const { numActionsTaken, runningActions } = (await handle.describe()).info;
    if (numActionsTaken > before && runningActions.length === 0) return;
    if (Date.now() > deadline) throw new Error('The sweep did not end.');
    await delay(500);
  }
}

function answersOf({ sandbox: { control } }: World): Record<string, number> {
  return count(control.history().map(({ status }) => String(status ?? 0)));
}

function count(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
