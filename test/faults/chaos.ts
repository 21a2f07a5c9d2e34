/** What goes wrong during a run: a seeded list of kills and outages, one after the other, over a floor of failing calls. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../sandbox';
import { shuffled } from '../../sandbox/random';
import type { Desk } from './desk';
import { createClusterTroubles } from './cluster-troubles';
import { createDoses, type Dose } from './doses';
import { createHostile } from './hostile';
import type { Part } from './part';
import { createRecoveries, type Recoveries } from './recovery';
import { SECRETS, type Moment, type Sight, type World } from './world';

/** Longer than the 20 s after which Deskbridge gives a call up. */
const TOO_LATE_MS = 25_000;
/** A step that nobody takes in this time is not waited for. */
const SIGHT_WITHIN_MS = 8_000;

/** A quarter of all calls fails at once; a share is of what the ones before have left. */
const FAILING: Omit<Fault, 'system' | 'seed'>[] = [
  { kind: 'status', status: 500, probability: 0.04 },
  { kind: 'status', status: 503, probability: 0.04 / 0.96 },
  { kind: 'status', status: 429, retryAfter: '1', probability: 0.06 / 0.92 },
  { kind: 'reset-before', probability: 0.06 / 0.86 },
  { kind: 'lost-answer', probability: 0.05 / 0.8 },
];

/** Another 5 % of all is not answered in time, half of them with their effect. */
const UNANSWERED: Omit<Fault, 'system' | 'seed'>[] = [
  { kind: 'late-answer', delayMs: TOO_LATE_MS, probability: 0.025 / 0.75 },
  { kind: 'hang', delayMs: TOO_LATE_MS, probability: 0.025 / 0.725 },
];

/** The step boundaries at which both workers are killed: each call before and after its effect, each event taken in. */
const BOUNDARIES: [name: string, route: string, moment: Sight['moment'], body?: RegExp][] = [
  ['received', '{', 'accepted'],
  ['before the ticket is read', 'GET /tickets/:id', 'arrived'],
  ['ticket read', 'GET /tickets/:id', 'done'],
  ['before create', 'POST /workorders', 'arrived'],
  ['after create, before its answer', 'POST /workorders', 'done'],
  ['before link', 'PUT /tickets/:id', 'arrived', /cf_work_order_id/],
  ['linked', 'PUT /tickets/:id', 'done', /cf_work_order_id/],
  ['before publish', 'POST /workorders/:id/publish', 'arrived'],
  ['published', 'POST /workorders/:id/publish', 'done'],
  ['before a status', 'PUT /tickets/:id', 'arrived', /"status"/],
  ['status written', 'PUT /tickets/:id', 'done', /"status"/],
  ['before a note', 'POST /tickets/:id/notes', 'arrived'],
  ['note written', 'POST /tickets/:id/notes', 'done'],
  ['before a message', 'POST /workorders/:id/messages', 'arrived'],
  ['message posted', 'POST /workorders/:id/messages', 'done'],
  ['before a contact', 'POST /contacts', 'arrived'],
  ['contact created', 'POST /contacts', 'done'],
  ['assigned', 'workorder.status.assigned', 'accepted'],
  ['work done', 'workorder.status.work_done', 'accepted'],
  ['paid', 'workorder.status.paid', 'accepted'],
];

export interface Chaos {
  /** What was done, by name, and how often. */
  done: Record<string, number>;
  kills: number;
  /** How long each SIGTERM took, in ms. */
  drains: { part: string; ms: number; how: string }[];
  recoveries: Recoveries;
  /** One after the other; `between` is called before each with its share of all. */
  run(between: (share: number) => Promise<void>): Promise<void>;
  /** Everything that was switched on is off again, and all processes run. */
  heal(): Promise<void>;
}

export interface ChaosOptions {
  world: World;
  desk: Desk;
  random: () => number;
  seed: number;
  kills: number;
  /** How many times each other fault comes; 0: only what is over in a moment, once. */
  doses: number;
  /** Length of an outage, in ms. */
  outage: number;
  /** Brings something to do: new tickets and people, all at once. */
  burst: (size: number) => void;
}

interface Trouble {
  name: string;
  /** Says `missed` when what it waited for did not come: it did its worst at another moment. */
  run: Dose;
}

