/**
 * Makes a copy of Deskbridge ready to run: installs packages and builds `dist` when, and only when, that is needed.
 * Run by npm before `start` and `test`, and by the `deskbridge` program. Uses Node alone, since nothing is installed yet.
 * Everything it says goes to standard error: the output of `deskbridge … --json` stays JSON.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { withReadyLock } = require('./ready-lock');

const OLDEST_NODE = [20, 19];
/** What `dist` is made from. Without the folders (a container image) there is nothing to build. */
const SOURCE_FOLDERS = ['src', 'sandbox', 'engine', 'workflows', 'activities'];
const SOURCE_FILES = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build-workflows.js'];
const BUILD_STAMP = 'dist/.built-from';
const INSTALL_STAMP = 'node_modules/.installed-from';

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} what is wrong with it
 */
function nodeProblem(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return undefined;
  return `Deskbridge needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${version}.`;
}

/**
 * Whether the installed packages differ from the lock file.
 * @param {string} root
 * @param {boolean} withDev whether packages for development count
 */
function installNeeded(root, withDev) {
  const lockText = read(root, 'package-lock.json');
  if (lockText === undefined) return read(root, 'node_modules/.package-lock.json') === undefined;
  const installedText = read(root, 'node_modules/.package-lock.json');
  // npm writes this file last: without it an install was never finished.
  if (installedText === undefined) return true;
  const wantedStamp = hash([lockText, installedText, String(withDev)]);
  if (read(root, INSTALL_STAMP) === wantedStamp) return false;

  const installed = JSON.parse(installedText).packages;
  const differs = Object.entries(JSON.parse(lockText).packages).some(([name, wanted]) => {
    if (name === '' || wanted.link || (wanted.dev && !withDev)) return false;
    const found = installed[name];
    // Optional ones are left out by npm itself on other platforms.
    if (!found) return !(wanted.optional || wanted.devOptional);
    return found.version !== wanted.version || found.integrity !== wanted.integrity;
  });
  if (!differs) remember(root, INSTALL_STAMP, wantedStamp);
  return differs;
}

/**
 * The mark of what `dist` would be built from now; undefined when there are no sources.
 * @param {string} root
 */
function sourceMark(root) {
  if (!fs.existsSync(path.join(root, 'tsconfig.build.json'))) return undefined;
  const files = SOURCE_FOLDERS.flatMap((folder) => typescriptFiles(root, folder)).sort();
  return hash([...SOURCE_FILES, ...files].flatMap((name) => [name, read(root, name) ?? '']));
}

/** @param {string} root */
function buildNeeded(root) {
  const mark = sourceMark(root);
  if (mark === undefined) return false;
  return read(root, BUILD_STAMP) !== mark || !fs.existsSync(path.join(root, 'dist/workflow-bundle.js'));
}

/**
 * Installs and builds what is missing; throws an Error whose message says what failed.
 * @param {{ root: string, build?: boolean, say?: (text: string) => void }} options
 */
function ready({ root, build = true, say = (text) => void process.stderr.write(text) }) {
  const withDev = sourceMark(root) !== undefined;
  if (!installNeeded(root, withDev) && !(build && buildNeeded(root))) return;
  withReadyLock(
    root,
    () => {
      if (installNeeded(root, withDev)) {
        // No package that Deskbridge needs must run a script of its own to work.
        const flags = ['ci', withDev ? '--include=dev' : '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
        step('Installing packages', say, () => npm(root, flags));
      }
      if (!build || !buildNeeded(root)) return;
      const mark = sourceMark(root);
      fs.rmSync(path.join(root, BUILD_STAMP), { force: true });
      step('Compiling', say, () => node(root, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']));
      step('Bundling workflows', say, () => node(root, ['scripts/build-workflows.js']));
      fs.writeFileSync(path.join(root, BUILD_STAMP), mark);
    },
    say,
  );
}

/**
 * @param {string} what
 * @param {(text: string) => void} say
 * @param {() => void} work
 */
function step(what, say, work) {
  const startedAt = Date.now();
  say(`${what} … `);
  try {
    work();
  } catch (error) {
    say('failed\n');
    throw new Error(`${what} failed:\n${error.message}`);
  }
  say(`done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/** npm's own script is run by Node where npm started us: no shell, so no trouble with blanks in paths. */
function npm(root, args) {
  const cli = process.env.npm_execpath;
  if (cli && /\bnpm-cli\.c?js$/.test(cli)) run(root, process.execPath, [cli, ...args]);
  else if (process.platform === 'win32') run(root, 'npm.cmd', args, { shell: true });
  else run(root, 'npm', args);
}

function node(root, args) {
  run(root, process.execPath, args);
}

/** Runs quietly; what was written is shown only when it fails. */
function run(root, program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(`${result.stdout}${result.stderr}`.trim() || `it ended with ${result.signal ?? result.status}`);
  }
}

function read(root, name) {
  try {
    return fs.readFileSync(path.join(root, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** Saves time only, so a copy that cannot be written to (a container image) goes without. */
function remember(root, name, text) {
  try {
    fs.writeFileSync(path.join(root, name), text);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}

function hash(parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(`${Buffer.byteLength(part)}:`).update(part);
  return sum.digest('hex');
}

function typescriptFiles(root, folder) {
  const start = path.join(root, folder);
  if (!fs.existsSync(start)) return [];
  return fs
    .readdirSync(start, { recursive: true })
    .map((name) => path.posix.join(folder, ...String(name).split(path.sep)))
    .filter((name) => /\.(ts|json)$/.test(name));
}

module.exports = { nodeProblem, installNeeded, buildNeeded, ready };

if (require.main === module) {
  try {
    const problem = nodeProblem(process.versions.node);
    if (problem) throw new Error(problem);
    ready({ root: path.resolve(__dirname, '..'), build: !process.argv.includes('--no-build') });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
