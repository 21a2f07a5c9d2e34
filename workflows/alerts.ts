/**
 * `alerts`: watches over the service and tells people. Promise: what is wrong is raised once and resolved once, in order,
 * whatever is restarted meanwhile; a message that could not be told is told again under the same id before any later one.
 */
import {
  ActivityFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { Watch } from './alerts/state';
import { alertDetails } from './alerts/view';
import { check, webhookCame, webhookRefused } from '../src/contract/messages';
import { alertNote, alertPost, engine } from './proxies';
import type { AlertMessage } from '../src/contract/alerts';
import type { AlertsInput } from '../src/contract/run-inputs';

export async function alerts(input: AlertsInput): Promise<void> {
  const { account, policy, carried } = input;
  const watch = new Watch(account, carried ?? null, () => Date.now());
  let wanted = false;
  setHandler(webhookCame, (note) => watch.noteWebhook(note), { description: 'A sender of webhooks is alive' });
  setHandler(webhookRefused, (note) => watch.noteRefused(note), { description: 'Webhooks of a sender were refused' });
  setHandler(check, () => void (wanted = true), { description: 'Look at once instead of at the next time' });

  setCurrentDetails(alertDetails(watch));
  for (let turn = 0; ; turn++) {
    if (turn >= policy.turnsPerRun || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof alerts>({ ...input, carried: watch.memory });
    }
    wanted = false;
    await look(watch);
    setCurrentDetails(alertDetails(watch));
    await condition(() => wanted || workflowInfo().continueAsNewSuggested, policy.every, {
      summary: 'Wait for the next look',
    });
  }
}

async function look(watch: Watch): Promise<void> {
  const { memory } = watch;
  const { webhooks, refused, watchedSince } = memory;
  const found = await engine.findAlerts({ known: watch.keys(), webhooks, refused, watchedSince });
  const message = watch.take(found);
  // Before anybody is told: the page of the run is where they will look.
  upsertMemo({ alerts: watch.memo() });
  setCurrentDetails(alertDetails(watch));
  if (message) await engine.recordAlerts(message);
  const { untold, unmailed } = memory;
  if (!found.post) untold.length = 0;
  else if (message) watch.queue(untold, message);
  if (!found.mail) unmailed.length = 0;
  else if (message) watch.queue(unmailed, message);
  // Side by side: a chat that is away must not hold up the mail.
  await Promise.all([
    tellAll(untold, 'posting alerts', (next) => alertPost.postAlerts(next)),
    tellAll(unmailed, 'mailing alerts', (next) => alertPost.mailAlerts(next)),
  ]);
  for (const alert of watch.unnoted(found.ticketNote)) {
    if (!(await done('noting attention', () => alertNote.noteAttention(alert)))) break;
    watch.noted(alert.key);
  }
}

/** In their order; stops at the first that is not taken. */
async function tellAll(waiting: AlertMessage[], what: string, tell: (next: AlertMessage) => Promise<void>) {
  for (let next = waiting[0]; next; next = waiting[0]) {
    const message = next;
    if (!(await done(what, () => tell(message)))) return;
    waiting.shift();
  }
}

/** False when it failed for now: the next look tries again. */
async function done(what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.warn(`${what} failed, the next look tries again`, { reason: error.cause?.message });
    return false;
  }
}