export function createChaos(options: ChaosOptions): Chaos {
  const { world, desk, random, seed, outage, burst } = options;
  const { control } = world.sandbox;
  const chaos = { kills: 0, done: {} as Record<string, number>, drains: [] as Chaos['drains'] };
  const recoveries = createRecoveries(world, desk);

  /** What fails until all heals, whatever else does. */
  const standing: Fault[] = [];
  const dose = createDoses(desk, SECRETS.adminToken, random);
  const hostile = createHostile(world, desk.webUrl, random);

  const armFloor = (from: number): void => {
    for (const fault of standing) control.addFault(fault);
    const floor = options.doses > 0 ? [...FAILING, ...UNANSWERED] : FAILING;
    for (const system of ['freshdesk', 'field-nation'] as const)
      for (const [nth, fault] of floor.entries()) control.addFault({ ...fault, system, seed: from * 100 + nth });
  };
  const kill = async (parts: Pick<Part, 'kill'>[]): Promise<void> => {
    await Promise.all(parts.map((part) => part.kill()));
    chaos.kills += parts.length;
  };
  const startAgain = async (what: string, parts: Pick<Part, 'start'>[]): Promise<void> => {
    await Promise.all([recoveries.measure(`kill of ${what}`), ...parts.map((part) => part.start())]);
  };
  const killAndStart = async (what: string, parts: Pick<Part, 'start' | 'kill'>[], awayMs = 0): Promise<void> => {
    await kill(parts);
    await delay(awayMs);
    await startAgain(what, parts);
  };
  const oneOf = (parts: Part[]): Part => parts[Math.floor(random() * parts.length)] as Part;

  const atBoundary = ([name, what, moment, body]: (typeof BOUNDARIES)[number]): Trouble => ({
    name: `kill -9 of all workers: ${name}`,
    run: async () => {
      // Something has to come by.
      burst(1);
      const held = await world.next((sight) => fits(sight, what, moment, body), SIGHT_WITHIN_MS);
      await kill(desk.workers);
      // Nobody is there any more: what had not had its effect never has it.
      held?.release('cut');
      await startAgain('all workers', desk.workers);
      return held ? undefined : 'missed';
    },
  });
  const worker: Trouble = { name: 'kill -9 of a worker', run: () => killAndStart('a worker', [oneOf(desk.workers)]) };
  const web: Trouble = {
    name: 'kill -9 of a web server during accepts',
    run: async () => {
      burst(4);
      await delay(random() * 150);
      await killAndStart('a web server', [oneOf(desk.webs)]);
    },
  };
  const temporal: Trouble = {
    name: 'kill -9 of the Temporal server during accepts',
    run: async () => {
      burst(4);
      await delay(random() * 300);
      await killAndStart('the Temporal server', [desk.temporal], random() * 2_000);
    },
  };

  /** Instead of the floor, which would be matched first. */
  const withFaults = (name: string, faults: Fault[], ms: number): Trouble => ({
    name,
    run: async () => {
      control.clearFaults();
      for (const fault of faults) control.addFault(fault);
      await delay(ms);
      control.clearFaults();
      armFloor(seed + chaos.kills);
    },
  });
  const storm = (retryAfter: string | null, times: number): Trouble => ({
    name: `429 with Retry-After ${retryAfter ?? 'missing'}`,
    run: async () => {
      const asked = retryAfter === 'date' ? new Date(Date.now() + 3_000).toUTCString() : retryAfter;
      const system = random() < 0.5 ? ('freshdesk' as const) : ('field-nation' as const);
      const fault: Fault = {
        system,
        kind: 'status',
        status: 429,
        times,
        ...(asked === null ? {} : { retryAfter: asked }),
      };
      await withFaults('', [fault], 1_500).run();
    },
  });
  const term = (part: Part): Trouble => ({
    name: `SIGTERM of ${part.name} under load`,
    run: async () => {
      burst(4);
      await delay(300);
      chaos.drains.push({ part: part.name, ...(await part.end()) });
      await part.start();
    },
  });
  const brief = (): Trouble[] => [
    { name: 'tokens expire', run: async () => control.expireTokens() },
    storm('date', 6),
    term(oneOf(desk.workers)),
    {
      name: 'webhooks ten times, each copy under an id of its own',
      run: async () => {
        const [fieldNation, freshdesk] = [
          { duplicateWebhooks: 10, duplicateDeliveryId: 'new' } as const,
          { duplicateWebhooks: 10 },
        ];
        control.setKnobs({ fieldNation, freshdesk });
        await delay(1_500);
        control.setKnobs({ fieldNation: { duplicateWebhooks: 1 }, freshdesk: { duplicateWebhooks: 1 } });
      },
    },
    {
      name: 'webhooks held and released in another order',
      run: async () => {
        control.holdWebhooks('field-nation');
        await delay(2_000);
        control.releaseWebhooks(random() < 0.5 ? 'reversed' : 'shuffled', 'field-nation');
      },
    },
    {
      name: 'webhooks for unknown work orders',
      run: async () => {
        for (let nth = 0; nth < 5; nth++)
          control.sendEvent({ name: 'workorder.status.assigned', workOrderId: 5_000_000 + Math.floor(random() * 1e6) });
      },
    },
    { name: 'old webhooks once more', run: async () => resendOld(world, random) },
    { name: 'a dispatch reset to one of its tasks', run: dose.reset },
    { name: 'a dispatch reset to one of its tasks', run: dose.reset },
    { name: 'a dispatch terminated', run: dose.terminate },
    { name: 'dispatching paused and resumed', run: dose.pause },
    { name: 'a requester forges our notes, messages and ids', run: hostile.requester },
    { name: "a sender of events gives somebody else's address", run: hostile.sender },
  ];
  /** One ticket and one work order that fail from now on, until all heals. */
  const poison: Trouble = {
    name: 'a ticket and a work order answer 500 until all heals',
    run: async () => {
      const ticket = control.tickets().find(({ custom_fields: f }) => (f as Record<string, unknown>).cf_work_order_id);
      if (!ticket) return 'missed';
      const order = String((ticket.custom_fields as Record<string, unknown>).cf_work_order_id);
      const failing = { kind: 'status', status: 500 } as const;
      standing.push({ system: 'freshdesk', path: `/tickets/${String(ticket.id)}(/|$)`, ...failing });
      standing.push({ system: 'field-nation', path: `/workorders/${order}(/|$)`, ...failing });
      for (const fault of standing) control.addFault(fault);
    },
  };
  /** Too long for a short run: some hold calls back for a minute, or the senders give up meanwhile. */
  const long = (): Trouble[] => [
    storm('2', 6),
    storm('0', 6),
    ...desk.webs.map(term),
    withFaults('Freshdesk away', [{ system: 'freshdesk', kind: 'status', status: 503 }], outage),
    withFaults('Field Nation away', [{ system: 'field-nation', kind: 'reset-before' }], outage),
    storm(null, 2),
    storm('-5', 2),
    { name: 'Temporal away', run: () => killAndStart('the Temporal server', [desk.temporal], outage) },
    {
      name: "Field Nation's webhook off, events lost",
      run: async () => {
        control.setWebhookActive(false);
        await delay(4_000);
        control.setWebhookActive(true);
      },
    },
  ];

  const beyondOneMachine =
    desk.cluster &&
    createClusterTroubles({ cluster: desk.cluster, random, burst, kill, recovered: recoveries.measure });

  const troubles = (): Trouble[] => {
    const { kills, doses } = options;
    const times = (share: number, costs: number): number => Math.max(1, Math.round((kills * share) / costs));
    const boundaries = shuffled(BOUNDARIES, random);
    const planned = [
      ...Array.from({ length: times(0.5, 2) }, (_, nth) =>
        atBoundary(boundaries[nth % boundaries.length] as (typeof BOUNDARIES)[number]),
      ),
      ...Array.from({ length: times(0.25, 1) }, () => worker),
      ...Array.from({ length: times(0.15, 1) }, () => web),
      ...Array.from({ length: times(0.1, 1) }, () => temporal),
      ...Array.from({ length: Math.max(1, doses) }, brief).flat(),
      ...Array.from({ length: doses }, long).flat(),
    ];
    if (beyondOneMachine) {
      const { failOver, cuts, longCut } = beyondOneMachine;
      planned.push(...Array.from({ length: times(0.1, 1) }, () => failOver), ...cuts(times(0.3, 1)));
      planned.push(...Array.from({ length: Math.max(1, doses) }, () => longCut));
    }
    const all = shuffled(planned, random);
    // In the first half, so that it lasts beyond the patience; a short run ends before that.
    if (doses > 0) all.splice(Math.floor(all.length / 3), 0, poison);
    return all;
  };

  return {
    get done() {
      return chaos.done;
    },
    get kills() {
      return chaos.kills;
    },
    get drains() {
      return chaos.drains;
    },
    recoveries,
    async run(between) {
      armFloor(seed);
      const planned = troubles();
      for (const [nth, trouble] of planned.entries()) {
        await between((nth + 1) / planned.length);
        const name = (await trouble.run()) === 'missed' ? `${trouble.name} (not seen in time)` : trouble.name;
        chaos.done[name] = (chaos.done[name] ?? 0) + 1;
        await delay(random() * 700);
      }
    },
    async heal() {
      control.clearFaults();
      control.setKnobs({
        fieldNation: { duplicateWebhooks: 1, reorderWindowMs: 0 },
        freshdesk: { duplicateWebhooks: 1 },
      });
      control.setWebhookActive(true);
    },
  };
}

function fits(sight: Sight, what: string, moment: Moment | 'accepted', body: RegExp | undefined): boolean {
  if (sight.moment !== moment) return false;
  // Freshdesk's events are told in braces.
  if (moment === 'accepted') return what === '{' ? sight.what.startsWith('{') : sight.what === what;
  return sight.what === what && (body?.test(JSON.stringify(sight.request?.body)) ?? true);
}

/** Some of the newest 1,000 that were delivered, under their own ids and under new ones. */
function resendOld({ sandbox: { control }, closedDeliveries }: World, random: () => number): void {
  const known = closedDeliveries.slice(-1000);
  for (let nth = 0; nth < Math.min(20, known.length); nth++) {
    const id = known[Math.floor(random() * known.length)];
    control.setKnobs({ fieldNation: { retryKeepsDeliveryId: nth % 2 === 0 } });
    // Deliveries made by hand, to an order that does not exist, and such that the sandbox has forgotten.
    if (id !== undefined) tolerant(() => control.resendDelivery(id));
  }
  control.setKnobs({ fieldNation: { retryKeepsDeliveryId: true } });
}

function tolerant(work: () => unknown): void {
  try {
    work();
  } catch {
    // It is gone.
  }
}
