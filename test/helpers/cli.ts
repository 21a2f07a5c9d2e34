/** The command line in this process: the same code as `deskbridge`, with settings of its own, and what it said. */
import { join } from 'node:path';
import { run } from '../../src/cli/run';
import type { Stack } from './stack';

export interface CliRun {
  code: number;
  out: string;
  err: string;
  json<T>(): T;
}

/** What the shell of the tester has set must not steer the commands. */
const OURS =
  /^(TEMPORAL|FRESHDESK|FIELD_NATION|DESKBRIDGE|EVENTS|ALERTS|CONTACTS|ADMIN)_|^(PORT|HOST|LOG_LEVEL|RECONCILE_INTERVAL|ADMIN_TOKEN)$/;

export async function runCli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<CliRun> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (OURS.test(name)) delete process.env[name];
  Object.assign(process.env, env);
  let [out, err] = ['', ''];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text: unknown) => void (out += `${String(text)}\n`)),
    jest.spyOn(console, 'error').mockImplementation((text: unknown) => void (err += `${String(text)}\n`)),
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
  ];
  process.exitCode = undefined;
  try {
    const code = await run(args);
    return { code, out, err, json: <T>() => JSON.parse(out) as T };
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

/** Settings with which the commands reach a stack's sandbox and Temporal, as real accounts. */
export function settingsOf(stack: Stack, dataDir: string): Record<string, string> {
  return {
    ...{ FRESHDESK_DOMAIN: stack.account, FRESHDESK_API_KEY: 'freshdesk-key' },
    ...{ FRESHDESK_BASE_URL: stack.sandbox.freshdeskUrl, FRESHDESK_WEBHOOK_SECRET: stack.secrets.freshdesk },
    ...{ EVENTS_WRITE_KEY: stack.secrets.writeKey, FIELD_NATION_BASE_URL: stack.sandbox.fieldNationUrl },
    ...{ FIELD_NATION_CLIENT_ID: 'client', FIELD_NATION_CLIENT_SECRET: 'client-secret' },
    ...{ FIELD_NATION_USERNAME: 'user', FIELD_NATION_PASSWORD: 'password' },
    FIELD_NATION_WEBHOOK_SECRET: stack.secrets.fieldNation,
    ...{ CONTACTS_HASH_KEY: 'hash-key-of-the-test', ADMIN_TOKEN: 'admin-token-of-the-test' },
    ...{ TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '' },
    TEMPORAL_NAMESPACE: stack.client.options.namespace,
    ...{ DESKBRIDGE_DATA_DIR: dataDir, DESKBRIDGE_CONFIG: join(__dirname, '../../config/deskbridge.yaml') },
  };
}
