/**
 * Finds what is wrong: from the index of Temporal, the schedule of reconcile, the webhooks' times and the quotas that this
 * process has seen. Promise: no run is asked, no upstream is called, and a known alert keeps its key while it holds.
 */
import type { Client } from '@temporalio/client';
import type { AlertWatch } from '../../activities/alerts';

import type { UpstreamSystem } from '../clients/upstream-error';
import type { Alert, WebhookSource } from '../contract/alerts';
import { isRunOf, ticketOfDispatch } from '../contract/run-ids';
import { ATTENTION, SINCE } from '../contract/search-attributes';
import { SYSTEM_NAMES, SYSTEMS } from '../contract/failures';
import { found, pageOfRun, type Found } from './alert-found';
import { lateVisits } from './alert-late';
import { stuckRuns } from './alert-stuck';
import { sweepTroubles } from './alert-sweeps';
import { refusedWebhooks, upstreamsAway } from './alert-systems';
import { compare, queryOf } from './index/query';
import { readRows } from './index/rows';
import type { QuotaBook } from './quota-book';
import type { UpstreamBook } from './upstream-book';
import type { FindAlertsInput } from '../contract/run-inputs';
import type { DispatchMemo } from '../contract/memo';
import { momentText } from '../domain/moments';

export interface AlertWatchDeps {
  client: Client;
  account: string;
  quotas: Pick<QuotaBook, 'nearlyUsed' | 'newest'>;
  upstreams: Pick<UpstreamBook, 'trouble'>;
  /** Setting, in ms; 0: reconcile is off on purpose. */
  reconcileInterval: number;
  deadlineMs?: number;
  now?: () => number;
}

/** Kept one by one; of what is beyond, only the number. */
const MOST_ALERTS = 100;
const MOST_ROWS = 10_000;

export function createAlertWatch(deps: AlertWatchDeps): AlertWatch {
  const { client, account, quotas, upstreams, reconcileInterval, deadlineMs = 5000, now = Date.now } = deps;
  return {
    async find(input, { attentionOlderThan, webhookSilence, unassignedBefore, notArrivedAfter }) {
      const asked = { client, account, deadlineMs, now: now() };
      const away = upstreamsAway(upstreams, input.known, now());
      const others = [
        ...(webhookSilence > 0 ? silences(input, webhookSilence, now()) : []),
        ...SYSTEMS.flatMap((system) => nearlyUsed(system, quotas.nearlyUsed(system), input, now())),
        ...refusedWebhooks(input, now()),
        ...away.alerts,
        ...(await sweepTroubles({ ...asked, reconcileInterval })),
        ...(await stuckRuns(asked)),
        ...(await lateVisits({ ...asked, unassignedBefore, notArrivedAfter })),
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
        upstream: away.troubles,
        quota: quotas.newest('freshdesk'),
      };
    },
  };
}

const SENDERS: Record<WebhookSource, string> = {
  freshdesk:
    'Look at the automation rules (Admin > Automations): are they on, and do they point here? The regular check finds changes meanwhile.',
  'field-nation':
    'Look at the webhook in Field Nation: is it active, and does it point here? The regular check finds changes meanwhile.',
};

function silences({ webhooks, watchedSince }: FindAlertsInput, limit: number, now: number): Found[] {
  return SYSTEMS.flatMap((source) => {
    const since = webhooks[source] ?? watchedSince;
    if (now - Date.parse(since) < limit) return [];
    const title = `No webhook of ${SYSTEM_NAMES[source]} since ${momentText(since)}`;
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
      title: `The quota of ${SYSTEM_NAMES[system]} has been nearly used for minutes`,
      remedy: `Lower ${setting}, find out who else uses the account's quota, or ask for a larger one.`,
    }),
  ];
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
    // Told once for each system, not for each ticket.
    if (reason === 'unavailable') continue;
    const ticketId = ticketOfDispatch(account, workflowId);
    const build = async (): Promise<Alert> => {
      const { dispatch } = await row.memo();
      return {
        ...attentionAlert({ workflowId, ticketId, since, reason, dispatch }),
        ...pageOfRun(account, workflowId),
      };
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
      title: `${workflowId} has waited for a person since ${momentText(since)}: ${reason}`,
      remedy: `Its details in the Temporal UI say what to correct; then temporal workflow signal --workflow-id ${workflowId} --name retry`,
      ticket: null,
    };
  }
  const { attention, correlationId } = dispatch ?? {};
  const why = attention ? `: ${attention.detail}` : '';
  return {
    ...alert,
    title: `Ticket ${ticketId} has waited for a person since ${momentText(since)} (${reason})${why}`.slice(
      0,
      MOST_WORDS,
    ),
    remedy: (attention?.remedy ?? `npx deskbridge show ${ticketId} says what to do.`).slice(0, MOST_WORDS),
    ticket: correlationId === undefined ? null : { id: ticketId, correlationId },
    told: dispatch?.told === true,
  };
}

const MOST_WORDS = 500;
