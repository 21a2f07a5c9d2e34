/**
 * One drill: Freshdesk refuses the events of many people, the cause is put right, and one command sends them again, while
 * processes are killed, newer events come and consent is withdrawn; then it is counted what came of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WORKFLOW_TYPES } from '../../../src/contract/names';
import type { ReplayCounts } from '../../../src/contract/contact';
import { inPieces } from '../../../src/domain/in-pieces';
import { seededRandom } from '../../../sandbox/random';
import { WITHOUT_QUOTA, type Desk } from '../../faults/desk';
import type { Tell } from '../../faults/play';
import { withDesk } from '../../faults/with-desk';
import { SECRETS, type World } from '../../faults/world';
import { killsOf } from '../kills';
import type { Down } from '../others';
import { countsOf, eventsOf, faultsOfPeople, personOf, refusedOf, type Moment } from './people';

export interface ReplayOptions {
  seed: number;
  people: number;
  /** How many times processes are killed while events are sent again. */
  kills: number;
  withinMs: number;
  dir: string;
}

export interface ReplayResult extends Pick<ReplayOptions, 'seed' | 'people'> {
  /** Events that Freshdesk refused at first. */
  refused: number;
  /** What the command said. */
  sent: ReplayCounts;
  /** `sending`: from the command to the last contact. */
  seconds: { counting: number; sending: number };
  downs: Down[];
  contacts: number;
  /** Contacts that were written although nothing new was said of them: a call was carried out and its answer lost. */
  repeats: number;
  /** What must not be. */
  faults: string[];
}

/** A field that the account does not have: Freshdesk refuses the whole contact. */
const CONTACTS = (fields: string): string => `contacts: { mergeWindow: 0s, customFields: { ${fields} } }\n`;
const RIGHT = CONTACTS('signup_method: traits.method');
const WRONG = CONTACTS('signup_method: traits.method, no_such_field: traits.method');

const TURN_MS = 200;
/** Calls are at most so far apart while something goes on, but for a kill. */
const QUIET_MS = 3_000;
const PER_BATCH = 100;
/** Contacts that are worked on before more are sent. */
const MOST_OPEN = 200;
const LOOK_MS = 1_000;
/** Nothing interrupts the last of them: they may be over before it does. */
const [KILLS_FROM, KILLS_TO] = [0.05, 0.85];

/** `stopped` rejects when nobody wants the result any more. */
export const runReplay = (options: ReplayOptions, tell: Tell, stopped?: Promise<never>): Promise<ReplayResult> =>
  withDesk(
    { dir: options.dir, cluster: false, quota: WITHOUT_QUOTA, sweepEvery: '10m', config: WRONG },
    stopped,
    (world, desk) => run(options, world, desk, tell),
  );

async function run(options: ReplayOptions, world: World, desk: Desk, tell: Tell): Promise<ReplayResult> {
  const { control } = world.sandbox;
  const begun = Date.now();
  const deadline = begun + options.withinMs;
  const people = Array.from({ length: options.people }, (_, nth) => personOf(nth));
  const refused = refusedOf(people);
  const of = (moment: Moment): object[] => people.flatMap((person) => eventsOf(person, moment, begun));
  const answered = (route: string, status: number): number =>
    control
      .calls()
      .filter((call) => call.route === route && call.status === status)
      .reduce((sum, { count }) => sum + count, 0);
  const until = async (phase: string, total: number, done: () => number, isOver: () => Promise<boolean>) => {
    for (; !(await isOver()); await delay(TURN_MS)) {
      if (Date.now() > deadline) throw new Error(`${phase}: ${done()} of ${total} when the time was over`);
      tell(phase, done(), total);
    }
  };
  let [calls, since] = [0, Date.now()];
  /** Asked of Temporal only where no call is made any more: its index has ten thousand runs to count. */
  const atRest = async (): Promise<boolean> => {
    const made = control.calls().reduce((sum, { count }) => sum + count, 0);
    if (made !== calls) [calls, since] = [made, Date.now()];
    return Date.now() - since > QUIET_MS && (await openRuns(desk)) === 0;
  };

  for (const moment of ['refused', 'refused-again'] as const) {
    await sendAll(desk, of(moment));
    await until('refused', refused, () => answered('POST /contacts', 400), atRest);
  }
  desk.setConfig(RIGHT);
  for (const part of [...desk.webs, ...desk.workers]) {
    await part.end();
    await part.start();
  }
  const before = of('before');
  await sendAll(desk, before);
  await until('what comes before', before.length, () => answered('POST /contacts', 201), atRest);

  const dry = await replayed(desk, []);
  const asked = await askedOnThePage(desk);
  const made = answered('POST /contacts', 201);
  const share = (): number => (answered('POST /contacts', 201) - made) / dry.counts.events;
  const from = Date.now();
  const sent = await replayed(desk, ['--yes']);
  const downs: Down[] = [];
  const random = seededRandom(options.seed);
  const kills = killsOf(desk, random, downs);
  const meanwhile = sendSlowly(desk, of('meanwhile'), async (at) => share() >= at || (await atRest()));
  const sending = (): number => Math.round(share() * dry.counts.events);
  for (let nth = 0; nth < options.kills; nth++) {
    const at = KILLS_FROM + ((KILLS_TO - KILLS_FROM) * (nth + random())) / options.kills;
    await until('sent again', dry.counts.events, sending, async () => share() >= at || (await atRest()));
    await kills[nth % kills.length]?.();
  }
  await until('sent again', dry.counts.events, sending, atRest);
  const seconds = { counting: dry.seconds, sending: (Date.now() - from) / 1000 };
  await meanwhile;
  await until('what came last', 0, () => 0, atRest);
  const again = await replayed(desk, ['--yes']);

  const expected = countsOf(people);
  const counted = (what: string, counts: ReplayCounts): string[] =>
    Object.entries(expected)
      .filter(([name, count]) => counts[name as keyof typeof expected] !== count)
      .map(
        ([name, count]) => `${what} counts ${counts[name as keyof typeof expected]} ${name}, and there are ${count}`,
      );
  const contacts = control.contacts();
  const names = new Set(people.map(({ nth }) => `Person ${nth}`));
  return {
    ...{ seed: options.seed, people: people.length, refused, sent: sent.counts, seconds, downs },
    contacts: contacts.filter(({ name }) => names.has(String(name))).length,
    repeats: repeatsIn(world),
    faults: [
      ...faultsOfPeople(people, contacts),
      ...counted('the dry run', dry.counts),
      ...counted('the page', asked),
      ...counted('the command', sent.counts),
      ...(again.run === null && again.counts.events === 0 ? [] : [`${again.counts.events} events were left`]),
      ...(downs.length === options.kills ? [] : [`only ${downs.length} kills`]),
      ...desk.crashes,
    ],
  };
}

