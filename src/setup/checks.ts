/** The doctor's checks, on the settings that are saved. Reads only. */
import { openFieldNation, openFreshdesk, withAccount } from '../checks/accounts';
import { checkFieldNation } from '../checks/field-nation';
import { failed, warning, type Finding } from '../checks/finding';
import { checkFreshdesk } from '../checks/freshdesk';
import { checkConfig, unknownNames } from '../checks/config';
import type { Config } from '../config/schema';
import { resolveRuntime } from '../runtime';
import { fieldNationOf, freshdeskOf } from './accounts';
import type { SetupDesk } from './desk';

export interface Checked {
  findings: Finding[];
  /** Null: the file has mistakes. */
  config: Config | null;
}

/** About fifteen calls. `temporal` checks what this process runs on. */
export async function checkAll(desk: SetupDesk, temporal: () => Promise<Finding[]>): Promise<Checked> {
  const { env, problems } = await desk.saved();
  const ofSettings = [
    ...problems.map(({ name, problem, remedy }) => failed('Settings', name, problem, remedy)),
    ...unknownNames(env),
  ];
  const { config, findings: ofConfig } = await checkConfig(await desk.configFile());
  const [ofFreshdesk, ofFieldNation, ofTemporal] = await Promise.all([
    freshdeskFindings(env, config),
    fieldNationFindings(env, config),
    temporal(),
  ]);
  return { config, findings: [...ofSettings, ...ofConfig, ...ofFreshdesk, ...ofFieldNation, ...ofTemporal] };
}

type Saved = Awaited<ReturnType<SetupDesk['saved']>>;

async function freshdeskFindings(env: Saved['env'], config: Config | null): Promise<Finding[]> {
  const { settings } = freshdeskOf(env);
  if (!settings?.freshdesk) return [failed('Freshdesk', 'account', 'is not entered yet', 'Do the first step.')];
  const runtime = resolveRuntime(settings);
  return withAccount(openFreshdesk(settings, runtime), (account) =>
    checkFreshdesk({
      ...{ account, config, secrets: runtime.freshdeskWebhookSecrets },
      callsPerMinute: settings.freshdeskCallsPerMinute,
    }),
  );
}

async function fieldNationFindings(env: Saved['env'], config: Config | null): Promise<Finding[]> {
  const { settings } = fieldNationOf(env);
  if (!settings?.fieldNation) {
    const detail = settings?.fieldNationSandbox
      ? 'is played by Deskbridge: no technician ever comes'
      : 'is not entered yet: product events become contacts, and no ticket is dispatched';
    return [warning('Field Nation', 'account', detail, 'Do the second step.')];
  }
  const runtime = resolveRuntime(settings);
  return withAccount(openFieldNation(settings, runtime), (account) =>
    checkFieldNation({
      ...{ account, config, secrets: runtime.fieldNationWebhookSecrets },
      callsPerMinute: settings.fieldNationCallsPerMinute,
    }),
  );
}
