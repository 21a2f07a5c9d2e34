/**
 * `node scripts/run-typescript.js FILE …`: makes this copy ready, then calls `main` of a TypeScript file that is compiled
 * as it is read. Works on a fresh clone.
 */
'use strict';
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

// Not at the top: on a fresh clone what it needs has only just been installed.
require('./read-typescript').readTypeScript();
const [file] = process.argv.splice(2, 1);
void require(path.resolve(file)).main();
