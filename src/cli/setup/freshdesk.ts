/** `setup freshdesk`: the automation rules that tell Deskbridge of tickets, to paste or, with `--apply`, made through the API. */
import { FRESHDESK_ROUTE } from '../../checks/freshdesk-rules';
import { UsageError, WorkFailedError } from '../../command-errors';
import { loadConfigFile } from '../../config/load';
import { resolveRuntime } from '../../runtime';
import { PLACEHOLDER, routeAddress } from '../../setup/address';
import { freshdeskSetup } from '../../setup/freshdesk';
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
  const found = await freshdeskSetup({ settings, runtime, config, address, apply });
  if (json) printJson(found);
  else printRules(found);
  const left = found.rules.filter(({ state }) => state !== 'already there' && state !== 'made').length;
  if (apply && left > 0) throw new WorkFailedError(`${left} rule(s) are left to a person: see above.`);
}
