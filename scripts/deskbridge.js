#!/usr/bin/env node
/** The `deskbridge` program: makes sure that everything is installed and built, then runs the command line. */
'use strict';
const path = require('node:path');
const { nodeProblem, ready } = require('./ready');

/** As for wrong settings. */
const NOT_READY = 2;

try {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Error(problem);
  ready({ root: path.resolve(__dirname, '..') });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(NOT_READY);
}
require('../dist/src/cli/main.js');
