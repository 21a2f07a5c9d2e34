/** `npm run faults`: one run, its figures printed, everything removed. Exit code 1 when anything was lost, doubled or stuck. */
import { createProgress } from '../../bench/progress';
import { readOptions } from './options';
import { isSound, reportOf } from './report';
import { runFaults } from './run';

export async function main(): Promise<void> {
  const { json, ...options } = readOptions(process.argv);
  let phase = '';
  let progress: ReturnType<typeof createProgress> | undefined;
  const tell = (name: string, done: number, total: number): void => {
    if (name !== phase) {
      progress?.end();
      progress = createProgress((phase = name));
    }
    progress?.update(done, total);
  };
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => reject(new Error(`Stopped by ${signal}.`)));
  });
  stopped.catch(() => process.stderr.write('\nEnding the processes of the run.\n'));
  process.stderr.write(`Seed ${options.seed}\n`);
  try {
    const result = await runFaults(options, tell, stopped);
    progress?.end();
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${reportOf(result)}\n`);
    process.exitCode = isSound(result) ? 0 : 1;
  } catch (error) {
    progress?.end();
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    // All is removed; what the run still has in mind must not keep anybody waiting.
    process.exit(1);
  }
}
