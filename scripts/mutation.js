/**
 * Mutation testing: Stryker changes the rules in src/domain and src/contract, one place at a time, and the fast tests must
 * notice. `npm run mutation`, or `npm run mutation -- src/domain/pay.ts src/domain/mapping` for some files or folders.
 * Stryker comes from the npm registry when it is asked, into a folder of its own beside what it found last time: only what
 * changed since is tried again. Ends with 1 below 85 %. What only runs while a file is loaded (tables, mostly) is not
 * changed: it would need all files loaded anew.
 */
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, statSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');

/** The last line of Stryker that runs on Node 20. */
const STRYKER = '9.6.1';
const TOOLS = [`@stryker-mutator/core@${STRYKER}`, `@stryker-mutator/mocha-runner@${STRYKER}`, 'mocha@11.8.0'];
const LEAST_KILLED = 85;
/** The tests of rules. The first that notices ends a mutant's turn, so whole lives come last. */
const TESTS = [
  'test/{dispatch,contacts,conversation,mapping,reconcile,text,account,bulk}/!(lives).unit.test.ts',
  'test/operators/{timeline-words,visit-facts,bulk-patience}.unit.test.ts',
  'test/upstreams/{failures,view-ticket}.unit.test.ts',
  'test/edge/{event-owner,test-webhook}.unit.test.ts',
  'test/{dispatch/lives,simulation/simulation}.unit.test.ts',
];
/** They ask other files for the same with thousands of random inputs. */
const LEFT_OUT = ['test/contacts/{attack,identity,properties}.unit.test.ts'];

const root = resolve(__dirname, '..');
const folder = join(tmpdir(), `deskbridge-mutation-${STRYKER}`);
const program = join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** @param {string} path a file, or a folder with all that is in it */
const filesOf = (path) => (statSync(join(root, path)).isDirectory() ? `${path}/**/*.ts` : path);

function install() {
  if (existsSync(program)) return;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...TOOLS];
  execFileSync(npm, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function main(paths) {
  install();
  const config = join(folder, 'stryker.json');
  writeFileSync(
    config,
    JSON.stringify({
      mutate: paths.map(filesOf),
      testRunner: 'mocha',
      plugins: [join(folder, 'node_modules/@stryker-mutator/mocha-runner/dist/src/index.js')],
      mochaOptions: { require: [join(root, 'scripts/jest-for-mocha.js')], spec: TESTS, ignore: LEFT_OUT },
      coverageAnalysis: 'perTest',
      ignoreStatic: true,
      concurrency: 2,
      // Loops end by the count of what they pass; a busy machine must not look like one.
      timeoutMS: 15_000,
      incremental: true,
      incrementalFile: join(folder, 'incremental.json'),
      tempDirName: join(folder, 'copy'),
      ignorePatterns: ['/dist', '/test/replay/histories'],
      // The copy needs none: swc reads no configuration.
      tsconfigFile: 'none',
      reporters: ['clear-text', 'json', 'progress-append-only'],
      clearTextReporter: { reportTests: false, allowColor: false },
      jsonReporter: { fileName: join(folder, 'mutation.json') },
      thresholds: { high: LEAST_KILLED, low: LEAST_KILLED, break: LEAST_KILLED },
    }),
  );
  const { status } = spawnSync(process.execPath, [program, 'run', config], {
    cwd: root,
    env: { ...process.env, MUTATION_FOLDER: join(folder, 'package.json') },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

main(process.argv.length > 2 ? process.argv.slice(2) : ['src/domain', 'src/contract']);
