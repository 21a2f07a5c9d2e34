/** What a command needs to talk to a running service: settings, and a client that knows where Temporal is. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { parseSettings, SettingsError, type Settings } from '../config/settings';
import { BOTH_ACCOUNTS, type Needs } from '../config/settings-needs';
import { audited } from './audited';
import { contactLinks, hasFieldNation, linkMaker, resolveRuntime, type Runtime } from '../runtime';
import { createCanDispatch } from '../temporal/can-dispatch';
import { createClient, targetFromEnvironment, targetOfEngine, type TemporalTarget } from '../temporal/connection';
import { createContactKeys, type ContactKeys } from '../temporal/contact-keys';
import type { ContactLinks } from '../temporal/contacts';
import { createDispatches, type Dispatches } from '../temporal/dispatches';
import { createDispatching, type Dispatching } from '../temporal/dispatching';
import { createDataConverter } from '../temporal/encryption';
import { runningEngine } from '../../engine';
import { TemporalUnavailableError } from '../temporal/deadline';
import { createOperations, type Operations } from '../temporal/operations';
import { createStarter, type Starter } from '../temporal/starter';
import { recordedWeb } from '../config/neighbours';

/** Longer than in the web process: a person waits, no sender. In ms. */
const DEADLINE_MS = 8_000;

export interface CliContext {
  settings: Settings;
  runtime: Runtime;
  client: Client;
  starter: Starter;
  dispatches: Dispatches;
  dispatching: Dispatching;
  operations: Operations;
  contactKeys: ContactKeys;
  contactLinks: ContactLinks;
  /** For one question to Temporal, in ms. */
  deadlineMs: number;
}

/** The folder of this copy, from the sources as well as from `dist`. */
const ownFolder = (): string | undefined =>
  ['../..', '../../..'].map((up) => resolve(__dirname, up)).find((folder) => existsSync(join(folder, 'package.json')));

/** Names in the environment whose values `.env` gave. */
const fromFile = new Set<string>();

/** The environment without what `.env` gave: the one that the process was started with. */
export const outsideOfEnvFile = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !fromFile.has(name)));

/** As {@link readSettings}, with `.env` as it is now. */
export function readSettingsAnew(needs: Needs): Settings {
  for (const name of fromFile) delete process.env[name];
  fromFile.clear();
  return readSettings(needs);
}

/**
 * Reads `.env` of the working directory, without overriding what is set; `TEMPORAL_CLI_PATH` only where that is the folder
 * of this copy. @throws SettingsError for what `needs` lacks
 */
export function readSettings(needs: Needs): Settings {
  if (existsSync('.env')) {
    if (typeof process.loadEnvFile !== 'function') {
      const problem = `is there, but Node ${process.versions.node} cannot read it`;
      throw new SettingsError([{ name: '.env', problem, remedy: 'Use Node 20.12 or newer, or set the environment.' }]);
    }
    const program = process.env.TEMPORAL_CLI_PATH;
    const before = new Set(Object.keys(process.env));
    process.loadEnvFile('.env');
    for (const name of Object.keys(process.env)) if (!before.has(name)) fromFile.add(name);
    // Somebody else's folder must not name a program that is run.
    if (program === undefined && process.cwd() !== ownFolder()) delete process.env.TEMPORAL_CLI_PATH;
  }
  return parseSettings(process.env, needs);
}

/**
 * A client of the server that the settings name; it connects at its first call.
 * @throws TemporalUnavailableError when no embedded server runs. @throws SettingsError
 */
export async function openTemporal(settings: Settings): Promise<{ client: Client; target: TemporalTarget }> {
  const engine = settings.embeddedTemporal ? await runningEngine(settings.dataDir, DEADLINE_MS) : null;
  if (settings.embeddedTemporal && !engine) {
    throw new TemporalUnavailableError(`No embedded Temporal server runs on ${settings.dataDir}`);
  }
  const target = engine
    ? targetOfEngine(engine, recordedWeb(settings.dataDir))
    : targetFromEnvironment(process.env, settings);
  const client = createClient(target, createDataConverter(settings.encryptionKeys, settings.plainPayloads));
  return { client, target };
}

/** Runs `work` with a client. @throws TemporalUnavailableError when no server is known. */
export async function withContext<T>(work: (context: CliContext) => Promise<T>, needs = BOTH_ACCOUNTS): Promise<T> {
  const settings = readSettings(needs);
  const runtime = resolveRuntime(settings);
  const { client, target } = await openTemporal(settings);
  try {
    const linksOf = linkMaker(settings, runtime, target.uiUrl, target.namespace);
    const common = { client, account: runtime.account, linksOf, deadlineMs: DEADLINE_MS };
    const dispatching = createDispatching(common);
    const canDispatch = createCanDispatch({ dispatching, hasFieldNation: hasFieldNation(settings) });
    const starter = audited(createStarter({ ...common, canDispatch, lists: settings.lists }), settings);
    return await work({
      settings,
      runtime,
      client,
      starter,
      operations: createOperations({ ...common, starter }),
      dispatches: createDispatches(common),
      dispatching,
      contactKeys: createContactKeys(runtime.contactsHashKeys, runtime.account),
      contactLinks: contactLinks(settings, runtime, target.uiUrl, target.namespace),
      deadlineMs: DEADLINE_MS,
    });
  } finally {
    await client.connection.close();
  }
}
