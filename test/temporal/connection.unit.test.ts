/** Where the clients and workers of a process go, by its settings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSettings } from '../../src/config/settings';
import { targetFromEnvironment } from '../../src/temporal/connection';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'deskbridge-target-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const targetOf = (env: Record<string, string>) => targetFromEnvironment(env, parseSettings(env));
const CLOUD = { TEMPORAL_ADDRESS: 'eu-west-1.aws.api.temporal.io:7233', TEMPORAL_NAMESPACE: 'acme.a1b2c' };

it('takes the key of a cluster from the environment or from the file that it names', () => {
  const file = join(folder, 'key');
  writeFileSync(file, 'canary-key\n');
  for (const key of [{ TEMPORAL_API_KEY: 'canary-key' }, { TEMPORAL_API_KEY_FILE: file }]) {
    const { options, namespace } = targetOf({ ...CLOUD, ...key });
    expect([options.address, namespace, options.apiKey]).toEqual([...Object.values(CLOUD), 'canary-key']);
    // A key is never sent in the clear.
    expect(options.tls).toBeTruthy();
  }
});

it('goes without a key where none is named', () => {
  expect(targetOf({ TEMPORAL_ADDRESS: '127.0.0.1:7233' }).options.apiKey).toBeUndefined();
});
