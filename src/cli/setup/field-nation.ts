/**
 * `setup field-nation`: registers the webhook that brings the events. Promise: run again, it changes nothing that is right;
 * the secret is stored before it is used, and never printed.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FieldNationClient, Webhook } from '../../clients/field-nation';
import { UpstreamError } from '../../clients/upstream-error';
import { readyDataDir } from '../../config/data-dir';
import { loadConfigFile } from '../../config/load';
import { SettingsError, type Settings } from '../../config/settings';
import { usefulEvents } from '../../domain/needed-events';
import { resolveRuntime, type Runtime } from '../../runtime';
import { openFieldNation, withAccount } from '../accounts';
import { readSettings } from '../context';
import { UsageError, WorkFailedError } from '../exit';
import { printJson } from '../output';
import { faultOf } from '../upstream-fault';
import { PLACEHOLDER, routeAddress } from './address';
import { FIELD_NATION_ROUTE, isOurRoute, isTakenMethod } from './field-nation-webhook';

const SECRET = 'FIELD_NATION_WEBHOOK_SECRET';
/** Field Nation takes no other form of secret. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAGE = 100;

interface Outcome {
  outcome: 'registered' | 'updated' | 'already there';
  webhookId: string;
  url: string;
  events: string[];
  /** What was changed in one that was there. */
  changed: string[];
  /** The setting that is still to be put, when the secret is new. */
  setting: string | null;
  /** Active webhooks that lead to a Deskbridge at another address. */
  others: string[];
}

export interface FieldNationSetupQuestion {
  url: string | undefined;
  /** Whom Field Nation tells when it switches the webhook off; undefined leaves that as it is. */
  mail: string | undefined;
  json: boolean;
}

export async function setupFieldNation({ url, mail, json }: FieldNationSetupQuestion): Promise<void> {
  if (mail !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail)) {
    throw new UsageError('--mail is not an e-mail address. Give one that somebody reads, such as ops@example.com.');
  }
  const { settings, secretFile } = settingsWithSecret();
  const sandbox = settings.fieldNation === null;
  const target = routeAddress(url, FIELD_NATION_ROUTE, settings, sandbox);
  if (target === null)
    throw new UsageError(`Give --url ${PLACEHOLDER}, the address under which Field Nation reaches this service.`);
  const runtime = resolveRuntime(settings);
  const secret = runtime.fieldNationWebhookSecrets[0] ?? '';
  if (!UUID.test(secret)) {
    throw new UsageError(
      `${SECRET}: Field Nation takes a UUID only. Unset it to have one made by this command, or give the one of \`uuidgen\`.`,
    );
  }
  const events = usefulEvents((await loadConfigFile(settings.configFile)).status);
  const wanted = { url: target, events, secret, secretIsNew: secretFile?.fresh ?? false, mail };
  const done = await registerWebhook({ settings, runtime, wanted });
  const outcome: Outcome = { ...done, setting: secretFile && `${SECRET}_FILE=${secretFile.path}` };
  if (json) printJson(outcome);
  else print(outcome);
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
}): Promise<Omit<Outcome, 'setting'>> =>
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

/**
 * The settings; a missing secret of the webhook is made, since it is this command that Field Nation gets it from.
 * @throws SettingsError when anything else is wrong.
 */
function settingsWithSecret(): { settings: Settings; secretFile: { path: string; fresh: boolean } | null } {
  try {
    return { settings: readSettings({ calls: ['field-nation'], secrets: [SECRET] }), secretFile: null };
  } catch (error) {
    const onlyThis = error instanceof SettingsError && error.problems.every(({ name }) => name === SECRET);
    if (!onlyThis) throw error;
    const dataDir = process.env.DESKBRIDGE_DATA_DIR?.trim();
    const secretFile = storedSecret(resolve(dataDir ? dataDir : '.deskbridge'));
    process.env[`${SECRET}_FILE`] = secretFile.path;
    return { settings: readSettings({ calls: ['field-nation'], secrets: [SECRET] }), secretFile };
  }
}

/** Written before Field Nation hears of it: a webhook whose secret nobody has is of no use. */
function storedSecret(dataDir: string): { path: string; fresh: boolean } {
  const path = join(dataDir, 'field-nation-webhook-secret');
  if (existsSync(path) && UUID.test(readFileSync(path, 'utf8').trim())) return { path, fresh: false };
  readyDataDir(dataDir);
  writeFileSync(path, `${randomUUID()}\n`, { mode: 0o600 });
  return { path, fresh: true };
}

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
): Promise<Omit<Outcome, 'setting'>> {
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

function print({ outcome, webhookId, url, events, changed, setting, others }: Outcome): void {
  console.log(`The webhook for ${url} is ${outcome}${changed.length > 0 ? ` (${changed.join(', ')})` : ''}.`);
  console.log(`  Webhook  ${webhookId}`);
  console.log(`  Events   ${events.join(', ')}`);
  if (setting !== null) {
    console.log('\nIts secret is stored on this machine. Put this setting into .env and restart the service:');
    console.log(`  ${setting}`);
  }
  for (const other of others) {
    console.log(
      `\nAnother active webhook leads to ${other}: switch it off in Field Nation unless a Deskbridge runs there.`,
    );
  }
  console.log('\n`deskbridge doctor` checks whether Deskbridge accepts its deliveries.');
}
