/**
 * Finds what is wrong: from the index of Temporal, the schedule of reconcile, the webhooks' times and the quotas that this
 * process has seen. Promise: no run is asked, no upstream is called, and a known alert keeps its key while it holds.
 */
import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { AlertWatch } from '../../activities/alerts';

import type { UpstreamSystem } from '../clients/upstream-error';
import type { Alert, WebhookSource } from '../contract/alerts';
import { isRunOf, reconcileId, ticketOfDispatch } from '../contract/run-ids';
import { ATTENTION, SINCE } from '../contract/search-attributes';
import { withDeadline } from './deadline';
import { compare, queryOf } from './index/query';
import { readRows } from './index/rows';
import type { QuotaBook } from './quota-book';
import type { FindAlertsInput } from '../contract/run-inputs';
import type { DispatchMemo } from '../contract/memo';

export interface AlertWatchDeps {
  client: Client;
  account: string;
  quotas: Pick<QuotaBook, 'nearlyUsed' | 'newest'>;
  /** Setting, in ms; 0: reconcile is off on purpose. */
  reconcileInterval: number;
  deadlineMs?: number;
  now?: () => number;
}

/** Kept one by one; of what is beyond, only the number. */
const MOST_ALERTS = 100;
const MOST_ROWS = 10_000;
/** Sweeps that may be left out before somebody is told. */
const MISSED_SWEEPS = 3;

const NAMES: Record<UpstreamSystem, string> = { freshdesk: 'Freshdesk', 'field-nation': 'Field Nation' };
const SYSTEMS: readonly UpstreamSystem[] = ['freshdesk', 'field-nation'];

export function createAlertWatch(deps: AlertWatchDeps): AlertWatch {
  const { quotas, now = Date.now } = deps;
  return {
    async find(input, { attentionOlderThan, webhookSilence }) {
      const others = [
        ...(webhookSilence > 0 ? silences(input, webhookSilence, now()) : []),
        ...SYSTEMS.flatMap((system) => nearlyUsed(system, quotas.nearlyUsed(system), input, now())),
        ...(await sweepsMissing(deps, now())),
      ];
      const waiting = attentionOlderThan > 0 ? await oldAttention(deps, now() - attentionOlderThan) : [];
      const known = new Set(input.known);
      const all = [...others, ...waiting];
      const standing = all.filter(({ key }) => known.has(key));
      const room = Math.max(0, MOST_ALERTS - standing.length);
      const fresh = all.filter(({ key }) => !known.has(key)).slice(0, room);
      return {
        standing: standing.map(({ key }) => key),
        fresh: await Promise.all(fresh.map((alert) => alert.build())),
        more: all.length - standing.length - fresh.length,
        quota: quotas.newest('freshdesk'),
      };
    },
  };
}

/** An alert whose words are made only when it is news. */
interface Found {
  key: string;
  build(): Promise<Alert>;
}

const found = (alert: Omit<Alert, 'ticket'>): Found => ({
  key: alert.key,
  build: () => Promise.resolve({ ...alert, ticket: null }),
});

/** To the minute, which is as exact as a person wants it. */
const moment = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

const SENDERS: Record<WebhookSource, string> = {
  freshdesk:
    'Look at the automation rules (Admin > Automations): are they on, and do they point here? Reconcile stands in.',
  'field-nation': 'Look at the webhook in Field Nation: is it active, and does it point here? Reconcile stands in.',
};

function silences({ webhooks, watchedSince }: FindAlertsInput, limit: number, now: number): Found[] {
  return SYSTEMS.flatMap((source) => {
    const since = webhooks[source] ?? watchedSince;
    if (now - Date.parse(since) < limit) return [];
    const title = `No webhook of ${NAMES[source]} since ${moment(since)}`;
    return [
      found({ key: `webhook-silence ${source}`, kind: 'webhook-silence', title, remedy: SENDERS[source], since }),
    ];
  });
}

