/** What people and technicians do with the tickets of a run: seeded, one life a ticket, each noting what it meant to happen. */
import { setTimeout as delay } from 'node:timers/promises';
import { SandboxRefusal, type BotAction } from '../../sandbox';
import type { OrderStatus } from '../../src/domain/status';
import type { World } from './world';

const [CLOSED, RESOLVED, FIELD_SERVICE_REQUIRED] = [5, 4, 8];
const LOOK_MS = 250;

/** What a life is made of; `published` waits for the order, `resolved` for the ticket. */
type Step = BotAction | 'published' | 'resolved' | 'note' | 'reply' | 'close' | 'again';

interface Kind {
  name: string;
  weight: number;
  steps: Step[];
  defect?: string;
  /** Freshdesk's rule says nothing: only reconcile can find it. */
  unheard?: boolean;
  /** Not for the field. */
  stranger?: boolean;
}

const WORK: Step[] = ['on-my-way', 'check-in', 'check-out', 'work-done'];

const KINDS: Kind[] = [
  { name: 'whole', weight: 40, steps: ['published', 'assign', 'confirm', ...WORK, 'approve', 'pay'] },
  {
    name: 'conversation',
    weight: 15,
    steps: [
      'published',
      'note',
      'assign',
      'message',
      'on-my-way',
      'check-in',
      'reply',
      'message',
      'check-out',
      'work-done',
    ],
  },
  { name: 'published only', weight: 6, steps: ['published'] },
  { name: 'on site', weight: 6, steps: ['published', 'assign', 'check-in'] },
  { name: 'assigned anew', weight: 9, steps: ['published', 'assign', 'cancel-assignment', 'assign', ...WORK] },
  {
    name: 'done again',
    weight: 5,
    steps: ['published', 'assign', 'check-in', 'work-done', 'incomplete', 'check-in', 'work-done'],
  },
  { name: 'cancelled by the buyer', weight: 5, steps: ['published', 'assign', 'cancel'] },
  { name: 'closed by an agent', weight: 4, steps: ['published', 'close'] },
  {
    name: 'second visit',
    weight: 4,
    steps: ['published', 'assign', 'check-in', 'work-done', 'resolved', 'again', 'published', 'assign', 'work-done'],
  },
  { name: 'unheard', weight: 2, steps: [], unheard: true },
  { name: 'of no business of ours', weight: 3, steps: [], stranger: true },
  { name: 'poisoned', weight: 1, steps: [], defect: 'the site has no city' },
];

/** What an action makes of the order; others say nothing of its status. */
const TELLS: Partial<Record<BotAction, OrderStatus[]>> = {
  assign: ['assigned'],
  confirm: ['confirmed'],
  'on-my-way': ['on-my-way'],
  'check-in': ['checked-in'],
  'check-out': ['checked-out'],
  'cancel-assignment': ['assignment-cancelled', 'published'],
  'work-done': ['work-done'],
  incomplete: ['assigned'],
  approve: ['approved'],
  pay: ['paid'],
  cancel: ['cancelled'],
};

export interface Life {
  id: number;
  kind: string;
  visits: number;
  defect: string | null;
  life: OrderStatus[];
  closedAs: number | null;
  entries: string[];
  /** How many webhooks of the ticket were accepted before it was triggered again; null when it was not. */
  heardBefore: number | null;
  /** The step that it takes; null before the first. */
  step: Step | null;
  /** Where it came to a halt; null while it goes on or when all is done. */
  stuck: string | null;
  isOver: boolean;
}

export interface Lives {
  all: Life[];
  /** Begins one more, of a kind that the seed chooses or that is named. */
  begin(kind?: string): void;
  open(): Life[];
  /** Nothing new is waited for from now on. */
  endAfter(ms: number): void;
}

export interface LivesOptions {
  random: () => number;
  /** Longest time between two steps, in ms. */
  pause: number;
  /** People write notes and replies; one in the very second of a write of ours is read up to ten minutes later. */
  entries: boolean;
}

