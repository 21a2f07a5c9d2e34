/** Bundles the compiled workflows into `dist/workflow-bundle.js`, so that a worker starts without a bundler. */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { bundleWorkflowCode, DefaultLogger } = require('@temporalio/worker');

const dist = path.resolve(__dirname, '../dist');

async function main() {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(dist, 'workflows/index.js'),
    failureConverterPath: path.join(dist, 'src/temporal/failure-converter.js'),
    workflowInterceptorModules: [path.join(dist, 'workflows/tracing.js')],
    logger: new DefaultLogger('WARN'),
  });
  const target = path.join(dist, 'workflow-bundle.js');
  fs.writeFileSync(`${target}.new`, code);
  fs.renameSync(`${target}.new`, target);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
