/** Starts the one Temporal server that all tests of the project "server" share; they find it by `TEST_TEMPORAL_ADDRESS`. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedEngine } from '../../src/temporal/engine';
import { sharedEngine } from './shared-engine';

async function globalSetup(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-tests-'));
  // Named namespaces and files of the caller's shell are not ours to test in.
  const { TEMPORAL_NAMESPACE: _, ...env } = process.env;
  const engine = await startEmbeddedEngine({
    dataDir,
    env,
    report: (line) => process.stderr.write(`${line}\n`),
    ports: { grpc: 0 },
    headless: true,
  });
  process.env.TEST_TEMPORAL_ADDRESS = engine.address;
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

export default globalSetup;
