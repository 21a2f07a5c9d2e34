/** Secrets that the sandbox needs and nobody has to think of. Promise: made once per data dir, readable by its owner only. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from './settings';

export interface GeneratedSecrets {
  freshdeskApiKey: string;
  freshdeskWebhookSecret: string;
  fieldNationClientSecret: string;
  fieldNationPassword: string;
  fieldNationWebhookSecret: string;
  eventsWriteKey: string;
  contactsHashKey: string;
}

const NAMES = [
  'freshdeskApiKey',
  'freshdeskWebhookSecret',
  'fieldNationClientSecret',
  'fieldNationPassword',
  'fieldNationWebhookSecret',
  'eventsWriteKey',
  'contactsHashKey',
] as const satisfies readonly (keyof GeneratedSecrets)[];

const token = (): string => randomBytes(24).toString('base64url');

/**
 * Reads the data dir's secrets, or makes them; of two processes that start at once the first one's count.
 * @throws SettingsError when the data dir cannot be used, or its file is broken.
 */
export function generatedSecrets(dataDir: string): GeneratedSecrets {
  const path = join(dataDir, 'secrets.json');
  try {
    mkdirSync(dataDir, { recursive: true });
    makeOnce(path);
    return readSecrets(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // The parser's own message would repeat what stands in the file.
    const problem = code === undefined ? 'holds a broken secrets.json' : `cannot be used (${code})`;
    const remedy = code === undefined ? `Delete ${path}; new ones are made.` : 'Name a folder that may be written to.';
    throw new SettingsError([{ name: 'DESKBRIDGE_DATA_DIR', problem, remedy }]);
  }
}

/** The file appears whole or not at all: another process may read it at any moment. */
function makeOnce(path: string): void {
  if (existsSync(path)) return;
  const draft = `${path}.${randomUUID()}`;
  const fresh: GeneratedSecrets = {
    freshdeskApiKey: token(),
    freshdeskWebhookSecret: token(),
    fieldNationClientSecret: token(),
    fieldNationPassword: token(),
    fieldNationWebhookSecret: randomUUID(),
    eventsWriteKey: token(),
    contactsHashKey: token(),
  };
  try {
    writeFileSync(draft, JSON.stringify(fresh, null, 2), { mode: 0o600 });
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readSecrets(path: string): GeneratedSecrets {
  const secrets = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<string, unknown>> | null;
  for (const name of NAMES) {
    if (typeof secrets?.[name] !== 'string' || secrets[name] === '') throw new SyntaxError(`${name} is missing`);
  }
  return secrets as unknown as GeneratedSecrets;
}
