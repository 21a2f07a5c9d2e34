/** The config file, and names in the environment, as findings. */
import { unknownSettings } from '../config/known-names';
import { loadConfigFile } from '../config/load';
import { ConfigError } from '../config/problems';
import type { Config } from '../config/schema';
import type { Env } from '../config/settings-reader';
import { failed, fine, warning, type Finding } from './finding';

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

/** Names that look like settings and are none. */
export const unknownNames = (env: Env): Finding[] =>
  unknownSettings(env).map(({ name, hint }) => warning('Settings', name, 'is not a setting of Deskbridge', hint));
