/**
 * What Deskbridge can make in the accounts: rules, fields and the webhook. Promise: nothing is made twice, and nothing that
 * is there is changed but the webhook's own list of events, which keeps what others asked for.
 */
import { openFieldNation, openFreshdesk, withAccount } from '../checks/accounts';
import { failedCall, type Finding } from '../checks/finding';
import { UsageError, WorkFailedError } from '../command-errors';
import { routeAddress } from './address';
import { registerWebhook, UUID } from './field-nation';
import { FIELD_NATION_ROUTE } from '../checks/field-nation-webhook';
import { makeFields as makeMissing, type MadeFields } from './make-fields';
import { freshdeskSetup, type FreshdeskSetup } from './freshdesk';
import { FRESHDESK_ROUTE } from '../checks/freshdesk-rules';
import { loadConfigFile } from '../config/load';
import { ConfigError } from '../config/problems';
import type { Settings } from '../config/settings';
import { usefulEvents } from '../domain/needed-events';
import { resolveRuntime } from '../runtime';
import { fieldNationOf, freshdeskOf } from './accounts';
import type { SetupDesk } from './desk';

/** Something is missing before this can be asked; the message says what. */
export class NotYetError extends Error {
  override readonly name = 'NotYetError';
}

export type SeenFreshdesk = FreshdeskSetup | { problem: string };

export interface SeenWebhook {
  state: 'there' | 'to be corrected' | 'missing';
  url: string;
}

/** Where Freshdesk and Field Nation reach this service; null: it is not known yet. */
const publicUrl = async (desk: SetupDesk): Promise<string | null> =>
  (await desk.saved()).env.DESKBRIDGE_URL?.trim() || null;

async function freshdesk(desk: SetupDesk, apply: boolean): Promise<FreshdeskSetup> {
  const { env } = await desk.saved();
  const settings = freshdeskOf(env).settings;
  if (!settings?.freshdesk) throw new NotYetError('Enter your Freshdesk account first.');
  const url = await publicUrl(desk);
  if (apply && url === null) throw new NotYetError('Enter the public address first: the rules call it.');
  const address = url === null ? null : routeAddress(url, FRESHDESK_ROUTE, settings, false);
  const config = await loadConfigFile(await desk.configFile());
  return freshdeskSetup({ settings, runtime: resolveRuntime(settings), config, address, apply });
}

/** About eight calls. */
export async function seeFreshdesk(desk: SetupDesk): Promise<SeenFreshdesk> {
  try {
    return await freshdesk(desk, false);
  } catch (error) {
    return { problem: inWords(error) };
  }
}

/** Names of the rules that were made. @throws NotYetError, WorkFailedError, ConfigError */
export async function makeRules(desk: SetupDesk): Promise<string[]> {
  const { rules } = await freshdesk(desk, true);
  const unproven = rules.filter(({ state }) => state === 'not proven');
  if (unproven.length > 0) {
    const each = unproven.map(({ rule, problems }) => `${rule.name}: ${problems.join('; ')}`);
    throw new WorkFailedError(`Freshdesk did not keep all of it. ${each.join('. ')}.`);
  }
  return rules.filter(({ state }) => state === 'made').map(({ rule }) => rule.name);
}

/** Makes the fields that are missing still, up to the first that is refused. @throws NotYetError, WorkFailedError, ConfigError */
export async function makeFields(desk: SetupDesk): Promise<MadeFields> {
  const { fieldsToMake } = await freshdesk(desk, false);
  const settings = freshdeskOf((await desk.saved()).env).settings as Settings;
  return withAccount(openFreshdesk(settings, resolveRuntime(settings)), ({ client, baseUrl }) =>
    makeMissing(client, baseUrl, fieldsToMake),
  );
}

async function webhookDeps(desk: SetupDesk): Promise<{ settings: Settings; url: string }> {
  const { env } = await desk.saved();
  const { settings } = fieldNationOf(env);
  if (!settings?.fieldNation) throw new NotYetError('Enter Field Nation’s credentials first.');
  const root = await publicUrl(desk);
  if (root === null) throw new NotYetError('Enter the public address first: the webhook calls it.');
  return { settings, url: routeAddress(root, FIELD_NATION_ROUTE, settings, false) ?? '' };
}

/** Two calls. */
export async function seeWebhook(desk: SetupDesk): Promise<SeenWebhook | { problem: string }> {
  try {
    const { settings, url } = await webhookDeps(desk);
    const events = usefulEvents((await loadConfigFile(await desk.configFile())).status);
    return await withAccount(openFieldNation(settings, resolveRuntime(settings)), async ({ client, baseUrl }) => {
      try {
        const { results } = await client.listWebhooks({ perPage: 100 });
        const known = results.find((webhook) => webhook.url === url && webhook.status !== 'archived');
        if (!known) return { state: 'missing', url };
        const isWhole = known.status === 'active' && events.every((name) => known.events.includes(name));
        return { state: isWhole ? 'there' : 'to be corrected', url };
      } catch (error) {
        return { problem: findingText(failedCall('Field Nation', error, { baseUrl })) };
      }
    });
  } catch (error) {
    return { problem: inWords(error) };
  }
}

/** What came of it, in words. @throws NotYetError, WorkFailedError, ConfigError */
export async function makeWebhook(desk: SetupDesk): Promise<string> {
  const { settings, url } = await webhookDeps(desk);
  const runtime = resolveRuntime(settings);
  const secret = runtime.fieldNationWebhookSecrets[0] ?? '';
  if (!UUID.test(secret))
    throw new NotYetError('FIELD_NATION_WEBHOOK_SECRET is not a UUID, and Field Nation takes nothing else. Unset it.');
  const events = usefulEvents((await loadConfigFile(await desk.configFile())).status);
  // Where Field Nation shows no secret, the one that is made here may be another one.
  const wanted = { url, events, secret, secretIsNew: true, mail: undefined };
  const { outcome } = await registerWebhook({ settings, runtime, wanted });
  return outcome;
}

const findingText = ({ what, detail, remedy }: Finding): string => `${what} ${detail}. ${remedy ?? ''}`.trim();

/** @throws what is no failure of the account, the config or the order of steps */
export function inWords(error: unknown): string {
  if (error instanceof ConfigError) return `The config file has mistakes. ${error.message}`;
  if (error instanceof NotYetError || error instanceof WorkFailedError) return error.message;
  if (error instanceof UsageError) return 'The public address must begin with https://.';
  throw error;
}
