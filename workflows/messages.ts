/** Signals and queries, defined once for workflows, starter, command line and tests. Names: interface, section 5. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { WebhookNote } from '../src/contract/alerts';
import type { ContactEvent, ContactView, ImportView } from '../src/contract/contact';
import type { DispatchView } from '../src/contract/dispatch';
import type { FieldNationEvent } from '../src/contract/field-nation-event';

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
}

/** A person mended the cause: try the step that waits again. */
export const retry = defineSignal<[(RetryHint | null)?]>('retry');

/** A person calls the newest visit off. */
export const cancelDispatch = defineSignal<[{ reason: string }]>('cancelDispatch');

/** A person asks for a visit, whatever the rule says; ignored beside an open one. */
export const dispatchVisit = defineSignal('dispatchVisit');

export const dispatchQuery = defineQuery<DispatchView>('dispatch');

/** Product events of one contact, already mapped, in the order in which they came. */
export const contactEvents = defineSignal<[ContactEvent[]?]>('contactEvents');

export const contactQuery = defineQuery<ContactView>('contact');

/** A sender has shown that it is there; told every few minutes at most. */
export const webhookCame = defineSignal<[WebhookNote]>('webhookCame');

/** Look at once instead of at the next time. */
export const check = defineSignal('check');

export const importQuery = defineQuery<ImportView>('import');
