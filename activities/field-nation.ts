/**
 * Effects on the work order. Promise: the create makes one attempt and says whether it surely failed; publishing, routing
 * and cancelling read the order before they are repeated; only drafts that carry our id are ever deleted.
 */
import type { FieldNationClient, WorkOrder, WorkOrderPayload } from '../src/clients/field-nation';
import { ApplicationFailure } from '@temporalio/activity';
import { UpstreamError } from '../src/clients/upstream-error';
import type { MoneyGate } from '../src/contract/dispatching';
import type { FailureDetail } from '../src/contract/failures';
import { correlationId, ownParts } from '../src/domain/correlation';
import { contentsOf } from '../src/domain/order-contents';
import { isAssigned, type OrderStatus } from '../src/domain/status';
import type { Config } from '../src/config/schema';
import type { RefusedValue } from '../src/domain/mapping';
import type { Directory } from './directory';
import { decideEffect } from './effects';
import { refusedValues, withValues } from './refused-words';
import type { Upstream } from './upstream';
import type {
  CancelInput,
  CreateAnswer,
  CreateInput,
  FindOrdersInput,
  FoundOrders,
  OrderRef,
  OwnOrder,
  PublishAnswer,
  PublishedRef,
  PublishInput,
} from '../src/contract/order-calls';
import { orderRef, toldRef } from './order-ref';
import { lacksWords } from './order-told';
import { messageOf, notBegun, pausedNow } from './paused';

/** So small that even a list that needs a view per order ends within one attempt. */
const PAGE = 25;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A date has no zone, so a day of slack keeps everything in that is wanted. */
const dayBefore = (iso: string): string => new Date(Date.parse(iso) - DAY_MS).toISOString().slice(0, 10);

/** What is known when the answer held no order. */
const bare = (workOrderId: number, status: OrderStatus): OrderRef => ({
  workOrderId,
  status,
  at: null,
  correlationId: null,
  href: null,
});

export interface FieldNationActivitiesDeps {
  fieldNation: FieldNationClient;
  directory: Pick<Directory, 'ticketFieldNames'>;
  config: { current(): Config };
  gate: Pick<MoneyGate, 'pause' | 'admit'>;
  /** Whether the run of this activity can be trusted to know what it did: not reset, not older than this process. */
  isFresh: () => Promise<boolean>;
  upstream: Upstream;
}

/** Later than this after its attempt began, in ms, a create is not sent any more: a frozen machine must not double an order. */
const CREATE_WITHIN_MS = 20_000;
const TOO_LATE = 'The create came too late to be sent: looking for an existing work order took too long';
/** Pages of the newest orders that a create reads at most before it posts. */
const NEWEST_PAGES = 8;

