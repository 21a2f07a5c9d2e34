/** Secrets that the sandbox needs and nobody has to think of. Promise: made once per data dir, readable by its owner only. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GeneratedSecrets {
  freshdeskApiKey: string;
  freshdeskWebhookSecret: string;
  fieldNationClientSecret: string;
  fieldNationPassword: string;
  fieldNationWebhookSecret: string;
  eventsWriteKey: string;
}

const token = (): string => randomBytes(24).toString('base64url');

/** Reads the data dir's secrets, or makes them; of two processes that start at once the first one's count. */
export function generatedSecrets(dataDir: string): GeneratedSecrets {
  const path = join(dataDir, 'secrets.json');
  mkdirSync(dataDir, { recursive: true });
  const fresh: GeneratedSecrets = {
    freshdeskApiKey: token(),
    freshdeskWebhookSecret: token(),
    fieldNationClientSecret: token(),
    fieldNationPassword: token(),
    fieldNationWebhookSecret: randomUUID(),
    eventsWriteKey: token(),
  };
  try {
    writeFileSync(path, JSON.stringify(fresh, null, 2), { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { ...fresh, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<GeneratedSecrets>) };
  }
}
