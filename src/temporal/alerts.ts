/**
 * The run that watches over the service, from outside. Promise: there is one per account, whichever and however many
 * processes start it; telling it of webhooks costs it a few events an hour and a webhook nothing.
 */
import type { Client } from '@temporalio/client';

import type { RefusedNote, Source, WebhookNote, WebhookSource } from '../contract/alerts';
import { webhookCame, webhookRefused } from '../contract/messages';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { alertsWorkflowId } from '../contract/run-ids';
import { DEFAULT_ALERTS_POLICY, type AlertsPolicy } from '../contract/policy';
import { withDeadline } from './deadline';
import type { AlertsInput } from '../contract/run-inputs';

export interface AlertsDeps {
  client: Client;
  account: string;
  policy?: AlertsPolicy;
  deadlineMs?: number;
}

const optionsOf = ({ account, policy = DEFAULT_ALERTS_POLICY }: AlertsDeps) => ({
  workflowId: alertsWorkflowId(account),
  taskQueue: taskQueues(account).workflows,
  args: [{ account, policy } satisfies AlertsInput],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  staticSummary: `Watches over Deskbridge for ${account}`,
});

/** Starts it, or finds it running. */
export async function ensureAlerts(deps: AlertsDeps): Promise<void> {
  const { client, deadlineMs = 5000 } = deps;
  await withDeadline(client, deadlineMs, () => client.workflow.start(WORKFLOW_TYPES.alerts, optionsOf(deps)));
}

/** A sender is noted as alive this often at most: each note is an event in a history. */
const NOTE_EVERY_MS = 5 * 60_000;
/** And so often within the silence that raises an alert. */
const NOTES_PER_SILENCE = 4;

export interface WebhookNotesDeps extends AlertsDeps {
  /** Setting `webhookSilence` of the moment, in ms; 0: off. */
  silence: () => number;
  now?: () => number;
  onError?: (error: unknown) => void;
}

/** Notes that something came; never waits, never throws. What could not be noted is noted when the next one comes. */
export function createWebhookNotes(deps: WebhookNotesDeps): (source: Source) => void {
  const { client, silence, now = Date.now, onError, deadlineMs = 2000 } = deps;
  const notedAt = new Map<Source, number>();
  return (source) => {
    const at = now();
    const limit = silence();
    const every = limit > 0 ? Math.min(NOTE_EVERY_MS, limit / NOTES_PER_SILENCE) : NOTE_EVERY_MS;
    if (at - (notedAt.get(source) ?? -Infinity) < every) return;
    notedAt.set(source, at);
    const note: WebhookNote = { source, at: new Date(at).toISOString() };
    withDeadline(client, deadlineMs, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPES.alerts, {
        ...optionsOf(deps),
        ...{ signal: webhookCame, signalArgs: [note] },
      }),
    ).catch((error: unknown) => {
      notedAt.delete(source);
      onError?.(error);
    });
  };
}

/** Refusals are told so often at most: whoever floods the route with wrong secrets fills no history. */
const REFUSALS_EVERY_MS = 60_000;

export type RefusalNotesDeps = Pick<
  WebhookNotesDeps,
  'client' | 'account' | 'policy' | 'deadlineMs' | 'now' | 'onError'
>;

/** Notes that webhooks were refused; never waits, never throws. What could not be noted is noted with the next one. */
export function createRefusalNotes(deps: RefusalNotesDeps): (source: WebhookSource) => void {
  const { client, now = Date.now, onError, deadlineMs = 2000 } = deps;
  const state = new Map<WebhookSource, { notedAt: number; count: number }>();
  return (source) => {
    const at = now();
    const { notedAt, count } = state.get(source) ?? { notedAt: -Infinity, count: 0 };
    if (at - notedAt < REFUSALS_EVERY_MS) {
      state.set(source, { notedAt, count: count + 1 });
      return;
    }
    state.set(source, { notedAt: at, count: 0 });
    const note: RefusedNote = { source, at: new Date(at).toISOString(), count: count + 1 };
    withDeadline(client, deadlineMs, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPES.alerts, {
        ...optionsOf(deps),
        ...{ signal: webhookRefused, signalArgs: [note] },
      }),
    ).catch((error: unknown) => {
      state.set(source, { notedAt, count: count + 1 });
      onError?.(error);
    });
  };
}
