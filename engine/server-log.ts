/** The embedded server's log file: bounded at each start, its end shown when the server fails. */
import { open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const ROTATE_AT_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 4096;
const TAIL_LINES = 10;

export const serverLogPath = (dataDir: string) => join(dataDir, 'temporal.log');

/** Opens the log for appending; one that has grown over 10 MB becomes `temporal.log.1` first. */
export async function openServerLog(dataDir: string): Promise<FileHandle> {
  const path = serverLogPath(dataDir);
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size > ROTATE_AT_BYTES) await rename(path, `${path}.1`);
  return open(path, 'a', 0o600);
}

/** The last lines of the log, for an error message. */
export async function serverLogTail(dataDir: string): Promise<string> {
  const file = await open(serverLogPath(dataDir), 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(TAIL_BYTES), position: start });
    const lines = buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n');
    return lines.slice(-TAIL_LINES).join('\n');
  } finally {
    await file.close();
  }
}
