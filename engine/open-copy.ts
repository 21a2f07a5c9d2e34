/**
 * Asks a Temporal server what a database holds. Promise: it works on a copy that is thrown away, since a server that opens a
 * database also goes on with it.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE, WAL, type Backup } from './backup-file';
import { withEngineConnection } from './engine-connection';
import { LOOPBACK, onFreePorts, portOrFree } from './free-port';
import { signalAtOurEnd } from './helper-process';
import { endProcess } from './process-state';
import { serverLogTail } from './server-log';
import { spawnServer } from './server-process';

/** Recovering a large database on a busy machine takes long. */
const OPENS_WITHIN_MS = 120_000;
const STOP_GRACE_MS = 10_000;

/** On file systems that can, a copy takes no time and no room. */
export const copyQuickly = (from: string, to: string): Promise<void> => copyFile(from, to, constants.COPYFILE_FICLONE);

const OPEN = "ExecutionStatus = 'Running'";

/** Opens a copy of the folder's database. @throws Error when the server cannot: the database is damaged */
export async function openRunsOf(folder: string, program: string, namespace: string): Promise<Backup['open']> {
  const copy = await mkdtemp(join(folder, 'check-'));
  try {
    for (const name of [DATABASE, WAL]) {
      await copyQuickly(join(folder, name), join(copy, name)).catch((error: NodeJS.ErrnoException) => {
        if (name === DATABASE || error.code !== 'ENOENT') throw error;
      });
    }
    return await onFreePorts(() => countOpen(copy, program, namespace));
  } finally {
    await rm(copy, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function countOpen(copy: string, program: string, namespace: string): Promise<Backup['open']> {
  const grpcPort = await portOrFree(0);
  const api = { port: await portOrFree(0), host: `${randomBytes(24).toString('hex')}.invalid` };
  const server = await spawnServer({ program, dataDir: copy, env: process.env, namespace, grpcPort, api });
  const callOff = signalAtOurEnd(server.pid, 'KILL');
  try {
    const ended = server.ended.then(async (how): Promise<never> => {
      throw new Error(`The Temporal server cannot open the database (${how}):\n${await serverLogTail(copy)}`);
    });
    return await withEngineConnection(
      `${LOOPBACK}:${grpcPort}`,
      OPENS_WITHIN_MS,
      async ({ workflowService }) => {
        const count = async (query: string): Promise<number> =>
          Number((await workflowService.countWorkflowExecutions({ namespace, query })).count);
        return { runs: await count(OPEN), dispatches: await count(`${OPEN} AND WorkflowType = 'ticketDispatch'`) };
      },
      ended,
    );
  } finally {
    server.ended.catch(() => undefined);
    await endProcess(server.pid, STOP_GRACE_MS);
    callOff();
  }
}