function nearlyUsed(system: UpstreamSystem, low: boolean | null, { known }: FindAlertsInput, now: number): Found[] {
  const key = `quota ${system}`;
  // Nothing was asked lately, by this process: what was known stays.
  if (!(low ?? known.includes(key))) return [];
  const setting = system === 'freshdesk' ? 'FRESHDESK_CALLS_PER_MINUTE' : 'FIELD_NATION_CALLS_PER_MINUTE';
  return [
    found({
      ...{ key, kind: 'quota', since: new Date(now).toISOString() },
      title: `The quota of ${NAMES[system]} has been nearly used for minutes`,
      remedy: `Lower ${setting}, find out who else uses the account's quota, or ask for a larger one.`,
    }),
  ];
}

async function sweepsMissing(
  { client, account, reconcileInterval, deadlineMs = 5000 }: AlertWatchDeps,
  now: number,
): Promise<Found[]> {
  if (reconcileInterval === 0) return [];
  const scheduleId = reconcileId(account);
  const missing = (title: string, remedy: string): Found[] => [
    found({ key: 'schedule reconcile', kind: 'schedule', title, remedy, since: new Date(now).toISOString() }),
  ];
  try {
    const { state, info } = await withDeadline(client, deadlineMs, () =>
      client.schedule.getHandle(scheduleId).describe(),
    );
    if (state.paused) {
      const remedy = `When nobody wants that any more: temporal schedule toggle --schedule-id ${scheduleId} --unpause`;
      return missing('Reconcile is paused', remedy);
    }
    const begun = [info.createdAt, info.lastUpdatedAt, ...info.recentActions.map(({ takenAt }) => takenAt)];
    const last = Math.max(...begun.map((at) => at?.getTime() ?? 0));
    if (now - last <= MISSED_SWEEPS * reconcileInterval || info.runningActions.length > 0) return [];
    return missing(
      `Reconcile has not run since ${moment(new Date(last).toISOString())}`,
      `temporal schedule describe --schedule-id ${scheduleId} shows why; restart a worker to make it anew.`,
    );
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    return missing('The schedule of reconcile is gone', 'Restart a worker: it makes the schedule anew.');
  }
}

/** Runs of this account that have waited for a person since before a moment; the newest runs first. */
async function oldAttention({ client, account, deadlineMs = 5000 }: AlertWatchDeps, before: number): Promise<Found[]> {
  const query = queryOf(account, {
    ...{ status: 'running', attention: 'any', and: [compare(SINCE, '<', new Date(before))] },
  });
  const alerts: Found[] = [];
  for await (const row of readRows(client, query, deadlineMs)) {
    if (alerts.length >= MOST_ROWS) break;
    const { workflowId } = row;
    if (!isRunOf(account, workflowId)) continue;
    const since = row.text(SINCE) ?? '';
    const reason = row.text(ATTENTION) ?? '';
    const ticketId = ticketOfDispatch(account, workflowId);
    const build = async (): Promise<Alert> => {
      const { dispatch } = await row.memo();
      return attentionAlert({ workflowId, ticketId, since, reason, dispatch });
    };
    alerts.push({ key: attentionKey(workflowId, since), build });
  }
  return alerts;
}

interface Waits {
  workflowId: string;
  ticketId: number | null;
  since: string;
  reason: string;
  dispatch: DispatchMemo | undefined;
}

const attentionKey = (workflowId: string, since: string): string => `attention ${workflowId} ${since}`;

function attentionAlert({ workflowId, ticketId, since, reason, dispatch }: Waits): Alert {
  const alert = { key: attentionKey(workflowId, since), kind: 'attention' as const, since };
  if (ticketId === null) {
    return {
      ...alert,
      title: `${workflowId} has waited for a person since ${moment(since)}: ${reason}`,
      remedy: `Its details in the Temporal UI say what to mend; then temporal workflow signal --workflow-id ${workflowId} --name retry`,
      ticket: null,
    };
  }
  const { attention, correlationId } = dispatch ?? {};
  const why = attention ? `: ${attention.detail}` : '';
  return {
    ...alert,
    title: `Ticket ${ticketId} has waited for a person since ${moment(since)} (${reason})${why}`.slice(0, MOST_WORDS),
    remedy: (attention?.remedy ?? `npx deskbridge show ${ticketId} says what to do.`).slice(0, MOST_WORDS),
    ticket: correlationId === undefined ? null : { id: ticketId, correlationId },
  };
}

const MOST_WORDS = 500;
