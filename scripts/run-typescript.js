/**
 * `node scripts/run-typescript.js FILE …`: makes this copy ready, then calls `main` of a TypeScript file that is compiled
 * as it is read. Works on a fresh clone.
 */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { nodeProblem, ready } = require('./ready');

try {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Error(problem);
  ready({ root: path.resolve(__dirname, '..') });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

// Not at the top: on a fresh clone it has only just been installed.
const { transformSync } = require('@swc/core');
// As the tests are compiled (jest.config.js).
const options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
process.setSourceMapsEnabled(true);
Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...options, filename });
  module._compile(code, filename);
};
const [file] = process.argv.splice(2, 1);
void require(path.resolve(file)).main();
