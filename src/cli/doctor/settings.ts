/** The settings and the config file as findings: the doctor must speak when nothing else can start. */
import { loadConfigFile } from '../../config/load';
import { ConfigError } from '../../config/problems';
import type { Config } from '../../config/schema';
import { SettingsError, type Settings } from '../../config/settings';
import { readSettings } from '../context';
import { failed, fine, type Finding } from './finding';

export interface SettingsSeen {
  /** Null when they cannot be used. */
  settings: Settings | null;
  findings: Finding[];
}

export function checkSettings(): SettingsSeen {
  try {
    const settings = readSettings();
    const account = settings.freshdesk ? `Freshdesk ${settings.freshdesk.domain}` : 'the sandbox Freshdesk';
    const company = settings.fieldNation
      ? `Field Nation at ${settings.fieldNation.baseUrl}`
      : 'the sandbox Field Nation';
    return { settings, findings: [fine('Settings', 'environment and .env', `${account}, ${company}`)] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      settings: null,
      findings: error.problems.map(({ name, problem, remedy }) => failed('Settings', name, problem, remedy)),
    };
  }
}

/** Null with a red line for each problem when the file cannot be used. */
export async function checkConfig(file: string): Promise<{ config: Config | null; findings: Finding[] }> {
  try {
    const config = await loadConfigFile(file);
    const detail = `${Object.keys(config.workOrder).length} mapping lines, ${Object.keys(config.status).length} status effects`;
    return { config, findings: [fine('Config', file, detail)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map(({ line, column, path, message, hint }) =>
      failed('Config', `${file}:${line}:${column}`, path === '' ? message : `${path}: ${message}`, hint),
    );
    return { config: null, findings };
  }
}
