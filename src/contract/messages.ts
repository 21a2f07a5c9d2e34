/** Signals and queries, defined once for workflows, starter, command line and tests. Names: interface, section 5. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RefusedNote, WebhookNote } from './alerts';
import type { ContactEvent, ContactView, ImportView } from './contact';
import type { DispatchView } from './dispatch';
import type { BatchList, BatchView } from './dispatch-batch';
import type {
  BaselineMemo,
  DispatchingFacts,
  NamedTriggers,
  OrderCount,
  OrdersWanted,
  Pause,
  Upstreams,
} from './dispatching';
import type { FieldNationEvent } from './field-nation-event';
import type { BulkWord } from './memory';
import type { SiteNews } from './sites';

/** Says that only reconcile asks: what it finds is no edge (interface, section 8). */
export interface TicketHint {
  by?: 'reconcile';
}

/** The ticket may have changed: look at it. Carries no news, so that duplicates merge. */
export const ticketChanged = defineSignal<[(TicketHint | null)?]>('ticketChanged');

/** Something happened to a work order of this ticket. */
export const workOrderEvent = defineSignal<[FieldNationEvent]>('workOrderEvent');

/** From reconcile, whose own calls succeed again: try only what a refused key stopped. */
export interface RetryHint {
  only?: 'unauthorized';
  by?: string | null;
}

/** A person mended the cause: try the step that waits again. */
export const retry = defineSignal<[(RetryHint | null)?]>('retry');

/** Who gives a command; null or absent: a person who gave no name. */
export interface ByHint {
  by?: string | null;
}

/** A person says yes to what the dispatch shows as waiting for approval; `amount` is the sum that this person saw, in USD. */
export const approve = defineSignal<[(ByHint & { amount?: number | null })?]>('approve');

/** A person calls the newest visit off. */
export const cancelDispatch = defineSignal<[(ByHint & { reason?: string })?]>('cancelDispatch');

/** A person asks for a visit, whatever the rule says; ignored beside an open one. `bulk`: with many others. */
export const dispatchVisit = defineSignal<[((ByHint & { bulk?: BulkWord }) | null)?]>('dispatchVisit');

/** A child ticket's dispatch tells how its visit stands. */
export const siteNews = defineSignal<[SiteNews]>('siteNews');

export const dispatchQuery = defineQuery<DispatchView>('dispatch');

/** Product events of one contact, already mapped, in the order in which they came. */
export const contactEvents = defineSignal<[ContactEvent[]?]>('contactEvents');

export const contactQuery = defineQuery<ContactView>('contact');

/** A sender has shown that it is there; told every few minutes at most. */
export const webhookCame = defineSignal<[WebhookNote]>('webhookCame');

/** Webhooks of a sender were refused; told once a minute at most. */
export const webhookRefused = defineSignal<[RefusedNote]>('webhookRefused');

/** Look at once instead of at the next time. */
export const check = defineSignal('check');

export const importQuery = defineQuery<ImportView>('import');

/** A person's yes to the tickets that a batch has listed, or to go on with one that was stopped. */
export const runBatch = defineSignal('runBatch');

/** Begin no further ticket of the batch; those that are begun go on. */
export const stopBatch = defineSignal('stopBatch');

export const batchQuery = defineQuery<BatchView>('dispatchBatch');

export const batchListQuery = defineQuery<BatchList>('dispatchBatchList');

/** Stops all new dispatching of the account; answered when it holds. */
export const pauseDispatching = defineUpdate<Pause, [ByHint & { reason?: string }]>('pauseDispatching');

/** Ends the pause; the dispatches that waited for it are told. */
export const resumeDispatching = defineUpdate<Pause, [ByHint]>('resumeDispatching');

/** Takes orders into the sliding hour; gives how many of them the limit leaves room for, at least one. Refused as `HourIsFull`. */
export const takeOrders = defineUpdate<number, [OrdersWanted]>('takeOrders');

/** Hosts that a process has found to fit, with those that it found recorded; refused when others are recorded by now. */
export const recordUpstreams = defineUpdate<Upstreams, [{ found: Upstreams; upstreams: Upstreams }]>('recordUpstreams');

/** What another copy holds: the run takes the stricter of both, and vouches for its memo from then on. */
export const compareCopies = defineUpdate<DispatchingFacts, [Partial<DispatchingFacts & { orders: OrderCount[] }>]>(
  'compareCopies',
);

/** The triggers of the config: tickets that match a new one already are looked for. */
export const nameTriggers = defineUpdate<BaselineMemo, [NamedTriggers]>('nameTriggers');

/** The ticket is in no trigger: from now on it is one like any other. */
export const triggerGone = defineUpdate<void, [number]>('triggerGone');

/** Whether the ticket is one of those that matched before. */
export const matchedBeforeQuery = defineQuery<boolean, [number]>('matchedBefore');
