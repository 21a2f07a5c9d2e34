/**
 * `setup field-nation`: registers the webhook that brings the events. Promise: run again, it changes nothing that is right;
 * the secret is stored before it is used, and never printed.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readyDataDir } from '../../config/data-dir';
import { loadConfigFile } from '../../config/load';
import { SettingsError, type Settings } from '../../config/settings';
import { usefulEvents } from '../../domain/needed-events';
import { resolveRuntime } from '../../runtime';
import { registerWebhook, UUID, type WebhookOutcome } from '../../setup/field-nation';
import { readSettings } from '../context';
import { UsageError } from '../../command-errors';
import { printJson } from '../output';
import { PLACEHOLDER, routeAddress } from '../../setup/address';
import { FIELD_NATION_ROUTE } from '../../checks/field-nation-webhook';

const SECRET = 'FIELD_NATION_WEBHOOK_SECRET';
interface Outcome extends WebhookOutcome {
  /** The setting that is still to be put, when the secret is new. */
  setting: string | null;
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
