/** Lint, formatting, imports, types and licences, side by side: `npm test` begins with it. Exit code 1 when any of them complains. */
'use strict';
const { spawn } = require('node:child_process');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const tool = (name, file, ...args) => ({ name, args: [path.join(root, 'node_modules', name, file), ...args] });
const CHECKS = [
  tool('eslint', 'bin/eslint.js', '.', '--max-warnings', '0'),
  tool('prettier', 'bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  tool('typescript', 'bin/tsc', '-p', '.'),
  tool(
    'dependency-cruiser',
    'bin/dependency-cruise.mjs',
    '--output-type',
    'err',
    'src',
    'sandbox',
    'engine',
    'workflows',
    'activities',
  ),
  { name: 'licences', args: [path.join(root, 'scripts/licences.js')] },
];

/** @returns {Promise<boolean>} whether the check is content; what it says is shown in one piece. */
function run({ name, args }) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('close', (code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      process.stdout.write(`${name}: ${code === 0 ? 'fine' : 'FAILED'} (${seconds} s)\n${code === 0 ? '' : said}`);
      resolve(code === 0);
    });
  });
}

void Promise.all(CHECKS.map(run)).then((results) => {
  process.exitCode = results.every(Boolean) ? 0 : 1;
});
