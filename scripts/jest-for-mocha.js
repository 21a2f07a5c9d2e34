/**
 * Lets mocha run tests that are written for jest: Stryker has mocha load them once and run them for every mutant, where jest
 * would load each file anew. Read by mocha in the copy of the checkout that Stryker makes (scripts/mutation.js).
 */
'use strict';
const { createRequire } = require('node:module');
const { relative } = require('node:path');
const { readTypeScript } = require('./read-typescript');
// Both come with jest.
const { expect } = require('expect');
const { bind } = require('jest-each');

const ofMocha = createRequire(process.env.MUTATION_FOLDER);
const Mocha = ofMocha('mocha');
const commonOf = ofMocha('mocha/lib/interfaces/common');
const MOST_RUNS = 20;
/** Big inputs, for what takes too long or holds too much: they need seconds each, and tell nothing more of a rule. */
const LEFT_OUT =
  /^(of many "|says how many lives|sends 10,000 |what is remembered is bounded|a million |a second with more |a year of |large (table|picture)|survives 20 000 )|still fits the code/;

readTypeScript();
boundProperties();
Mocha.interfaces.bdd = (root) => {
  root.afterAll(forgetLoads);
  root.on('pre-require', (context, file, mocha) => {
    // A suite of its own for each file, as with jest: its hooks are no other file's.
    const suites = [Mocha.Suite.create(root, relative(process.cwd(), file))];
    const { suite, before, after, beforeEach, afterEach } = commonOf(suites, context, mocha);
    const describe = (title, fn) => suite.create({ title, file, fn });
    const it = (title, fn) => {
      if (LEFT_OUT.test(title)) return;
      const test = new Mocha.Test(title, fn);
      test.file = file;
      suites[0].addTest(test);
    };
    describe.each = bind(describe, false);
    it.each = bind(it, false);
    const hooks = { beforeAll: before, afterAll: after, beforeEach, afterEach };
    Object.assign(context, { expect, describe, it, test: it, ...hooks });
  });
};

/** What runs in a test, too, is tried there. Stryker would load all files anew for each that ran at loading as well. */
function forgetLoads() {
  const { static: loads = {}, perTest = {} } = globalThis.__stryker__.mutantCoverage ?? {};
  for (const hits of Object.values(perTest)) for (const mutant of Object.keys(hits)) delete loads[mutant];
}

/** The same few examples for every mutant, and no time spent on making the one that fails smaller. */
function boundProperties() {
  const found = require.resolve('fast-check');
  const fc = require(found);
  const assert = (property, given) =>
    fc.assert(property, {
      ...given,
      numRuns: Math.min(given?.numRuns ?? MOST_RUNS, MOST_RUNS),
      seed: 1,
      endOnFailure: true,
    });
  require.cache[found].exports = { __esModule: true, default: { ...fc, assert } };
}
