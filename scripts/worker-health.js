/** Container health of a worker: Temporal has lately been polled from this machine. Ends with 0 when it has, else with 1. */
'use strict';
const os = require('node:os');
const { Connection } = require('@temporalio/client');
const { loadClientConnectConfig } = require('@temporalio/envconfig');

const TASK_QUEUE = 'deskbridge';
const WORKFLOW_TASKS = 1;
/** A poll that waits for work is renewed every minute. */
const LATELY_MS = 3 * 60_000;

async function main() {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5s' });
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: TASK_QUEUE },
      taskQueueType: WORKFLOW_TASKS,
    });
    const alive = pollers.some(
      ({ identity, lastAccessTime }) =>
        identity.includes(os.hostname()) && Date.now() - Number(lastAccessTime.seconds) * 1000 < LATELY_MS,
    );
    if (!alive) throw new Error(`no worker on ${os.hostname()} has polled ${TASK_QUEUE} lately`);
  } finally {
    await connection.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
