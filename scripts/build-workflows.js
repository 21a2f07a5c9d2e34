/** Bundles the compiled workflows into `dist/workflow-bundle.js`, so that a worker starts without a bundler. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const dist = path.resolve(__dirname, '../dist');

async function main() {
  const { bundleWorkflows } = require(path.join(dist, 'src/temporal/workflow-bundle.js'));
  const target = path.join(dist, 'workflow-bundle.js');
  fs.writeFileSync(`${target}.new`, await bundleWorkflows());
  fs.renameSync(`${target}.new`, target);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
