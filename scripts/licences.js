/**
 * Licences of everything that is installed to run Deskbridge: permissive ones only, so that whoever ships it need not ask
 * a lawyer. Reads the lock file, and what is installed where the lock file says nothing. Exit code 1 names each offender.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const PERMISSIVE = new Set([
  ...[
    'MIT',
    'MIT-0',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'ISC',
    'BlueOak-1.0.0',
    'Unlicense',
    'CC0-1.0',
  ],
  // Of data, not code: asks for a mention only.
  'CC-BY-4.0',
]);

/** Packages that name no licence in their description; looked up in the files that they ship. */
const FOUND_BY_HAND = { unionfs: 'Unlicense' };

/**
 * Whether an SPDX expression leaves a choice that is permissive throughout.
 * @param {string} expression
 */
function isPermissive(expression) {
  const flat = expression.replace(/[()]/g, ' ').trim();
  // Brackets within a choice are too rare to be worth a parser: then every licence must do.
  const mustAll = /\bAND\b/.test(flat) && /\bOR\b/.test(flat);
  if (mustAll) return flat.split(/\s+(?:AND|OR)\s+/).every((name) => PERMISSIVE.has(name.trim()));
  return flat.split(/\s+OR\s+/).some((all) => all.split(/\s+AND\s+/).every((name) => PERMISSIVE.has(name.trim())));
}

/**
 * The licence of each package of the lock file.
 * @param {string} root
 * @param {Record<string, any>} packages of the lock file
 * @returns {(key: string) => string}
 */
function licencesIn(root, packages) {
  const described = (key) => {
    try {
      const { license, licenses } = JSON.parse(fs.readFileSync(path.join(root, key, 'package.json'), 'utf8'));
      return license?.type ?? license ?? licenses?.map(({ type }) => type).join(' OR ');
    } catch {
      return undefined;
    }
  };
  /** Of a binary for another platform, which is not installed here, the package that it belongs to. */
  const ownerOf = (key) =>
    Object.values(packages).find(({ optionalDependencies }) => optionalDependencies?.[nameOf(key)] !== undefined);
  return (key) => {
    const { license, optional } = packages[key];
    const stated = license ?? described(key) ?? FOUND_BY_HAND[nameOf(key)];
    return String(stated ?? (optional && ownerOf(key)?.license) ?? 'none stated');
  };
}

const nameOf = (key) => key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * The run-time packages with a licence that is unknown or not permissive, as `name version: licence`.
 * @param {string} root
 * @returns {string[]}
 */
function offenders(root) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const licenceOf = licencesIn(root, packages);
  return Object.entries(packages)
    .filter(([key, entry]) => key !== '' && !entry.dev && !entry.link && !isPermissive(licenceOf(key)))
    .map(([key, { version }]) => `${nameOf(key)} ${version}: ${licenceOf(key)}`);
}

module.exports = { isPermissive, licencesIn, offenders };

if (require.main === module) {
  const found = offenders(path.resolve(__dirname, '..'));
  if (found.length > 0) process.stdout.write(`Not permissive:\n${found.map((line) => `  ${line}\n`).join('')}`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
