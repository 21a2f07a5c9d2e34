/**
 * `npm run simulate:put-backs`: each fault of test/simulation/put-backs is put back into a copy of the core, which is then
 * lived through. Ends with 1 when the simulator does not find one of them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { KIND_NAMES } from './lives';

const ROOT = resolve(__dirname, '../..');
const PATCHES = join(__dirname, 'put-backs');
/** What the core is made of. */
const COPIED = ['src', 'activities', 'workflows', 'test/simulation', 'package.json'];
const LIVES = '100000';
const WITHIN_MS = 600_000;

export function main(): void {
  const missed: string[] = [];
  for (const file of readdirSync(PATCHES).sort()) {
    const name = basename(file, '.patch');
    const begun = performance.now();
    const found = isFound(join(PATCHES, file));
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    process.stdout.write(`${found ? 'found' : 'NOT FOUND'}  ${name}  (${seconds} s)\n`);
    if (!found) missed.push(name);
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
}

/** @throws Error when the patch does not fit the code of today. */
function isFound(patch: string): boolean {
  const copy = mkdtempSync(join(tmpdir(), 'deskbridge-put-back-'));
  try {
    for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const applied = spawnSync('git', ['apply', patch], { cwd: copy, encoding: 'utf8' });
    if (applied.status !== 0) throw new Error(`${patch} does not fit the code any more: ${applied.stderr}`);
    const args = [join(ROOT, 'scripts/run-typescript.js'), join(copy, 'test/simulation/main.ts')];
    const kind = KIND_NAMES.find((name) => basename(patch).startsWith(`${name}-`)) ?? 'dispatch';
    const lived = spawnSync(process.execPath, [...args, '--kind', kind, '--lives', LIVES, '--seed', '1'], {
      ...{ cwd: ROOT, encoding: 'utf8', timeout: WITHIN_MS },
    });
    return lived.status === 1 && lived.stdout.includes('Broken: ');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
