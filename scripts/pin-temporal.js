#!/usr/bin/env node
/**
 * Pins the SHA-256 of the Temporal program's archives, as the vendor publishes them with a release, in
 * `engine/temporal-sums.ts`. To be run where github.com can be reached, whenever `engine/versions.ts` names another version.
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const TARGET = path.join(ROOT, 'engine', 'temporal-sums.ts');
const LINE = /^([0-9a-f]{64}) [ *]temporal_cli_(.+)_(linux|darwin|windows)_(amd64|arm64)\.tar\.gz$/;

/**
 * @param {string} text the vendor's `checksums.txt`
 * @param {string} version
 * @returns {Record<string, string>}
 */
function sumsOf(text, version) {
  const sums = {};
  for (const line of text.split(/\r?\n/)) {
    const [, sum, named, platform, arch] = LINE.exec(line) ?? [];
    if (named === version) sums[`${platform}-${arch}`] = sum;
  }
  if (Object.keys(sums).length === 0) throw new Error(`The vendor's list names no archive of version ${version}.`);
  return sums;
}

/** @param {string} source the present file @param {Record<string, string>} sums */
function withSums(source, sums) {
  const lines = Object.entries(sums)
    .sort()
    .map(([name, sum]) => `  '${name}': '${sum}',\n`);
  return source.replace(/= \{[^}]*\};/, `= {\n${lines.join('')}};`);
}

async function main() {
  const versions = fs.readFileSync(path.join(ROOT, 'engine', 'versions.ts'), 'utf8');
  const [, version] = /PINNED_CLI_VERSION = '([\d.]+)'/.exec(versions) ?? [];
  const address = `https://github.com/temporalio/cli/releases/download/v${version}/checksums.txt`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
  const sums = sumsOf(await answer.text(), version);
  fs.writeFileSync(TARGET, withSums(fs.readFileSync(TARGET, 'utf8'), sums));
  process.stdout.write(`Pinned ${Object.keys(sums).join(', ')} of version ${version}.\n`);
}

module.exports = { sumsOf, withSums };
if (require.main === module) {
  main().catch((error) => {
    process.stderr.write(`${error.cause?.message ?? error.message}\n`);
    process.exitCode = 1;
  });
}
