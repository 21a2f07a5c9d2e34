/** One worker for all, with the SDK's own defaults, but no more runs in memory than ours has: replaying has its price. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { CACHED_RUNS } from '../../src/temporal/worker';
import { createActivities, type Upstreams } from './activities';

export async function main(): Promise<void> {
  const [, , address = '', dataDir = ''] = process.argv;
  const json = (name: string): unknown => JSON.parse(readFileSync(join(dataDir, name), 'utf8'));
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: 'floor',
    maxCachedWorkflows: CACHED_RUNS,
    workflowsPath: join(__dirname, 'workflows.ts'),
    activities: createActivities({
      ...(json('sandbox.json') as object),
      ...(json('secrets.json') as object),
    } as Upstreams),
  });
  const ended = worker.run();
  process.stdout.write('The floor works\n');
  await ended;
}
