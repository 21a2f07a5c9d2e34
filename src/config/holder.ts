import { loadConfigFile } from './load';
import { ConfigError } from './problems';
import type { ConfigProblem } from './problems';
import type { Config } from './schema';

/**
 * The config in force. Read it anew at each use: `reload` puts another object in its place as a whole, and a file with
 * problems never replaces a good one (interface, section 7).
 */
export class ConfigHolder {
  private readonly path: string;
  private config: Config;
  private reloading: Promise<unknown> = Promise.resolve();

  constructor(path: string, config: Config) {
    this.path = path;
    this.config = config;
  }

  /** @throws ConfigError when the file has problems: there is no good one to go on with. */
  static async open(path: string): Promise<ConfigHolder> {
    return new ConfigHolder(path, await loadConfigFile(path));
  }

  current(): Config {
    return this.config;
  }

  /** Reads the file again; the problems that kept it out, or none when it is in force now. */
  reload(): Promise<ConfigProblem[]> {
    // One after the other: of two readings at once the older could finish last and win.
    const next = this.reloading.then(() => this.read());
    this.reloading = next.catch(() => undefined);
    return next;
  }

  private async read(): Promise<ConfigProblem[]> {
    try {
      this.config = await loadConfigFile(this.path);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return [...error.problems];
      throw error;
    }
  }
}
