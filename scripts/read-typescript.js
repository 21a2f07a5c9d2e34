/** Lets this process require TypeScript: each file is compiled as it is read, as the tests are (jest.config.js). */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const { transformSync } = require('@swc/core');

const options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

function readTypeScript() {
  process.setSourceMapsEnabled(true);
  Module._extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...options, filename });
    module._compile(code, filename);
  };
}

module.exports = { readTypeScript };
