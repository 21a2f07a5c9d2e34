/**
 * The files that set-up changes: `.env` and the config file. Promise: it says what a change would do before it does it,
 * does exactly that or nothing, and hands out no secret that is stored.
 */
import { randomUUID } from 'node:crypto';
import { parse } from 'yaml';
import { editEnvText, readEnvText, type EnvChanges } from '../config/env-text';
import { readKept, replaceKept } from '../config/kept-file';
import { SECRET_SETTINGS } from '../config/known-names';
import { changedLines, type ChangedLine } from '../config/line-difference';
import { parseConfig } from '../config/load';
import { parseSettings, SettingsError, type Settings, type SettingsProblem } from '../config/settings';
import { EVERYTHING, type Needs } from '../config/settings-needs';
import type { Env } from '../config/settings-reader';
import type { Config } from '../config/schema';
import { editYaml, type YamlChange } from '../config/yaml-edit';

export interface DeskDeps {
  envFile: string;
  /** What the process was given besides `.env`: it counts more, and is changed where it comes from. */
  outside: Env;
  /** All of it, as the process began with it. */
  started: Env;
}

/** The settings as the next start reads them. */
export interface Saved {
  env: Env;
  /** Null when they are not whole. */
  settings: Settings | null;
  problems: SettingsProblem[];
  /** Why nothing can be written here, in words; null when it can. */
  readOnly: string | null;
  /** The process runs with other settings than these. */
  pending: boolean;
}

/** A change that was shown and may be made. */
export interface Proposal {
  id: string;
  /** One entry for each file that changes. */
  files: { file: string; lines: ChangedLine[] }[];
  /** Names of settings and keys, without values. */
  names: string[];
  /** Where to go on afterwards. */
  next: string;
}

export interface Change {
  env?: EnvChanges;
  yaml?: readonly YamlChange[];
  next: string;
}

/** The proposal is not known any more: it was made, is too old, or the process began anew. */
export class ProposalGoneError extends Error {
  override readonly name = 'ProposalGoneError';
}

export interface SetupDesk {
  /** With changes as if they were saved. @throws EnvTextError */
  saved(changes?: EnvChanges): Promise<Saved>;
  /** Whether the value comes from outside of `.env`. */
  isOutside(name: string): boolean;
  /** Null where nothing would change. @throws EnvTextError, YamlEditError, ConfigError when the config would be broken */
  propose(change: Change): Promise<Proposal | null>;
  /** Makes the change as it was shown. @throws ProposalGoneError, FileChangedError, Error of the file system */
  save(id: string): Promise<{ names: string[]; config: boolean; next: string }>;
  configFile(): Promise<string>;
  /** The config with changes as if they were saved, checked and as it is written. @throws YamlEditError, ConfigError */
  config(changes?: readonly YamlChange[]): Promise<{ config: Config; written: Record<string, unknown> }>;
}

interface Held {
  at: number;
  proposal: Proposal;
  writes: { path: string; was: string | null; text: string; mode: number | undefined }[];
  config: boolean;
}

/** A person reads what would change. In ms. */
const HELD_FOR = 15 * 60_000;
const MOST_HELD = 20;
const CONFIG_FILE = 'config/deskbridge.yaml';

export function createSetupDesk({ envFile, outside, started }: DeskDeps, now: () => number = Date.now): SetupDesk {
  const held = new Map<string, Held>();
  const isOutside = (name: string): boolean => outside[name] !== undefined || outside[`${name}_FILE`] !== undefined;
  const text = async (): Promise<string> => (await readKept(envFile)) ?? '';

  const saved: SetupDesk['saved'] = async (changes = {}) => {
    const env: Env = { ...readEnvText(editEnvText(await text(), changes)), ...outside };
    return { env, ...parsed(env, EVERYTHING), readOnly: whyReadOnly(env), pending: differ(env, started) };
  };
  const configFile = async (): Promise<string> => (await saved()).env.DESKBRIDGE_CONFIG?.trim() || CONFIG_FILE;

  return {
    saved,
    isOutside,
    configFile,
    async config(changes = []) {
      const path = await configFile();
      const after = editYaml((await readKept(path)) ?? '', changes);
      const config = parseConfig(after, path);
      return { config, written: (parse(after) ?? {}) as Record<string, unknown> };
    },
    async propose({ env = {}, yaml = [], next }) {
      const writes: Held['writes'] = [];
      const files: Proposal['files'] = [];
      const names: string[] = [];
      const was = await readKept(envFile);
      const known = readEnvText(was ?? '');
      const changes = Object.fromEntries(
        Object.entries(env).filter(([name, value]) => !isOutside(name) && known[name] !== (value ?? undefined)),
      );
      if (Object.keys(changes).length > 0) {
        writes.push({ path: envFile, was, text: editEnvText(was ?? '', changes), mode: 0o600 });
        files.push({ file: envFile, lines: Object.entries(changes).flatMap(shownSetting(known)) });
        names.push(...Object.keys(changes));
      }
      if (yaml.length > 0) {
        const path = await configFile();
        const before = await readKept(path);
        const after = editYaml(before ?? '', yaml);
        parseConfig(after, path);
        if (after !== (before ?? '')) {
          writes.push({ path, was: before, text: after, mode: undefined });
          files.push({ file: path, lines: changedLines(before ?? '', after) });
          names.push(...yaml.map((one) => one.path.join('.')));
        }
      }
      if (writes.length === 0) return null;
      const proposal = { id: randomUUID(), files, names, next };
      for (const [id, one] of held) if (now() - one.at > HELD_FOR || held.size >= MOST_HELD) held.delete(id);
      held.set(proposal.id, { at: now(), proposal, writes, config: writes.some(({ path }) => path !== envFile) });
      return proposal;
    },
    async save(id) {
      const one = held.get(id);
      if (!one || now() - one.at > HELD_FOR)
        throw new ProposalGoneError('This change is not known any more. Enter it again.');
      for (const write of one.writes) await replaceKept(write.path, write.was, write.text, write.mode);
      held.delete(id);
      return { names: one.proposal.names, config: one.config, next: one.proposal.next };
    },
  };
}

/** The settings of an environment, or what is wrong with them. */
export function parsed(env: Env, needs: Needs): Pick<Saved, 'settings' | 'problems'> {
  try {
    return { settings: parseSettings(env, needs), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { settings: null, problems: error.problems };
  }
}

function whyReadOnly(env: Env): string | null {
  const isElsewhere = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].some((name) =>
    env[name]?.trim(),
  );
  return isElsewhere
    ? 'Deskbridge uses a Temporal cluster here, so several servers may run. Put the settings where yours come from, and restart all of them.'
    : null;
}

/** The path of the embedded server's program is a matter of the folder, not of set-up. */
const differ = (one: Env, other: Env): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].some(
    (name) => name !== 'TEMPORAL_CLI_PATH' && (one[name] ?? '') !== (other[name] ?? ''),
  );

/** As a person may see it: never a secret's value. */
const shownSetting =
  (known: Readonly<Record<string, string>>) =>
  ([name, value]: [string, string | null]): ChangedLine[] => {
    const shown = (text: string): string => `${name}=${SECRET_SETTINGS.includes(name) ? '••••••••' : text}`;
    const old = known[name];
    return [
      ...(old === undefined ? [] : [{ sign: '-' as const, line: 0, text: shown(old) }]),
      ...(value === null ? [] : [{ sign: '+' as const, line: 0, text: shown(value) }]),
    ];
  };
