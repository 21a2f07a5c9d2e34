/** Reads single values of the environment and collects what is wrong with them. Promise: no secret stands in a problem. */
import { readFileSync } from 'node:fs';
import { isLoopbackHost } from './loopback';

export type Env = Readonly<Record<string, string | undefined>>;

export interface SettingsProblem {
  name: string;
  problem: string;
  remedy: string;
}

/** The settings cannot be used; the command ends with 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: SettingsProblem[]) {
    super(
      [
        problems.length === 1 ? 'One setting is wrong:' : `${problems.length} settings are wrong:`,
        ...problems.map(({ name, problem, remedy }) => `  ${name}: ${problem}. ${remedy}`),
      ].join('\n'),
    );
  }
}

/** Of a secret that is ours to choose, in characters: nobody guesses such a one. */
export const LEAST_SECRET = 16;

const NEW_SECRET = 'Make one with: openssl rand -base64 24';

/** A value for a message; never for a secret. A terminal must not obey what stands in it. */
export const shown = (value: string): string => `"${value.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 60)}"`;

/** Every reader returns null, or its fallback, where it noted a problem. */
export class Reader {
  readonly problems: SettingsProblem[] = [];
  private readonly secrets = new Map<string, string | null>();

  constructor(private readonly env: Env) {}

  text(name: string): string | null {
    const value = this.env[name]?.trim();
    return value ? value : null;
  }

  fault(name: string, problem: string, remedy: string): null {
    this.problems.push({ name, problem, remedy });
    return null;
  }

  /** Whether one of them is set, by itself or by its file. */
  isSet(...names: string[]): boolean {
    return names.some((name) => this.text(name) !== null || this.text(`${name}_FILE`) !== null);
  }

  /** A secret, or the content of the file that `NAME_FILE` names; blanks around it are trimmed. */
  secret(name: string): string | null {
    const known = this.secrets.get(name);
    if (known !== undefined) return known;
    const value = this.readSecret(name);
    this.secrets.set(name, value);
    return value;
  }

  /** Comma-separated secrets of ours, each long enough; empty where none is set. */
  ownSecrets(name: string): string[] {
    const entries = (this.secret(name) ?? '').split(',').map((entry) => entry.trim());
    const given = entries.filter((entry) => entry !== '');
    for (const [index, entry] of given.entries()) {
      const which = given.length > 1 ? `entry ${index + 1} of ${given.length} ` : '';
      if (entry.length < LEAST_SECRET)
        this.fault(name, `${which}is shorter than ${LEAST_SECRET} characters`, NEW_SECRET);
    }
    return given;
  }

  /** One secret of ours, long enough; a comma belongs to it. */
  ownSecret(name: string): string | null {
    const value = this.secret(name);
    if (value !== null && value.length < LEAST_SECRET)
      this.fault(name, `is shorter than ${LEAST_SECRET} characters`, NEW_SECRET);
    return value;
  }

  /** Notes that a setting is missing, unless something else is wrong with it already. */
  missing(name: string, problem: string, remedy: string): void {
    const noted = this.problems.some((entry) => entry.name === name || entry.name === `${name}_FILE`);
    if (!noted) this.fault(name, problem, remedy);
  }

  private readSecret(name: string): string | null {
    const direct = this.text(name);
    const file = this.text(`${name}_FILE`);
    if (file === null) return direct;
    if (direct !== null) return this.fault(name, `is set, and ${name}_FILE too`, 'Keep one of the two.');
    try {
      const content = readFileSync(file, 'utf8').trim();
      return content || this.fault(`${name}_FILE`, 'names an empty file', 'Put the secret into it.');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      const remedy = 'Correct the path or its rights.';
      return this.fault(`${name}_FILE`, `names a file that cannot be read (${code})`, remedy);
    }
  }

  url(name: string, fallback: string): string {
    const given = this.text(name) ?? fallback;
    try {
      const url = new URL(given);
      if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
        throw new Error('form');
      return given.replace(/\/+$/, '');
    } catch {
      this.fault(name, 'is not an http(s) address', `Use a form such as ${fallback}`);
      return fallback;
    }
  }

  /** The root of an upstream: keys travel there, so that it is https, or on this very machine. */
  baseUrl(name: string, fallback: string): string {
    const address = this.url(name, fallback);
    const { protocol, hostname } = new URL(address);
    if (protocol !== 'https:' && !isLoopbackHost(hostname))
      this.fault(name, 'is not https, so that keys would travel readable', 'Use https://; http:// is for 127.0.0.1.');
    return address;
  }

  /** `standard` says in words what holds where a fallback alone would not tell. */
  number<T extends number | undefined>(
    name: string,
    fallback: T,
    [least, most]: readonly [number, number],
    standard = `The default is ${fallback}.`,
  ): number | T {
    const given = this.text(name);
    if (given === null) return fallback;
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= least && value <= most) return value;
    this.fault(name, `${shown(given)} is not a whole number from ${least} to ${most}`, standard);
    return fallback;
  }

  /** One of a few words; the first one is the default. */
  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const given = this.text(name)?.toLowerCase();
    const found = choices.find((choice) => choice === given);
    if (given !== undefined && found === undefined)
      this.fault(name, `${shown(given)} is not a choice`, `Use one of ${choices.join(', ')}.`);
    return found ?? choices[0];
  }
}
