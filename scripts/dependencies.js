/**
 * What Deskbridge is built on, in one table: `npm run dependencies`. Ends with 1 when a direct dependency is a major behind
 * the newest one that runs on this Node, or when an advisory is open; `licences.js` judges the licences. What npm could not
 * be asked is said, and nothing is claimed for it.
 */
'use strict';
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { licencesIn } = require('./licences');

/** Held back on purpose, and why. */
const HELD = {
  typescript: 'the linters do not run on 7',
  '@types/node': 'the types of the oldest Node that is supported',
};
const COLUMNS = ['Package', 'Installed', 'Newest here', 'Licence', 'Advisories', 'Remark'];

/** Versions with the same one promise to be compatible: below 1.0 that is the minor's. */
const lineOf = (version) => /^0*(0\.\d+|\d+)/.exec(version)[1];

/**
 * @param {{ name: string, version: string, licence: string }[]} installed the direct dependencies
 * @param {Record<string, { latest: string }> | null} outdated of `npm outdated --json`; null: could not be asked
 * @param {Record<string, { severity: string }> | null} advisories of `npm audit --json`; null: could not be asked
 * @returns {{ rows: string[][], problems: string[] }} a row for each, in the order of COLUMNS
 */
function judge(installed, outdated, advisories) {
  const problems = Object.entries(advisories ?? {}).map(([name, { severity }]) => `${name}: ${severity} advisory`);
  const rows = installed.map(({ name, version, licence }) => {
    const newest = outdated === null ? '?' : (outdated[name]?.latest ?? version);
    const behind = newest !== '?' && lineOf(newest) !== lineOf(version);
    if (behind && !HELD[name]) problems.push(`${name}: ${version} is a major behind ${newest}`);
    const severity = advisories === null ? '?' : (advisories[name]?.severity ?? 'none');
    return [name, version, newest, licence, severity, behind ? (HELD[name] ?? 'behind') : ''];
  });
  return { rows, problems };
}

/** The table as Markdown. */
function table(rows) {
  const widths = COLUMNS.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What `npm … --json` says; null when it could not ask the registry. Its exit code is 1 also when it finds something. */
function ask(root, ...args) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { stdout } = spawnSync(npm, [...args, '--json'], { cwd: root, encoding: 'utf8', timeout: 180_000 });
  try {
    const said = JSON.parse(stdout || '{}');
    return said.error || said.statusCode ? null : said;
  } catch {
    return null;
  }
}

function directDependencies(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const licenceOf = licencesIn(root, packages);
  const { dependencies, devDependencies } = packages[''];
  return Object.keys({ ...dependencies, ...devDependencies })
    .sort()
    .map((name) => {
      const key = `node_modules/${name}`;
      return { name, version: packages[key].version, licence: licenceOf(key) };
    });
}

function main(root) {
  const outdated = ask(root, 'outdated');
  const advisories = ask(root, 'audit')?.vulnerabilities ?? null;
  const { rows, problems } = judge(directDependencies(root), outdated, advisories);
  console.log(`${table(rows)}\n\nNewest here: the newest version that runs on Node ${process.versions.node}.`);
  if (outdated === null) console.log('Versions: not checked, since the npm registry could not be asked.');
  if (advisories === null) console.log('Advisories: not checked, since the npm registry could not be asked.');
  for (const problem of problems) console.log(problem);
  return problems.length === 0;
}

module.exports = { judge, table };

if (require.main === module) process.exitCode = main(path.resolve(__dirname, '..')) ? 0 : 1;
