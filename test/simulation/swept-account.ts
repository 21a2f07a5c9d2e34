/** The upstreams of an account that is swept, as its activities ask them: the real ones, over clients without a wire. */
import { ApplicationFailure } from '@temporalio/activity';
import { NO_LABELS } from '../../activities/rules';
import type { Directory } from '../../activities/directory';
import { toFailure } from '../../activities/failures';
import { toldRef } from '../../activities/order-ref';
import { createReconcileActivities } from '../../activities/reconcile';
import { createSweepEngineActivities } from '../../activities/sweep-engine';
import type { FieldNationClient } from '../../src/clients/field-nation';
import type { WorkOrder } from '../../src/clients/field-nation/schemas';
import type { FreshdeskClient } from '../../src/clients/freshdesk';
import { UpstreamError, type UpstreamSystem } from '../../src/clients/upstream-error';
import { parseConfig } from '../../src/config/load';
import { correlationId, correlationLine } from '../../src/domain/correlation';
import type { OrderStatus } from '../../src/domain/status';
import { createSweepEngine } from '../../src/temporal/sweep-engine';
import { INPUT, newAccount, TRIGGER, type WorldOrder } from './core-world';
import { EngineModel } from './engine-model';
import { SweptTicket } from './swept-ticket';

const CONFIG = parseConfig(`dispatch: { when: { statuses: [${TRIGGER}] } }`, 'simulation.yaml');

/** How a call of a sweep ends at an upstream; `away` and `busy` are no answer, `refused` the key. */
export type UpstreamEnd = 'answered' | 'away' | 'busy' | 'refused' | 'denied';
const STATUS = { away: 503, busy: 429, refused: 401, denied: 400 } as const;

/** Of a status as Field Nation numbers it; an order whose assignment was cancelled is published again. */
const NUMBERS: Partial<Record<OrderStatus, number>> = {
  ...{ draft: 1, published: 2, 'assignment-cancelled': 2, routed: 9, assigned: 3, 'checked-in': 3 },
  ...{ 'work-done': 4, approved: 5, paid: 6, cancelled: 7 },
};
const LISTS: Record<string, number[]> = {
  workorders_draft: [1],
  workorders_published_routed: [2, 9],
  workorders_assigned: [3],
  workorders_work_done: [4],
};

const refusedBy = (system: UpstreamSystem, status: number): UpstreamError =>
  new UpstreamError({
    ...{ system, phase: 'answered', status, code: null, call: 'a call of the sweep', message: `answer ${status}` },
    ...{ retryAfterMs: null, requestId: null },
  });

/** Of somebody else's in the same lists. */
const FOREIGN: WorldOrder = { id: 77, visit: 1, status: 'published', at: '', payload: {}, published: 1 };

export class SweptAccount {
  readonly clock = newAccount();
  readonly engine = new EngineModel(() => this.clock.now);
  readonly tickets = new Map<number, SweptTicket>();
  /** Calls that a system was asked to answer. */
  readonly asked = { freshdesk: 0, 'field-nation': 0 };
  webhook = { isActive: true, updatedAt: this.iso() };
  /** Deliveries that Field Nation gave up; an order that is not named may be any. */
  logs: { workOrderId: number | null; createdAt: string }[] = [];
  /** Rows of one page, whatever is asked for. */
  pageSize = 100;
  /** Whether Freshdesk's `updated_since` shows its own second. */
  isInclusive = true;

  constructor(
    /** How the next call of a system ends. */
    private readonly end: (system: UpstreamSystem) => UpstreamEnd,
  ) {}

  iso(): string {
    return new Date(this.clock.now).toISOString();
  }

  ticket(ticketId: number): SweptTicket {
    const known = this.tickets.get(ticketId);
    if (known) return known;
    const made = new SweptTicket(ticketId, this.clock, this.engine);
    this.tickets.set(ticketId, made);
    return made;
  }

  private page<T>(rows: T[], page: number): { rows: T[]; pages: number } {
    const { pageSize } = this;
    return { rows: rows.slice((page - 1) * pageSize, page * pageSize), pages: Math.ceil(rows.length / pageSize) };
  }

  private readonly upstream = async <T>(
    system: UpstreamSystem,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    this.asked[system] += 1;
    const end = this.end(system);
    try {
      if (end !== 'answered') throw refusedBy(system, STATUS[end]);
      return await call(new AbortController().signal);
    } catch (error) {
      throw error instanceof UpstreamError ? toFailure(error) : error;
    }
  };

