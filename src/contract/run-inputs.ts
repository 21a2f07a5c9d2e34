/** Arguments and results of the smaller workflows. */
import type { FieldNationEvent } from './field-nation-event';
import type { AlertsPolicy } from './policy';
import type { AlertMessage, AlertsFound, QuotaLeft, Refusals, Source, WebhookSource } from './alerts';
import type { Ticket } from '../clients/freshdesk/schemas';
import type { Alert } from './alerts';

export interface WorkOrderEventInput {
  account: string;
  /** Events come by the signal `workOrderEvent`; one may be given at the start. */
  event?: FieldNationEvent;
  /** An earlier run of this work order was told by Field Nation that it carries no id of ours. */
  carries?: 'none';
  /** Waits between look-ups, in ms; from 1 s to 10 min by default. */
  waits?: number[];
}

/** In the memo of its run: what Field Nation said of the order. */
export interface WorkOrderEventMemo {
  carries: 'ours' | 'none';
}

export interface WorkOrderEventResult {
  outcome: 'delivered' | 'unmatched';
  /** The dispatch it was handed to; null when there is none. */
  dispatch: string | null;
  detail: string;
}

export interface AlertsInput {
  account: string;
  policy: AlertsPolicy;
  /** Only from a run that continued as new. */
  carried?: AlertsMemory;
}

export interface AlertsMemory {
  schema: 1;
  watchedSince: string;
  webhooks: Partial<Record<Source, string>>;
  refused: Partial<Record<WebhookSource, Refusals>>;
  upstream: AlertsFound['upstream'];
  /** Of the newest look by a process that had seen an answer. */
  quota: QuotaLeft | null;
  standing: RaisedAlert[];
  /** Alerts beyond those that are kept one by one. */
  more: number;
  /** Messages that the address has not taken yet, oldest first. */
  untold: AlertMessage[];
  /** The same for the mail server. */
  unmailed: AlertMessage[];
  /** Messages made so far. */
  messages: number;
  checkedAt: string | null;
}

/** `ticket` is one in hand, from a file; null reads it from Freshdesk. */
export interface PreviewInput {
  account: string;
  ticketId: number;
  visit: number;
  ticket: Ticket | null;
}

export interface FindAlertsInput {
  /** Keys of the alerts that stand. */
  known: string[];
  /** The last webhook of each sender; what is not here was never seen, and counts from `watchedSince` on. */
  webhooks: Partial<Record<Source, string>>;
  refused: Partial<Record<WebhookSource, Refusals>>;
  watchedSince: string;
}

export interface RaisedAlert extends Alert {
  /** Its ticket has its note. */
  noted: boolean;
}
