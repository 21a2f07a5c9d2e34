/** The real activities against a sandbox over HTTP, each call in an activity environment of its own. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type Activities, type ActivitiesDeps } from '../../activities';

import type { SweepEngine } from '../../activities/sweep-engine';
import { createFieldNationClient } from '../../src/clients/field-nation';
import { createFreshdeskClient } from '../../src/clients/freshdesk';
import { parseConfig } from '../../src/config/load';
import { withDueDatesAtBirth } from '../helpers/due-dates';
import { startSandbox, type NewTicket, type Sandbox, type SandboxControl } from '../../sandbox';
import { createPaces } from '../../src/temporal/credit-pace';
import type { FailureDetail } from '../../src/contract/failures';
import type { CreateInput, OrderRef } from '../../src/contract/order-calls';

export const ACCOUNT = 'acme';
const CREDENTIALS = { clientId: 'client', clientSecret: 'client-secret', username: 'user', password: 'password' };
const LOGGER = new DefaultLogger('ERROR');

export interface ProcessOptions {
  config?: string;
  apiKey?: string;
  password?: string;
  fieldNationUrl?: string;
  timeoutMs?: number;
  /** What the account's run answers; an open gate where absent. */
  gate?: Partial<ActivitiesDeps['gate']>;
  /** False: the run may have been reset, or be older than the process. */
  isFresh?: boolean;
  wasReset?: boolean;
}

