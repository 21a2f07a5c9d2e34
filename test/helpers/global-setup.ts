/** Starts the one Temporal server that all tests of the project "server" share; they find it by `TEST_TEMPORAL_ADDRESS`. */
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes, startEmbeddedEngine } from '../../engine';
import { bundleWorkflows } from '../../src/temporal/workflow-bundle';
import { quickFolder } from './quick-folder';
import { sharedEngine } from './shared-engine';
import { until } from './until';

const RETENTION_SECONDS = 24 * 60 * 60;

async function globalSetup({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  const folder = quickFolder();
  const dataDir = await mkdtemp(join(folder, 'deskbridge-tests-'));
  // Named namespaces and files of the caller's shell are not ours to test in.
  const { TEMPORAL_NAMESPACE: _, ...env } = process.env;
  const engine = await startEmbeddedEngine({
    dataDir,
    env,
    report: (line) => process.stderr.write(`${line}\n`),
    port: 0,
  });
  // Not before: where the Temporal program is missing, building it takes gigabytes there.
  process.env.TMPDIR = folder;
  process.env.TEST_TEMPORAL_ADDRESS = engine.address;
  process.env.TEST_WORKFLOW_BUNDLE = join(dataDir, 'workflow-bundle.js');
  // Bundled once for all test files, from the sources as they are.
  const bundled = bundleWorkflows().then((code) => writeFile(process.env.TEST_WORKFLOW_BUNDLE ?? '', code));
  await Promise.all([makeNamespaces(engine.address, maxWorkers), bundled]);
  sharedEngine.hold({ engine, dataDir });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // jest ends without its teardown then, and without the exit hook that would end the server.
    process.once(signal, () => {
      process.kill(engine.pid, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
      process.kill(process.pid, signal);
    });
  }
}

/** One namespace a jest worker: test files that run side by side must not take each other's tasks. */
async function makeNamespaces(address: string, count: number): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    for (let worker = 1; worker <= count; worker++) {
      const namespace = `test-${worker}`;
      await connection.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
      });
      await until(`namespace ${namespace}`, () =>
        registerSearchAttributes(connection, namespace).then(
          () => true,
          () => false,
        ),
      );
    }
  } finally {
    await connection.close();
  }
}

export default globalSetup;
