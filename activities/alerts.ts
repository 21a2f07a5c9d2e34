/**
 * What the watch over the service needs. Promise: looking changes nothing; what is told goes to the log, the metrics and
 * the one address of the config; a note is written once, since it is looked up before it is repeated.
 */
import { activityInfo, ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import type { AlertHook } from '../src/clients/alert-hook';
import type { AlertMail } from '../src/clients/alert-mail';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { Alert, AlertKind, AlertMessage, AlertsFound } from '../src/contract/alerts';
import { alertText, pageOf } from '../src/domain/alert-text';
import { escapeHtml } from '../src/domain/mapping/html';
import { noteMarker } from '../src/domain/conversation/markers';
import { findNote, writeNote } from './own-notes';
import type { Upstream } from './upstream';
import type { FindAlertsInput } from '../src/contract/run-inputs';

/** Looks at Temporal and at this process; made in `src/temporal`. */
export interface AlertWatch {
  find(input: FindAlertsInput, limits: Config['alerts']): Promise<Omit<AlertsFound, 'post' | 'mail' | 'ticketNote'>>;
}

export interface AlertActivitiesDeps {
  freshdesk: FreshdeskClient;
  config: { current(): Config };
  upstream: Upstream;
  watch: AlertWatch;
  hook: AlertHook;
  /** Null or absent: no e-mail. */
  mail?: AlertMail | null;
  /** Where operators find the pages; null: not known here. */
  pages: () => string | null;
  metrics: { alertTold(kind: AlertKind, change: 'raised' | 'resolved'): void };
}

export const createAlertActivities = (deps: AlertActivitiesDeps) => {
  const { freshdesk, config, upstream, watch, hook, mail = null, pages, metrics } = deps;
  return {
    async findAlerts(input: FindAlertsInput): Promise<AlertsFound> {
      const { alerts } = config.current();
      const found = await watch.find(input, alerts);
      return { ...found, post: alerts.url !== null, mail: mail !== null, ticketNote: alerts.ticketNote };
    },

    /** To the log and the metrics of this process. */
    async recordAlerts({ raised, resolved }: AlertMessage): Promise<void> {
      for (const { kind, title, remedy, since } of raised) {
        metrics.alertTold(kind, 'raised');
        log.warn('alert raised', { kind, title, remedy, since });
      }
      for (const { kind, title, since } of resolved) {
        metrics.alertTold(kind, 'resolved');
        log.info('alert resolved', { kind, title, since });
      }
    },

    /** Posted again after a lost answer, it has the same id: the receiver can tell. */
    async postAlerts(message: AlertMessage): Promise<void> {
      const { url } = config.current().alerts;
      if (url === null) return;
      const { raised, resolved, standing, account, at } = message;
      const root = pages();
      const told = (alert: Alert): object => {
        const { key, kind, title, remedy, since, ticket } = alert;
        return { key, kind, title, remedy, since, ticketId: ticket?.id ?? null, page: pageOf(alert, root) };
      };
      const body = {
        type: 'deskbridge.alerts',
        timestamp: at,
        text: alertText(message, root),
        data: { account, standing, raised: raised.map(told), resolved: resolved.map(told) },
      };
      const refusal = await hook.post({ url, id: message.id, body: JSON.stringify(body) }, cancellationSignal());
      if (refusal === null) return;
      throw ApplicationFailure.create({ type: 'AlertNotTaken', message: `alerts.url ${refusal}` });
    },

    /** Sent again after a lost answer, it has the same message id. */
    async mailAlerts(message: AlertMessage): Promise<void> {
      if (mail === null) return;
      const text = alertText(message, pages());
      const subject = text.split('\n', 1)[0] ?? '';
      const refusal = await mail.send({ id: message.id, subject, text });
      if (refusal !== null) throw ApplicationFailure.create({ type: 'AlertNotTaken', message: `E-mail ${refusal}` });
    },

    async noteAttention({ title, remedy, since, ticket }: Alert): Promise<void> {
      if (ticket === null) return;
      const marker = noteMarker(ticket.correlationId, `attention ${since}`);
      const body = `<p><b>Deskbridge needs a person.</b> ${escapeHtml(title)}</p><p>What to do: ${escapeHtml(remedy)}</p>`;
      await upstream('freshdesk', async (signal) => {
        const own = { ticketId: ticket.id, marker };
        if (activityInfo().attempt > 1 && (await findNote(freshdesk, { ...own, from: 1 }, signal))) return;
        await writeNote(freshdesk, { ...own, body }, signal);
      });
    },
  };
};
