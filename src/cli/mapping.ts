/** `mapping check`: reads the config file as the service would. */
import { loadConfigFile } from '../config/load';
import { ConfigError } from '../config/problems';
import { NOTHING } from '../config/settings-needs';
import { readSettings } from './context';
import { EXIT, explain } from './exit';
import { printJson } from './output';

/** Prints the problems, or that there are none; a bad file ends with 2. */
export async function checkMapping(json: boolean): Promise<void> {
  const { configFile } = readSettings(NOTHING);
  try {
    const config = await loadConfigFile(configFile);
    if (json) printJson({ file: configFile, problems: [] });
    else
      console.log(
        `${configFile} is fine: ${Object.keys(config.workOrder).length} mapping lines, ${Object.keys(config.status).length} status effects.`,
      );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (json) printJson({ file: configFile, problems: error.problems });
    else console.log(explain(error));
    process.exitCode = EXIT.usage;
  }
}
