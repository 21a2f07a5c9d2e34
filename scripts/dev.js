/**
 * `npm run dev`: runs Deskbridge, and builds and starts it anew at each change of a source file. It compiles with swc, which
 * checks no types: `npm run typecheck` does. Options go to `deskbridge start`.
 */
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ready } = require('./ready');

const ROOT = path.resolve(__dirname, '..');
const DIST = path.join(ROOT, 'dist');
const FOLDERS = ['src', 'sandbox', 'engine', 'workflows', 'activities'];
/** Editors write a file in several steps. */
const QUIET_MS = 200;

/** @param {string} name of a TypeScript file, from the root */
function compile(name) {
  // Not at the top: on a fresh clone it has only just been installed.
  const { transformFileSync } = require('@swc/core');
  const { code, map } = transformFileSync(path.join(ROOT, name), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: true,
  });
  const target = path.join(DIST, name.replace(/\.ts$/, '.js'));
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
  fs.writeFileSync(`${target}.map`, map);
}

/**
 * Compiles what changed, and bundles the workflows anew where they may hold it.
 * @param {string[]} names
 * @returns {boolean} whether all of it could be built; what could not be is shown
 */
function build(names) {
  // `dist` is no longer what the checked build made: the next `npm start` builds it whole.
  fs.rmSync(path.join(DIST, '.built-from'), { force: true });
  try {
    for (const name of names) compile(name);
  } catch (error) {
    console.error(error.message);
    return false;
  }
  if (!names.some((name) => /^(workflows|src\/(domain|contract))\//.test(name))) return true;
  return spawnSync(process.execPath, ['scripts/build-workflows.js'], { cwd: ROOT, stdio: 'inherit' }).status === 0;
}

function main() {
  ready({ root: ROOT });
  let child;
  let ending = false;
  const start = () => {
    child = spawn(process.execPath, ['dist/src/cli/main.js', 'start', ...process.argv.slice(2)], {
      cwd: ROOT,
      stdio: 'inherit',
    });
  };
  /** Ended first: two at once would share the data dir. */
  const restart = () => {
    if (child.exitCode !== null || child.signalCode !== null) return start();
    child.once('exit', () => !ending && start());
    child.kill('SIGTERM');
  };

  const changed = new Set();
  let timer;
  const rebuild = () => {
    const names = [...changed].filter((name) => fs.existsSync(path.join(ROOT, name)));
    changed.clear();
    if (names.length === 0) return;
    console.error(`Building ${names.join(', ')}`);
    if (build(names)) restart();
  };
  for (const folder of FOLDERS) {
    fs.watch(path.join(ROOT, folder), { recursive: true }, (_, name) => {
      if (!name?.endsWith('.ts')) return;
      changed.add(path.posix.join(folder, ...name.split(path.sep)));
      clearTimeout(timer);
      timer = setTimeout(rebuild, QUIET_MS);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      ending = true;
      child.once('exit', (code) => process.exit(code ?? 1));
      child.kill(signal);
    });
  }
  start();
}

main();