export interface Bench {
  control: SandboxControl;
  /** A fresh process with the options of the test. */
  start(options?: ProcessOptions): Activities;
  setConfig(text: string): void;
  ticket(patch?: NewTicket): number;
  /** A draft of the ticket's first visit. */
  draft(ticketId: number): Promise<OrderRef>;
  /** Webhooks go to this address meanwhile. */
  webhooksTo(address: string, work: () => Promise<void>): Promise<void>;
  /** Routes called so far, without tokens, as `POST /workorders`. */
  calls(system: 'freshdesk' | 'field-nation'): string[];
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export const correlationIdOf = (ticketId: number, visit = 1): string => `FD-${ACCOUNT}-${ticketId}-${visit}`;

/** A create for the first visit of a ticket, which trusts the search. */
export const creating = (ticketId: number, patch: Partial<CreateInput> = {}): CreateInput => ({
  ...{ account: ACCOUNT, ticketId, visit: 1, correlationId: correlationIdOf(ticketId), payload: { title: 'A visit' } },
  ...{ since: new Date(Date.now() - 3_600_000).toISOString(), thorough: false, beyondHour: false },
  ...patch,
});

/** Runs one attempt of an activity. */
export const attempt = <T>(work: () => Promise<T>, number = 1): Promise<T> =>
  new MockActivityEnvironment({ attempt: number }, { logger: LOGGER }).run(work);

export interface Failed {
  type: string;
  nonRetryable: boolean;
  message: string;
  nextRetryDelay: number | undefined;
  detail: FailureDetail;
}

/** The failure of one attempt; fails when there is none. */
export async function failureOf(work: () => Promise<unknown>, number = 1): Promise<Failed> {
  const error = await attempt(work, number).then(
    () => {
      throw new Error('The activity should have failed');
    },
    (thrown: unknown) => thrown as Omit<Failed, 'detail'> & { details?: FailureDetail[] },
  );
  const { type, nonRetryable, message, nextRetryDelay, details } = error;
  if (!details?.[0]) throw error as unknown as Error;
  return { type, nonRetryable, message, nextRetryDelay, detail: details[0] };
}

/** No run is there to be asked or told. */
const NO_RUNS: SweepEngine & ActivitiesDeps['dispatching'] & ActivitiesDeps['batches'] = {
  lastSweep: () => Promise.resolve(null),
  standings: () => Promise.resolve([]),
  tellTickets: () => Promise.resolve({ told: [], started: [], checked: [] }),
  openOrders: ({ after, width }) => Promise.resolve({ orders: [], after, width, end: true, unreadable: 0 }),
  ordersOf: () => Promise.resolve([]),
  unseenTickets: () => Promise.resolve([]),
  endedFromOutside: () => Promise.resolve([]),
  tellOrder: () => Promise.resolve(false),
  takeOver: () => Promise.resolve(),
  refusedRuns: () => Promise.resolve([]),
  retryRefused: () => Promise.resolve(0),
  tellHeld: () => Promise.resolve(0),
  keepCopy: () => Promise.resolve(),
  standing: () => Promise.resolve({ visit: 0, is: 'none', attention: null }),
  step: () => Promise.resolve({ paused: null, begun: [], ended: [] }),
};

const OPEN_GATE: ActivitiesDeps['gate'] = {
  pause: () => Promise.resolve({ paused: false, reason: null, by: null, since: null }),
  admit: () => Promise.resolve('admitted' as const),
  matchedBefore: () => Promise.resolve(false),
  triggerGone: () => Promise.resolve(),
};

const NO_ALERTS: ActivitiesDeps['alerts'] = {
  pages: () => null,
  watch: { find: () => Promise.resolve({ standing: [], fresh: [], more: 0, upstream: {}, quota: null }) },
  hook: { post: () => Promise.resolve(null), close: () => Promise.resolve() },
  metrics: { alertTold: () => undefined },
};

export async function startBench(): Promise<Bench> {
  const sandbox: Sandbox = await startSandbox({
    ...{ port: 0, dataFile: null, account: ACCOUNT, freshdeskApiKey: 'freshdesk-key', fieldNation: CREDENTIALS },
    ...{
      deskbridgeUrl: null,
      freshdeskWebhookSecret: 'a',
      fieldNationWebhookSecret: '11111111-2222-4333-8444-555555555555',
    },
  });
  const { control } = sandbox;
  withDueDatesAtBirth(control);
  let open: (() => Promise<void>)[] = [];
  let config = parseConfig('', 'test.yaml');
  const start = (options: ProcessOptions = {}): Activities => {
    const { apiKey = 'freshdesk-key', password = CREDENTIALS.password, timeoutMs = 60_000 } = options;
    const { isFresh = true, wasReset = false } = options;
    if (options.config !== undefined) config = parseConfig(options.config, 'test.yaml');
    const freshdesk = createFreshdeskClient({ baseUrl: sandbox.freshdeskUrl, apiKey, timeoutMs });
    const fieldNation = createFieldNationClient({
      baseUrl: options.fieldNationUrl ?? sandbox.fieldNationUrl,
      credentials: { ...CREDENTIALS, password },
      timeoutMs,
    });
    open.push(
      () => freshdesk.close(),
      () => fieldNation.close(),
    );
    return createActivities({
      freshdesk,
      fieldNation,
      config: { current: () => config },
      contacts: { deliver: () => Promise.resolve() },
      dispatches: { byWorkOrder: (id) => Promise.resolve(`dispatch-of-${id}`) },
      consents: { known: () => Promise.resolve({ withdrawn: [], newestAt: null }), idsOf: () => [] },
      replays: { replayContactPage: () => Promise.reject(new Error('not here')) },
      sweeps: NO_RUNS,
      gate: { ...OPEN_GATE, ...options.gate },
      run: {
        isFresh: () => Promise.resolve(isFresh),
        wasReset: () => Promise.resolve(wasReset),
        unmatchedAt: () => Promise.resolve(null),
      },
      dispatching: NO_RUNS,
      batches: NO_RUNS,
      sites: { tell: () => Promise.resolve() },
      alerts: NO_ALERTS,
      holdBacks: createPaces({ freshdesk: 1, fieldNation: 1 }),
    });
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(open.map((close) => close()));
    open = [];
  };
  return {
    control,
    start,
    setConfig: (text) => void (config = parseConfig(text, 'test.yaml')),
    ticket: (patch = {}) => Number(control.createTicket({ due_by: '2027-03-02T15:00:00Z', ...patch }).id),
    draft: async (ticketId) => {
      const activities = start();
      const plan = { correlationId: correlationIdOf(ticketId), visit: 1 };
      const look = await attempt(() => activities.fetchTicket({ account: ACCOUNT, ticketId, first: true, plan }));
      const payload = look.plan?.payload ?? {};
      const answer = await attempt(() => activities.createWorkOrder(creating(ticketId, { payload })));
      control.clearHistory();
      if (!('created' in answer)) throw new Error(`nothing was created: ${JSON.stringify(answer)}`);
      return answer.created;
    },
    webhooksTo: async (address, work) => {
      sandbox.setDeskbridgeUrl(address);
      await work().finally(() => sandbox.setDeskbridgeUrl(null));
    },
    calls: (system) =>
      control
        .history()
        .filter((entry) => entry.system === system && !entry.path.includes('oauth'))
        .map((entry) => entry.route),
    reset: async () => {
      await closeAll();
      config = parseConfig('', 'test.yaml');
      control.clearFaults();
      control.resetKnobs();
      control.clearHistory();
    },
    stop: async () => {
      await closeAll();
      await sandbox.stop();
    },
  };
}