/** Calls that had been carried out before with the same body. */
function repeatsIn({ effective }: World): number {
  const seen = new Set<string>();
  let repeats = 0;
  for (const { method, path, body } of effective) {
    if (!path.includes('/contacts') || !['POST', 'PUT'].includes(method)) continue;
    const key = JSON.stringify([method, path, body]);
    if (seen.has(key)) repeats++;
    seen.add(key);
  }
  return repeats;
}

/** Events that wait, requests that are handed out, and what is sent again; infinitely many while nobody can say. */
async function openRuns({ client }: Desk): Promise<number> {
  const { contactSync, contactBatch, contactReplay } = WORKFLOW_TYPES;
  const types = [contactSync, contactBatch, contactReplay].map((type) => `'${type}'`).join(', ');
  try {
    return (await client.workflow.count(`WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`)).count;
  } catch {
    // The server was just killed.
    return Infinity;
  }
}

interface Replayed {
  counts: ReplayCounts;
  run: string | null;
  seconds: number;
}

/** One command of an operator. */
async function replayed(desk: Desk, args: string[]): Promise<Replayed> {
  const begun = performance.now();
  const child = desk.command(['contacts', 'replay', '--outcome', 'rejected', '--json', ...args]);
  const how = await child.ended;
  if (how !== 'code 0') throw new Error(`contacts replay ended ${how}: ${child.said()}`);
  const { run, ...counts } = JSON.parse(child.said()) as ReplayCounts & { run: string | null };
  return { run, counts, seconds: (performance.now() - begun) / 1000 };
}

async function askedOnThePage(desk: Desk): Promise<ReplayCounts> {
  const response = await fetch(`${desk.webUrl}/api/contacts/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRETS.adminToken}` },
    body: JSON.stringify({ outcome: 'rejected', dryRun: true }),
  });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`The dry run of the API was answered ${response.status}: ${text}`);
  return JSON.parse(text) as ReplayCounts;
}

/** A slow machine is not flooded before the drill begins: that is what other drills are for. */
async function sendAll(desk: Desk, events: object[]): Promise<void> {
  for (const batch of inPieces(events, PER_BATCH)) {
    while ((await openRuns(desk)) > MOST_OPEN) await delay(LOOK_MS);
    await send(desk, batch);
  }
}

/** One after the other, as the replay goes on: `isAt` says whether it has come to a share of its whole. */
async function sendSlowly(desk: Desk, events: object[], isAt: (share: number) => Promise<boolean>): Promise<void> {
  for (const [index, event] of events.entries()) {
    while (!(await isAt(index / events.length))) await delay(TURN_MS);
    await send(desk, [event]);
  }
}

/** Until it is answered 2xx, as analytics libraries do. */
async function send({ webUrl }: Desk, batch: readonly object[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${SECRETS.writeKey}:`).toString('base64')}`;
  for (;;) {
    const response = await fetch(`${webUrl}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ batch }),
    }).catch(() => null);
    if (response?.ok) return;
    if (response && ![429, 503].includes(response.status))
      throw new Error(`A batch was answered ${response.status}: ${await response.text()}`);
    await delay(TURN_MS);
  }
}
