/**
 * The outside world of a run: both upstreams, in this process, so that each request can be seen, held and cut. It notes
 * which webhooks were accepted, and which requests really had their effect.
 */
import { startSandbox, type HistoryEntry, type Sandbox } from '../../sandbox';

export const ACCOUNT = 'acme';
/** Divides the waits of the webhook senders: Field Nation gives up after 21 s, Freshdesk after 95 s. */
const TIME_SCALE = 60;

export const SECRETS = {
  freshdeskKey: 'freshdesk-key-of-the-run',
  freshdesk: 'webhook-secret-of-the-run',
  fieldNation: '11111111-2222-4333-8444-555555555555',
  writeKey: 'write-key-of-the-run',
  hashKey: 'hash-key-of-the-run',
  adminToken: 'admin-token-of-the-run',
  credentials: {
    ...{ clientId: 'client', clientSecret: 'client-secret-of-the-run' },
    ...{ username: 'user', password: 'password-of-the-run' },
  },
};

export type Moment = 'arrived' | 'done';

/** A point of the course that somebody waits for: a request, or a webhook that was accepted. */
export interface Sight {
  /** Route as in the history, or the webhook's event name. */
  what: string;
  moment: Moment | 'accepted';
  request: HistoryEntry | null;
}

/** Resolves at the first sight; what is held there goes on, or is cut, when `release` is called. */
export interface Held {
  release(how: 'go' | 'cut'): void;
}

export interface World {
  sandbox: Sandbox;
  accepted: { ofTickets: Record<string, number>; ofOrders: string[]; ofPeople: Set<string> };
  /** Ids of Field Nation's closed deliveries, for sending them again days later. */
  closedDeliveries: string[];
  /** Requests whose effect is stored, whether or not they were answered. */
  effective: HistoryEntry[];
  /** Webhook calls made so far, each attempt counted. */
  attempts: { made: number; accepted: number };
  /** First creates of these tickets are carried out and never answered. */
  loseCreatesOf(ticketIds: (ticketId: number) => boolean): void;
  lostCreates: Set<string>;
  /** Waits for the next sight of a kind; null when it does not come in time. */
  next(fits: (sight: Sight) => boolean, withinMs: number): Promise<Held | null>;
  stop(): Promise<void>;
}

interface Trap {
  fits: (sight: Sight) => boolean;
  spring: (held: Held) => void;
}

export async function openWorld(): Promise<World> {
  const accepted: World['accepted'] = { ofTickets: {}, ofOrders: [], ofPeople: new Set() };
  const attempts = { made: 0, accepted: 0 };
  const effective: HistoryEntry[] = [];
  const closedDeliveries: string[] = [];
  const lostCreates = new Set<string>();
  const traps = new Set<Trap>();
  let losesCreateOf: (ticketId: number) => boolean = () => false;

  const spring = (sight: Sight): Promise<'go' | 'cut'> => {
    for (const trap of traps) {
      if (!trap.fits(sight)) continue;
      traps.delete(trap);
      return new Promise((release) => trap.spring({ release }));
    }
    return Promise.resolve('go');
  };
  const isLostCreate = ({ route, body }: HistoryEntry): boolean => {
    if (route !== 'POST /workorders') return false;
    const [id, ticketId] = correlationOf(body) ?? [];
    if (id === undefined || !losesCreateOf(Number(ticketId)) || lostCreates.has(id)) return false;
    lostCreates.add(id);
    return true;
  };
  const tellDelivery = (fields: Record<string, unknown>, wasAccepted: boolean): void => {
    attempts.made += 1;
    if (!wasAccepted) return;
    attempts.accepted += 1;
    const { system, subject, uuid, event, id } = fields as Record<string, string>;
    if (system === 'field-nation') {
      accepted.ofOrders.push(uuid ?? '');
      closedDeliveries.push(id ?? '');
    } else {
      accepted.ofTickets[String(subject)] = (accepted.ofTickets[String(subject)] ?? 0) + 1;
    }
    void spring({ what: event ?? '', moment: 'accepted', request: null });
  };

  const sandbox = await startSandbox({
    port: 0,
    dataFile: null,
    account: ACCOUNT,
    freshdeskApiKey: SECRETS.freshdeskKey,
    fieldNation: SECRETS.credentials,
    deskbridgeUrl: null,
    freshdeskWebhookSecret: SECRETS.freshdesk,
    fieldNationWebhookSecret: SECRETS.fieldNation,
    timeScale: TIME_SCALE,
    log: (message, fields) => {
      if (message === 'webhook delivered') tellDelivery(fields, true);
      else if (message === 'webhook not delivered') tellDelivery(fields, false);
    },
    watch: async (request, moment) => {
      if (moment === 'done') {
        effective.push(request);
        if (isLostCreate(request)) return 'cut';
      }
      return spring({ what: request.route, moment, request });
    },
  });
  return {
    ...{ sandbox, accepted, attempts, effective, closedDeliveries, lostCreates },
    loseCreatesOf: (ticketIds) => void (losesCreateOf = ticketIds),
    next: (fits, withinMs) =>
      new Promise((resolve) => {
        const trap: Trap = {
          fits,
          spring: (held) => {
            clearTimeout(timer);
            resolve(held);
          },
        };
        traps.add(trap);
        const timer = setTimeout(() => {
          traps.delete(trap);
          resolve(null);
        }, withinMs);
      }),
    stop: () => sandbox.stop(),
  };
}

/** The id of ours that something carries, with the numbers of ticket and visit. */
export function correlationOf(thing: unknown): [id: string, ticketId: number, visit: number] | null {
  const [id, ticketId, visit] = new RegExp(`FD-${ACCOUNT}-(\\d+)-(\\d+)`).exec(JSON.stringify(thing)) ?? [];
  return id === undefined ? null : [id, Number(ticketId), Number(visit)];
}