export const createFieldNationActivities = (deps: FieldNationActivitiesDeps) => {
  const { fieldNation, directory, config, gate, isFresh, upstream } = deps;

  /** One page of the orders that carry an id of this ticket, read from each order: a match of the search proves nothing. */
  async function findOrders(input: FindOrdersInput, signal: AbortSignal): Promise<FoundOrders> {
    const { account, ticketId, visit, by, since, page } = input;
    const { results, pages } = await fieldNation.listWorkOrders(
      {
        list: 'workorders_all',
        ...(by === 'search' ? { search: correlationId(account, ticketId, visit) } : { createdFrom: dayBefore(since) }),
        sort: 'created_date',
        order: 'desc',
        page,
        perPage: PAGE,
      },
      signal,
    );
    const orders: OwnOrder[] = [];
    let oldest: string | null = null;
    for (const listed of results) {
      // Some lists carry columns only: then the order itself has to tell.
      const isBare = listed.description === null && listed.custom_fields === undefined;
      const order = isBare ? await fieldNation.viewWorkOrder(listed.id, signal) : listed;
      oldest = order.milestones?.created?.utc ?? null;
      const parts = ownParts(account, orderRef(order).correlationId);
      if (parts?.ticketId === ticketId) orders.push({ ...toldRef(order), visit: parts.visit });
    }
    const pastAll = by === 'newest' && oldest !== null && oldest < since;
    return { orders, nextPage: page < pages && !pastAll && results.length > 0 ? page + 1 : null };
  }

  /** Orders of this very visit that are there already: by search, and among the newest where the search may lag. */
  async function findExisting(input: CreateInput, signal: AbortSignal): Promise<OwnOrder[]> {
    const { account, ticketId, visit, since, thorough } = input;
    const ask = (by: 'search' | 'newest', page: number): Promise<FoundOrders> =>
      findOrders({ account, ticketId, visit, since, by, page }, signal);
    const ofVisit = ({ orders }: FoundOrders): OwnOrder[] => orders.filter((order) => order.visit === visit);
    const searched = ofVisit(await ask('search', 1));
    if (searched.length > 0 || !(thorough || !(await isFresh()))) return searched;
    for (let page: number | null = 1; page !== null && page <= NEWEST_PAGES;) {
      const found = await ask('newest', page);
      if (ofVisit(found).length > 0) return ofVisit(found);
      page = found.nextPage;
    }
    return [];
  }

  return {
    /**
     * Looks for an order of the visit, asks whether money may be spent, and creates a draft. To be scheduled with one attempt:
     * what an unanswered one means, the workflow decides. Whatever fails before the create itself surely created nothing.
     */
    async createWorkOrder(input: CreateInput): Promise<CreateAnswer> {
      const begun = Date.now();
      const isPosting = { yet: false };
      const refused: RefusedValue[] = [];
      const create = async (payload: CreateInput['payload'], signal: AbortSignal): Promise<OrderRef> => {
        try {
          return orderRef(await fieldNation.createWorkOrder(payload as unknown as WorkOrderPayload, signal));
        } catch (error) {
          refused.push(...(await refusedValues(error, payload, { config: config.current(), directory }, signal)));
          throw error;
        }
      };
      try {
        const paused = await pausedNow(gate);
        if (paused) return paused;
        return await upstream('field-nation', async (signal) => {
          const found = await findExisting(input, signal);
          if (found.length > 0) return { found };
          const { ordersPerHour } = config.current().dispatch.approval;
          const limit = input.beyondHour ? null : ordersPerHour;
          if (input.inBulk !== true && (await gate.admit(input.correlationId, limit)) === 'over') {
            return { held: 'hour' };
          }
          // A pause that was answered during the look-up holds this create, too.
          const pausedMeanwhile = await pausedNow(gate);
          if (pausedMeanwhile) return pausedMeanwhile;
          if (Date.now() - begun > CREATE_WITHIN_MS) throw notBegun(TOO_LATE);
          isPosting.yet = true;
          // Its shape was checked target by target when it was mapped.
          return { created: await create(input.payload, signal) };
        });
      } catch (error) {
        throw isPosting.yet ? withValues(error, refused) : surelyNotDone(error);
      }
    },

    async readWorkOrder({ workOrderId }: { workOrderId: number }): Promise<OrderRef> {
      return upstream('field-nation', async (signal) => toldRef(await fieldNation.viewWorkOrder(workOrderId, signal)));
    },

    async findWorkOrders(input: FindOrdersInput): Promise<FoundOrders> {
      return upstream('field-nation', (signal) => findOrders(input, signal));
    },

    /** Publishes or routes; an order that already left Draft is left as it is and told as it stands. */
    async publishWorkOrder(input: PublishInput): Promise<PublishAnswer> {
      const { workOrderId, how, routeTo, readFirst, visit, takeBack = false } = input;
      const paused = await pausedNow(gate);
      if (paused) return paused;
      const withDecision = (ref: OrderRef, order: WorkOrder | null): PublishedRef => {
        const { status, at, told } = ref;
        if (status === null) return ref;
        const event = told && order ? { ...told, contents: contentsOf(order) } : null;
        const input = { ...visit, key: status, at, event };
        // What the answer lacks is read before the effect is decided.
        return lacksWords(config.current(), input)
          ? ref
          : { ...ref, decided: decideEffect(config.current(), input, null) };
      };
      return upstream<PublishAnswer>('field-nation', async (signal) => {
        const leftDraft = async (): Promise<PublishedRef | null> => {
          const order = await fieldNation.viewWorkOrder(workOrderId, signal);
          const ref = toldRef(order);
          return ref.status === 'draft' || ref.status === null ? null : withDecision(ref, order);
        };
        /** Makes a routed order a draft again; null: it is one. What somebody took meanwhile is told as it stands. */
        const fromProviders = async (): Promise<PublishedRef | null> => {
          try {
            await fieldNation.revertWorkOrder(workOrderId, signal);
            return null;
          } catch (error) {
            if (!(error instanceof UpstreamError) || error.status !== 400) throw error;
            const already = await leftDraft();
            if (already?.status === 'routed') throw error;
            return already;
          }
        };
        if (readFirst || takeBack) {
          const already = await leftDraft();
          const isStillRouted = takeBack && already?.status === 'routed';
          const went = isStillRouted ? await fromProviders() : already;
          if (went) return went;
          const pausedMeanwhile = await pausedNow(gate);
          if (pausedMeanwhile) return pausedMeanwhile;
        }
        try {
          if (how === 'publish') {
            const order = await fieldNation.publishWorkOrder(workOrderId, signal);
            return withDecision(order ? toldRef(order) : bare(workOrderId, 'published'), order);
          }
          const [provider = 0, ...others] = [routeTo ?? []].flat();
          if (others.length > 0) {
            await fieldNation.massRouteWorkOrder(workOrderId, [provider, ...others], signal);
            // Field Nation has only taken it in: the order tells whether it is out.
            const order = await fieldNation.viewWorkOrder(workOrderId, signal);
            return withDecision(toldRef(order), order);
          }
          await fieldNation.routeWorkOrder(workOrderId, provider, signal);
          return withDecision(bare(workOrderId, 'routed'), null);
        } catch (error) {
          const refused = error instanceof UpstreamError && error.status === 400;
          const already = refused ? await leftDraft() : null;
          if (already) return already;
          throw error;
        }
      });
    },

    /**
     * Cancels or deletes, whichever Field Nation makes of it; an order that is already over is told as it stands, and so is
     * one that is assigned by now where only an unassigned one may be cancelled.
     */
    async cancelWorkOrder({ workOrderId, reason, onlyUnassigned }: CancelInput): Promise<OrderRef> {
      return upstream('field-nation', async (signal) => {
        if (onlyUnassigned) {
          const ref = toldRef(await fieldNation.viewWorkOrder(workOrderId, signal));
          if (ref.status !== null && isAssigned(ref.status)) return ref;
        }
        try {
          const order = await fieldNation.deleteWorkOrder(workOrderId, reason, signal);
          return order ? { ...toldRef(order), status: 'cancelled' } : bare(workOrderId, 'cancelled');
        } catch (error) {
          if (!(error instanceof UpstreamError) || (error.status !== 400 && error.status !== 404)) throw error;
          // What a user without sight of the order gets, too: only Field Nation's own list is proof.
          if (error.status === 404) {
            const listed = await fieldNation.listWorkOrders(
              {
                list: 'workorders_all',
                workOrderIds: [workOrderId],
                sort: 'created_date',
                order: 'desc',
                page: 1,
                perPage: 1,
              },
              signal,
            );
            const order = listed.results.find(({ id }) => id === workOrderId);
            const ref = order && toldRef(order);
            if (ref?.status === 'cancelled') return ref;
            throw error;
          }
          const ref = toldRef(await fieldNation.viewWorkOrder(workOrderId, signal));
          if (ref.status === 'cancelled') return ref;
          throw error;
        }
      });
    },

    /** Deletes a doubled draft after a fresh read says that it is one of ours and still a draft; else leaves it alone. */
    async deleteDraft(input: { workOrderId: number; correlationId: string }): Promise<{ deleted: boolean }> {
      const { workOrderId, correlationId } = input;
      return upstream('field-nation', async (signal) => {
        const order = await fieldNation.viewWorkOrder(workOrderId, signal).catch((error: unknown) => {
          // An earlier attempt may have deleted it unseen, and some deleted orders can no longer be read.
          if (error instanceof UpstreamError && error.status === 404) return null;
          throw error;
        });
        if (!order) return { deleted: true };
        const ref = orderRef(order);
        if (ref.status !== 'draft' || ref.correlationId !== correlationId)
          return { deleted: ref.status === 'cancelled' };
        await fieldNation.deleteWorkOrder(workOrderId, `Doubled draft of ${correlationId}`, signal);
        return { deleted: true };
      });
    },
  };
};

/** What failed before the create was sent: the workflow may try again without looking. */
function surelyNotDone(error: unknown): unknown {
  if (!(error instanceof ApplicationFailure)) return notBegun(`Before the create: ${messageOf(error)}`);
  const [detail] = (error.details ?? []) as FailureDetail[];
  if (!detail) return error;
  return ApplicationFailure.create({
    type: error.type ?? 'UpstreamUnavailable',
    nonRetryable: error.nonRetryable ?? false,
    message: error.message,
    details: [{ ...detail, unsure: false }],
    nextRetryDelay: error.nextRetryDelay as number | undefined,
  });
}