  private readonly freshdesk: Pick<FreshdeskClient, 'listTickets'> = {
    listTickets: async ({ filter, updatedSince = '', page = 1 }) => {
      const isShown = (at: string): boolean =>
        this.isInclusive ? at >= seconds(updatedSince) : at > seconds(updatedSince);
      const shown = [...this.tickets.values()]
        .flatMap((ticket) => {
          const version = ticket.listed();
          return version ? [{ id: ticket.ticketId, ...version }] : [];
        })
        .filter(({ gone, updatedAt }) => gone === (filter ?? null) && isShown(seconds(updatedAt)))
        .sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt) || a.id - b.id);
      const { rows, pages } = this.page(shown, page);
      const items = rows.map(({ id, status, updatedAt, gone }) => ({
        ...{
          id,
          status,
          updated_at: updatedAt,
          deleted: gone === 'deleted',
          spam: gone === 'spam',
          tags: [],
          custom_fields: {},
        },
      }));
      return { items, hasMore: page < pages } as unknown as Awaited<ReturnType<FreshdeskClient['listTickets']>>;
    },
  };

  private ordersAs(list: (ticket: SweptTicket) => WorldOrder[]): WorkOrder[] {
    const ours = [...this.tickets.values()].flatMap((ticket) =>
      list(ticket).map((order) => workOrderOf(order, correlationId(INPUT.account, ticket.ticketId, order.visit))),
    );
    return [...ours, workOrderOf(FOREIGN, correlationId('others', 1, 1))];
  }

  private readonly fieldNation: Pick<
    FieldNationClient,
    'listWorkOrders' | 'viewWorkOrder' | 'listWebhooks' | 'deliveryLogs'
  > = {
    listWorkOrders: async ({ list, workOrderIds, page }) => {
      const statuses = LISTS[list];
      const shown = this.ordersAs((ticket) => ticket.listedOrders())
        .filter(({ id, status }) => (statuses ? statuses.includes(Number(status?.id)) : workOrderIds?.includes(id)))
        .sort((a, b) => b.id - a.id);
      const { rows, pages } = statuses ? this.page(shown, page ?? 1) : { rows: shown, pages: 1 };
      return { results: rows, pages } as unknown as Awaited<ReturnType<FieldNationClient['listWorkOrders']>>;
    },
    viewWorkOrder: async (workOrderId) => {
      const order = this.ordersAs(({ orders }) => orders).find(({ id }) => id === workOrderId);
      if (!order) throw refusedBy('field-nation', 404);
      return order;
    },
    listWebhooks: async () => {
      const { isActive, updatedAt } = this.webhook;
      const ours = { url: 'https://desk.example/webhooks/field-nation', status: isActive ? 'active' : 'inactive' };
      const results = [{ ...ours, webhookId: 'ours', updatedAt }];
      return { results } as unknown as Awaited<ReturnType<FieldNationClient['listWebhooks']>>;
    },
    deliveryLogs: async () =>
      [...this.logs].reverse().map((log) => ({ ...log, deliveryStatus: 'failed' })) as unknown as Awaited<
        ReturnType<FieldNationClient['deliveryLogs']>
      >,
  };

  /** All that a sweep may ask and tell, without what can go wrong on the way. */
  readonly activities = {
    ...createReconcileActivities({
      freshdesk: this.freshdesk as FreshdeskClient,
      fieldNation: this.fieldNation as FieldNationClient,
      directory: {
        ticketStatuses: async () => new Map<string, number>(),
        ruleLabels: async () => NO_LABELS,
      } as unknown as Directory,
      config: { current: () => CONFIG },
      upstream: this.upstream,
    }),
    ...createSweepEngineActivities(
      createSweepEngine({
        client: this.engine.client,
        account: INPUT.account,
        starter: {
          ticketChanged: async (ticketId, by) => {
            this.ticket(ticketId).tell(by ?? null);
            return `dispatch-${INPUT.account}-${ticketId}`;
          },
        },
      }),
    ),
    readWorkOrder: ({ workOrderId }: { workOrderId: number }) =>
      this.upstream('field-nation', async () => toldRef(await this.fieldNation.viewWorkOrder(workOrderId))),
  };
}

/** Freshdesk's times have whole seconds. */
const seconds = (at: string): string => `${at.slice(0, 19)}Z`;

/** True of what an upstream said, rather than of a fault in here. */
export const isTold = (error: unknown): error is ApplicationFailure => error instanceof ApplicationFailure;

function workOrderOf({ id, status, at, madeAt = 0 }: WorldOrder, owner: string): WorkOrder {
  const number = NUMBERS[status];
  if (number === undefined) throw new Error(`no order of this world is ${status}`);
  const utc = { utc: at };
  const milestone = { 1: {}, 2: { published: utc }, 9: { routed: utc }, 4: { workdone: utc }, 5: { approved: utc } };
  const own = { 6: { paid: utc }, 7: { canceled: utc }, 3: status === 'assigned' ? { assigned: utc } : {} };
  return {
    id,
    status: { id: number, ...(status === 'checked-in' ? { sub_status: 'checked_in' } : {}) },
    description: { html: correlationLine(owner) },
    milestones: {
      created: { utc: new Date(madeAt).toISOString() },
      ...({ ...milestone, ...own } as Record<number, object>)[number],
    },
  } as unknown as WorkOrder;
}
