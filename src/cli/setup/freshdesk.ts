/** `setup freshdesk`: the rules that tell Deskbridge of tickets, to paste or, with `--apply`, made with the fields that the account lacks. */
import { openFreshdesk, withAccount } from '../../checks/accounts';
import { FRESHDESK_ROUTE } from '../../checks/freshdesk-rules';
import { UsageError, WorkFailedError } from '../../command-errors';
import { loadConfigFile } from '../../config/load';
import { resolveRuntime } from '../../runtime';
import { PLACEHOLDER, routeAddress } from '../../setup/address';
import { freshdeskSetup, type FreshdeskSetupDeps } from '../../setup/freshdesk';
import { makeFields, type MadeFields } from '../../setup/make-fields';
import { readSettings } from '../context';
import { printJson } from '../output';
import { printRules } from './print-rules';

export interface SetupQuestion {
  url: string | undefined;
  apply: boolean;
  json: boolean;
}

export async function setupFreshdesk({ url, apply, json }: SetupQuestion): Promise<void> {
  const settings = readSettings({ calls: ['freshdesk'], secrets: ['FRESHDESK_WEBHOOK_SECRET'] });
  const config = await loadConfigFile(settings.configFile);
  const runtime = resolveRuntime(settings);
  const address = routeAddress(url, FRESHDESK_ROUTE, settings, settings.freshdesk === null);
  if (apply && address === null) {
    throw new UsageError(`Give --url ${PLACEHOLDER}, the address under which Freshdesk reaches this service.`);
  }
  const fields = apply ? await fieldsMade({ settings, runtime, config, address, apply: false }) : null;
  const found = await freshdeskSetup({ settings, runtime, config, address, apply });
  if (json) printJson({ ...found, ...(fields ? { fieldsMade: fields.made } : {}) });
  else {
    if (fields && fields.made.length > 0) console.log(`Fields made: ${fields.made.join(', ')}.\n`);
    printRules(found);
  }
  const left = found.rules.filter(({ state }) => state !== 'already there' && state !== 'made').length;
  if (fields?.problem) throw new WorkFailedError(fields.problem);
  if (apply && left > 0) throw new WorkFailedError(`${left} rule(s) are left to a person: see above.`);
}

/** Before the rules: one of them names a field. */
async function fieldsMade(deps: FreshdeskSetupDeps): Promise<MadeFields> {
  const { fieldsToMake: fields, rulesSeen } = await freshdeskSetup(deps);
  if (fields.length === 0 || !rulesSeen) return { made: [], problem: null };
  return withAccount(openFreshdesk(deps.settings, deps.runtime), ({ client, baseUrl }) =>
    makeFields(client, baseUrl, fields),
  );
}
