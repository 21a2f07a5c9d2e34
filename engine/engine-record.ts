/** What a data dir remembers of its engine: `engine.json` while one runs, `engine-version.json` for as long as the data lives. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const engineRecord = z.object({
  pid: z.number().int().positive(),
  /** The processes that use the server; the last one that stops ends it. */
  users: z.array(z.number().int().positive()).default([]),
  address: z.string(),
  namespace: z.string(),
  /** The `temporal` program that runs. */
  program: z.string(),
  /** Its HTTP API, and the host name that it answers. */
  api: z.object({ port: z.number(), host: z.string() }),
  /** Set before the server is told to end: it may still answer, but must not be adopted. */
  ending: z.boolean().default(false),
});

export type EngineRecord = z.infer<typeof engineRecord>;

const recordPath = (dataDir: string) => join(dataDir, 'engine.json');
const versionPath = (dataDir: string) => join(dataDir, 'engine-version.json');
/** There while a restore exchanges files: half of them may be the old ones. */
export const restoringPath = (dataDir: string) => join(dataDir, 'restoring.json');
export const databasePath = (dataDir: string) => join(dataDir, 'temporal.db');

/** The recorded engine; undefined when there is none or the record cannot be read. */
export function readEngineRecord(dataDir: string): EngineRecord | undefined {
  try {
    return engineRecord.parse(JSON.parse(readFileSync(recordPath(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

export async function writeEngineRecord(dataDir: string, record: EngineRecord): Promise<void> {
  const draft = `${recordPath(dataDir)}.${process.pid}`;
  await writeFile(draft, JSON.stringify(record, null, 2));
  await rename(draft, recordPath(dataDir));
}

/** Synchronous, since it must also work while the process exits. */
export function markEnding(dataDir: string, pid: number): void {
  const record = readEngineRecord(dataDir);
  if (record?.pid === pid) writeFileSync(recordPath(dataDir), JSON.stringify({ ...record, ending: true }, null, 2));
}

/** Forgets the engine, unless another one has been recorded meanwhile. */
export function removeEngineRecord(dataDir: string, pid: number): void {
  if (readEngineRecord(dataDir)?.pid === pid) rmSync(recordPath(dataDir), { force: true });
}

/** Thrown when the data was written by another version of the server; the message says how to move. */
export class EngineVersionError extends Error {
  override name = 'EngineVersionError';
}

/** The version of the server that wrote the data; undefined when none has. */
export const recordedServer = (dataDir: string): Promise<string | undefined> =>
  readFile(versionPath(dataDir), 'utf8').then(
    (text) => z.object({ server: z.string() }).parse(JSON.parse(text)).server,
    () => undefined,
  );

/** Refuses data of another server version (the SQLite files have no migrations), and records the version of new data. */
export async function checkDataVersion(dataDir: string, program: string, server: string): Promise<void> {
  const recorded = await recordedServer(dataDir);
  if (recorded === server) return;
  if (recorded !== undefined && existsSync(databasePath(dataDir))) {
    throw new EngineVersionError(
      [
        `The data in ${dataDir} was written by Temporal Server ${recorded}, but ${program} is Server ${server},`,
        'and the embedded database cannot be carried over to another version. Choose one:',
        `  - go on with this data: set TEMPORAL_CLI_PATH to a temporal program of Server ${recorded}`,
        `  - begin anew: when no dispatch is open any more, move ${databasePath(dataDir)}* away and start again`,
        '  - use a Temporal cluster, which can be upgraded: set TEMPORAL_ADDRESS, and end the open dispatches with the old version',
      ].join('\n'),
    );
  }
  await writeFile(versionPath(dataDir), JSON.stringify({ server }, null, 2));
}
