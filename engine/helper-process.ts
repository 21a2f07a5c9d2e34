/** Does to a process, when this one has ended in whatever way, what this one can no longer do itself. */
import { spawn } from 'node:child_process';

/** Sends the signal to `pid` as soon as this process has ended, killed or not; gives the function that calls it off. @throws Error */
export function signalAtOurEnd(pid: number, signal: 'CONT' | 'KILL'): () => void {
  // The pipe closes with us. `read` gets a line only from the one who calls it off.
  const script = `read -r line && exit; kill -s ${signal} ${pid}`;
  const guard = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.on('error', () => undefined);
  if (guard.pid === undefined) throw new Error('/bin/sh cannot be run.');
  guard.unref();
  guard.stdin.on('error', () => undefined);
  (guard.stdin as unknown as { unref?: () => void }).unref?.();
  return () => void guard.stdin.end('off\n');
}
