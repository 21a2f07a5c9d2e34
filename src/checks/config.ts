/** The config file as findings. */
import { loadConfigFile } from '../config/load';
import { ConfigError } from '../config/problems';
import type { Config } from '../config/schema';
import { failed, fine, type Finding } from './finding';

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