export function createLives(world: World, { random, pause, entries }: LivesOptions): Lives {
  const { control } = world.sandbox;
  const all: Life[] = [];
  let deadline = Number.POSITIVE_INFINITY;

  const until = async (holds: () => boolean, what: string): Promise<void> => {
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`waited for ${what}`);
      await delay(LOOK_MS);
    }
  };
  const linkOf = (id: number): number =>
    Number((control.ticket(id).custom_fields as Record<string, unknown>).cf_work_order_id);
  const wasPublished = (orderId: number): boolean =>
    Boolean((control.workOrder(orderId).milestones as Record<string, unknown> | undefined)?.published);

  const take = async (life: Life, step: Step, visit: { order: number }): Promise<void> => {
    const { id } = life;
    switch (step) {
      case 'published': {
        const before = visit.order;
        const isOut = (): boolean => linkOf(id) > 0 && linkOf(id) !== before && wasPublished(linkOf(id));
        await until(isOut, `the published order of visit ${life.visits}`);
        visit.order = linkOf(id);
        life.life.push('published');
        return;
      }
      case 'resolved':
        return until(() => control.ticket(id).status === RESOLVED, 'the ticket to be resolved');
      case 'again':
        // Freshdesk's times have whole seconds.
        await delay(2_500);
        life.visits += 1;
        life.heardBefore = world.accepted.ofTickets[id] ?? 0;
        control.updateTicket(id, { status: FIELD_SERVICE_REQUIRED }, 'agent');
        return;
      case 'note':
      case 'reply': {
        const text = `${step} of a person, for the field`;
        const entry = step === 'note' ? control.addNote(id, text) : control.reply(id, text);
        life.entries.push(`${step} ${String(entry.id)}`);
        return;
      }
      case 'close':
        life.closedAs = CLOSED;
        control.updateTicket(id, { status: CLOSED }, 'agent');
        life.life.push('cancelled');
        return;
      default:
        control.act(visit.order, step);
        life.life.push(...(TELLS[step] ?? []));
    }
  };
  const live = async (life: Life, { steps }: Kind): Promise<void> => {
    const visit = { order: 0 };
    const taken = new Set<Step>();
    for (const step of steps) {
      if (!entries && (step === 'note' || step === 'reply')) continue;
      // The same thing twice within a second, the finest that both upstreams tell, would be one thing to everybody.
      await delay(Math.max(random() * pause, taken.has(step) || step === 'incomplete' ? 1_100 : 0));
      life.step = step;
      try {
        await take(life, step, visit);
        taken.add(step);
      } catch (error) {
        life.stuck = `${step}: ${error instanceof SandboxRefusal ? error.message : (error as Error).message}`;
        break;
      }
    }
    life.isOver = true;
  };

  return {
    all,
    begin: (name) => {
      const kind = KINDS.find((one) => one.name === name) ?? choose(KINDS, random);
      const site = kind.defect ? { custom_fields: { cf_site_city: null } } : {};
      const id = Number(control.createTicket({ subject: `Till ${all.length} does not print`, ...site }).id);
      const life: Life = {
        ...{ id, kind: kind.name, visits: kind.stranger ? 0 : 1, defect: kind.defect ?? null, life: [] },
        ...{ closedAs: null, entries: [], heardBefore: null, step: null, stuck: null, isOver: false },
      };
      all.push(life);
      if (kind.unheard) control.setKnobs({ freshdesk: { rulesEnabled: false } });
      if (kind.stranger) control.fireWebhook(id);
      else if (random() < 0.5) control.updateTicket(id, { status: FIELD_SERVICE_REQUIRED });
      else control.updateTicket(id, { tags: ['on-site'] });
      if (kind.unheard) control.setKnobs({ freshdesk: { rulesEnabled: true } });
      void live(life, kind);
    },
    open: () => all.filter(({ isOver }) => !isOver),
    endAfter: (ms) => void (deadline = Date.now() + ms),
  };
}

function choose(kinds: Kind[], random: () => number): Kind {
  let left = random() * kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (const kind of kinds) if ((left -= kind.weight) < 0) return kind;
  return kinds[0] as Kind;
}
