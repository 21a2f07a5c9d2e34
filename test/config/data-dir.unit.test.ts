import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readyDataDir } from '../../src/config/data-dir';
import { generatedSecrets } from '../../src/config/generated-secrets';

let parent: string;
beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'deskbridge-data-'))));
afterEach(() => rmSync(parent, { recursive: true }));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

it('is the owner’s alone when the secrets are the first thing in it', () => {
  const dataDir = join(parent, 'new', 'data');
  generatedSecrets(dataDir);
  expect(modeOf(dataDir)).toBe(0o700);
  expect(modeOf(join(dataDir, 'secrets.json'))).toBe(0o600);
});

it('is mended where an earlier start or another program left it open', () => {
  chmodSync(parent, 0o755);
  mkdirSync(join(parent, 'folder'), { mode: 0o755 });
  for (const name of ['temporal.db', 'temporal.db-wal', 'web.json']) {
    writeFileSync(join(parent, name), name);
    chmodSync(join(parent, name), 0o644);
  }
  readyDataDir(parent);
  expect(modeOf(parent)).toBe(0o700);
  for (const name of ['temporal.db', 'temporal.db-wal', 'web.json']) {
    expect(modeOf(join(parent, name))).toBe(0o600);
    expect(readFileSync(join(parent, name), 'utf8')).toBe(name);
  }
});
