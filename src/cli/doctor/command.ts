/**
 * `doctor`: whether everything that Deskbridge relies on is as it must be, one line each with the remedy. Promise: works
 * whatever is broken; writes nothing upstream, but for the draft of `--probe`. Source: interface, section 2.
 */
import type { Client } from '@temporalio/client';
import type { Settings } from '../../config/settings';
import type { System } from '../../config/settings-needs';
import type { Config } from '../../config/schema';
import { resolveRuntime, type Runtime } from '../../runtime';
import { TemporalUnavailableError } from '../../temporal/deadline';
import type { TemporalTarget } from '../../temporal/connection';
import { openFieldNation, openFreshdesk } from '../../checks/accounts';
import { openTemporal } from '../context';
import { SettingsError } from '../../config/settings';
import { EXIT } from '../exit';
import { printJson } from '../output';
import { checkFieldNation } from '../../checks/field-nation';
import { failed, type Area, type Finding } from '../../checks/finding';
import { checkFreshdesk } from '../../checks/freshdesk';
import { printFinding, printSummary, type Used } from './print';
import { probe } from './probe';
import { freshdeskForms } from './probe-freshdesk';
import { checkConfig } from '../../checks/config';
import { checkSettings } from './settings';
import { checkTemporal } from '../../checks/temporal';

export async function doctor({ json, withProbe }: { json: boolean; withProbe: boolean }): Promise<void> {
  const findings: Finding[] = [];
  const used: Used = { freshdesk: 0, fieldNation: 0 };
  const tell = (...some: Finding[]): void => {
    findings.push(...some);
    if (!json) some.forEach(printFinding);
  };
  const seen = checkSettings();
  tell(...seen.findings);
  const file = seen.settings?.configFile ?? process.env.DESKBRIDGE_CONFIG?.trim();
  const { config, findings: ofConfig } = await checkConfig(file ? file : 'config/deskbridge.yaml');
  tell(...ofConfig);
  const { usable } = seen;
  if (seen.settings) await checkRest({ settings: seen.settings, usable, config, withProbe, tell, used, json });
  const ok = findings.every(({ level }) => level !== 'red');
  if (json) printJson({ ok, checks: findings, calls: used });
  else printSummary(findings, used, seen.settings === null);
  if (!ok) process.exitCode = EXIT.failed;
}

interface Rest {
  settings: Settings;
  usable: readonly System[];
  config: Config | null;
  withProbe: boolean;
  tell: (...findings: Finding[]) => void;
  used: Used;
  json: boolean;
}

async function checkRest({ settings, usable, config, withProbe, tell, used, json }: Rest): Promise<void> {
  const runtime = await resolved(settings, tell);
  if (!runtime) return;
  const temporal = await reach(settings, tell);
  try {
    const ofTemporal = temporal ? await checkTemporal({ ...temporal, settings, account: runtime.account }) : [];
    tell(...ofTemporal);
    if (usable.includes('freshdesk'))
      tell(...(await checkFreshdeskAccount({ settings, runtime, config }, used, withProbe)));
    if (!usable.includes('field-nation')) return;
    const reached = ofTemporal[0]?.level === 'green' ? (temporal?.client ?? null) : null;
    tell(
      ...(await checkFieldNationAccount({ settings, runtime, config }, used, { withProbe, temporal: reached, json })),
    );
  } finally {
    await temporal?.client.connection.close();
  }
}

/** The data dir may be unusable. */
async function resolved(settings: Settings, tell: Rest['tell']): Promise<Runtime | null> {
  try {
    return resolveRuntime(settings);
  } catch (error) {
    tell(...asFindings(error));
    return null;
  }
}

async function reach(
  settings: Settings,
  tell: Rest['tell'],
): Promise<{ client: Client; target: TemporalTarget } | null> {
  try {
    return await openTemporal(settings);
  } catch (error) {
    if (!(error instanceof TemporalUnavailableError)) {
      tell(...asFindings(error));
      return null;
    }
    const remedy = 'Start the service: npm start; or set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.';
    tell(failed('Temporal', 'embedded server', `none runs on DESKBRIDGE_DATA_DIR ${settings.dataDir}`, remedy));
    return null;
  }
}

function asFindings(error: unknown): Finding[] {
  if (!(error instanceof SettingsError)) throw error;
  return error.problems.map(({ name, problem, remedy }) => failed('Settings', name, problem, remedy));
}

interface AccountDeps {
  settings: Settings;
  runtime: Runtime;
  config: Config | null;
}

/** No sandbox is known where only it could answer. */
function noAccount(area: Area, error: unknown): Finding[] {
  return [
    failed(
      area,
      'sandbox',
      'none is known',
      `Start the service: npm start; or set ${area}'s account. ${(error as Error).message}`,
    ),
  ];
}

async function checkFreshdeskAccount(
  { settings, runtime, config }: AccountDeps,
  used: Used,
  withProbe: boolean,
): Promise<Finding[]> {
  let account: ReturnType<typeof openFreshdesk>;
  try {
    account = openFreshdesk(settings, runtime);
  } catch (error) {
    return noAccount('Freshdesk', error);
  }
  const { freshdeskWebhookSecrets: secrets } = runtime;
  try {
    const { freshdeskCallsPerMinute: callsPerMinute } = settings;
    const findings = await checkFreshdesk({ account, config, secrets, callsPerMinute });
    return withProbe && findings[0]?.level !== 'red' ? [...findings, ...(await freshdeskForms(account))] : findings;
  } finally {
    used.freshdesk = account.meter.calls;
    await account.client.close();
  }
}

async function checkFieldNationAccount(
  { settings, runtime, config }: AccountDeps,
  used: Used,
  { withProbe, temporal, json }: { withProbe: boolean; temporal: Client | null; json: boolean },
): Promise<Finding[]> {
  let account: ReturnType<typeof openFieldNation>;
  try {
    account = openFieldNation(settings, runtime);
  } catch (error) {
    return noAccount('Field Nation', error);
  }
  const { fieldNationWebhookSecrets: secrets } = runtime;
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  try {
    const callsPerMinute = settings.fieldNationCallsPerMinute;
    const findings = await checkFieldNation({ account, config, secrets, callsPerMinute });
    if (!withProbe || findings[0]?.level === 'red') return findings;
    if (!config) {
      const remedy = 'Correct the config file, then probe again.';
      return [...findings, failed('Probe', 'probe', 'is left out while the config file is broken', remedy)];
    }
    // From now on Ctrl-C must not end the process before the draft is deleted.
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
    const report = (line: string): void => void (json ? undefined : console.error(line));
    const fileHosts = settings.fieldNation?.fileHosts ?? [];
    const deps = { account, name: runtime.account, config, fileHosts, temporal, signal: stop.signal, report };
    return [...findings, ...(await probe(deps))];
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    used.fieldNation = account.meter.calls;
    await account.client.close();
  }
}
