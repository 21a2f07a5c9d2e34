/** What is watched and whom it is told: the run `alerts-<account>`. All plain JSON, times ISO 8601 in UTC. */
import type { UpstreamSystem } from './failures';

/**
 * `attention`: something waits for a person for too long; `webhook-silence`: a sender has gone quiet; `refused`: a
 * sender's webhooks are refused; `upstream`: a system does not answer; `stuck`: runs that get no further by themselves;
 * `quota`: an account's quota is nearly used, for minutes on end; `schedule`: reconcile does not run, fails or ends late;
 * `late`: nobody is assigned to a visit that starts soon, or nobody has come.
 */
export const ALERT_KINDS = [
  ...(['attention', 'webhook-silence', 'refused', 'upstream', 'stuck', 'quota', 'schedule', 'late'] as const),
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Who sends webhooks. */
export type WebhookSource = UpstreamSystem;

/** Whoever sends something, product events included. */
export const SOURCES = ['freshdesk', 'field-nation', 'events'] as const satisfies readonly (WebhookSource | 'events')[];
export type Source = (typeof SOURCES)[number];

/** Argument of the signal `webhookCame`. */
export interface WebhookNote {
  source: Source;
  at: string;
}

/** Argument of the signal `webhookRefused`: so many since the last note, the newest at that time. */
export interface RefusedNote {
  source: WebhookSource;
  at: string;
  count: number;
}

/** Webhooks with a wrong or missing secret, over the time in which they came again and again. */
export interface Refusals {
  since: string;
  last: string;
  count: number;
}

/** A system that answers nothing usable. */
export interface UpstreamTrouble {
  since: string;
  /** HTTP status of the last try; null: no answer at all. */
  status: number | null;
  /** Runs that wait for it, as far as the process that looked knows. */
  waiting: number;
  nextTry: string | null;
}

/** Something that is wrong. Holds no personal data. */
export interface Alert {
  /** The same for as long as the same thing is wrong. */
  key: string;
  kind: AlertKind;
  /** One line: what is wrong. */
  title: string;
  /** The next step. */
  remedy: string;
  since: string;
  /** Path of the page that shows the cause and lets a person act; left out: the first page. */
  page?: string;
  /** Where a note can be written; null: nowhere. */
  ticket: { id: number; correlationId: string } | null;
  /** The ticket's own run has told its agent already. */
  told?: boolean;
}

/** What one look found. */
export interface AlertsFound {
  /** Keys of the known alerts that still hold, or of which nothing can be said. */
  standing: string[];
  fresh: Alert[];
  /** Alerts of the same kinds that are too many to be kept one by one. */
  more: number;
  /** Settings of the moment: whether there is an address to post to, and whether tickets get a note. */
  post: boolean;
  mail: boolean;
  /** Which alerts about a ticket are told in it: none, those that no run tells itself, or all. */
  ticketNote: 'off' | 'mapping' | 'all';
  /** Systems that do not answer. */
  upstream: Partial<Record<UpstreamSystem, UpstreamTrouble>>;
  /** What is left of Freshdesk's quota; null: the process that looked has not seen an answer yet. */
  quota: QuotaLeft | null;
}

/** What an answer of an upstream said of the account's minute. */
export interface QuotaLeft {
  remaining: number;
  limit: number | null;
  at: string;
}

/** A change that is told as one message, under an id that its repeats share. */
export interface AlertMessage {
  id: string;
  account: string;
  at: string;
  raised: Alert[];
  resolved: Alert[];
  /** Alerts that stand now, those that are too many to be kept included. */
  standing: number;
}

/** What the run shows from outside, in its memo under `alerts`. */
export interface AlertsMemo {
  checkedAt: string;
  active: Partial<Record<AlertKind, number>>;
  webhooks: Partial<Record<Source, string>>;
  /** Of the last hour. */
  refused: Partial<Record<WebhookSource, Refusals>>;
  upstream: Partial<Record<UpstreamSystem, UpstreamTrouble>>;
  quota: QuotaLeft | null;
}
