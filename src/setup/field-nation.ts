/** The webhook that brings Field Nation's events. Promise: made again, it changes nothing that is right. */
import type { FieldNationClient, Webhook } from '../clients/field-nation';
import { UpstreamError } from '../clients/upstream-error';
import type { Settings } from '../config/settings';
import type { Runtime } from '../runtime';
import { openFieldNation, withAccount } from '../checks/accounts';
import { WorkFailedError } from '../command-errors';
import { faultOf } from '../checks/upstream-fault';
import { isOurRoute, isTakenMethod } from '../checks/field-nation-webhook';

/** Field Nation takes no other form of secret. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAGE = 100;

/** What became of the webhook. */
export interface WebhookOutcome {
  outcome: 'registered' | 'updated' | 'already there';
  webhookId: string;
  url: string;
  events: string[];
  /** What was changed in one that was there. */
  changed: string[];
  /** Active webhooks that lead to a Deskbridge at another address. */
  others: string[];
}

/** Makes the webhook, or mends the one that is there. @throws WorkFailedError */
export const registerWebhook = ({
  settings,
  runtime,
  wanted,
}: {
  settings: Settings;
  runtime: Runtime;
  wanted: WantedWebhook;
}): Promise<WebhookOutcome> =>
  withAccount(openFieldNation(settings, runtime), async ({ client, baseUrl }) => {
    try {
      return await register(client, wanted);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.status === 400)
        throw new WorkFailedError(`Field Nation refused the webhook for ${wanted.url}: ${error.message}`);
      const { subject, cause, remedy } = faultOf(error, baseUrl);
      throw new WorkFailedError(`${subject}: ${cause}. ${remedy}`);
    }
  });

export interface WantedWebhook {
  url: string;
  events: string[];
  secret: string;
  secretIsNew: boolean;
  mail: string | undefined;
}

async function register(
  client: FieldNationClient,
  { url, events, secret, secretIsNew, mail }: WantedWebhook,
): Promise<WebhookOutcome> {
  const notificationEmail = mail === undefined ? {} : { notificationEmail: mail };
  const webhooks = (await allWebhooks(client)).filter(({ status }) => status !== 'archived');
  const others = webhooks.flatMap((webhook) =>
    isOurRoute(webhook) && webhook.status === 'active' && webhook.url !== url ? [webhook.url ?? ''] : [],
  );
  const known = webhooks.find((webhook) => webhook.url === url);
  if (!known) {
    const made = await client.createWebhook({
      url,
      method: 'post',
      status: 'active',
      events,
      secret,
      ...notificationEmail,
    });
    return { outcome: 'registered', webhookId: made.webhookId, url, events, changed: [], others };
  }
  const missing = events.filter((name) => !known.events.includes(name));
  // Where it is not shown, only one that was made a moment ago is surely another one.
  const otherSecret = known.secret === null ? secretIsNew : known.secret !== secret;
  const patch = {
    ...(known.status === 'active' ? {} : { status: 'active' as const }),
    ...(isTakenMethod(known) ? {} : { method: 'post' as const }),
    // The list is replaced as a whole: what somebody else has asked for stays.
    ...(missing.length === 0 ? {} : { events: [...known.events, ...missing] }),
    ...(otherSecret ? { secret } : {}),
    ...(mail === undefined || known.notificationEmail === mail ? {} : notificationEmail),
  };
  const changed = Object.keys(patch);
  if (changed.length > 0) await client.updateWebhook(known.webhookId, patch);
  const { webhookId } = known;
  const now = [...known.events, ...missing];
  return { outcome: changed.length > 0 ? 'updated' : 'already there', webhookId, url, events: now, changed, others };
}

async function allWebhooks(client: FieldNationClient): Promise<Webhook[]> {
  const all: Webhook[] = [];
  for (let page = 1; ; page++) {
    const { results } = await client.listWebhooks({ page, perPage: PAGE });
    all.push(...results);
    if (results.length < PAGE) return all;
  }
}
