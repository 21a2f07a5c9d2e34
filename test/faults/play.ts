/** What every run from a shell does: it shows how far it is, ends in order when it is stopped, and says how it went. */
import { createProgress } from '../../bench/progress';

export type Tell = (phase: string, done: number, total: number) => void;

/** Prints what `work` gives. Exit code 1 when that is not sound, or it failed. */
export async function play(
  seed: number,
  work: (tell: Tell, stopped: Promise<never>) => Promise<{ text: string; isSound: boolean }>,
): Promise<void> {
  let phase = '';
  let progress: ReturnType<typeof createProgress> | undefined;
  const tell: Tell = (name, done, total) => {
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
  process.stderr.write(`Seed ${seed}\n`);
  try {
    const { text, isSound } = await work(tell, stopped);
    progress?.end();
    process.stdout.write(`${text}\n`);
    process.exitCode = isSound ? 0 : 1;
  } catch (error) {
    progress?.end();
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    // All is removed; what the run still has in mind must not keep anybody waiting.
    process.exit(1);
  }
}
