/** The bench: each phase on a service started for it alone, its figures printed, everything removed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { openDesk, ROOT, type Desk } from './desk';
import { startMeter, type Meter } from './meter';
import { readOptions, type Options } from './options';
import type { Outcome, Phase } from './phases/phase';
import { createProgress } from './progress';
import { lineOf, readRecords, save, type PhaseRecord } from './record';
import { headingOf, tablesOf } from './tables';

export async function main(): Promise<void> {
  const options = readOptions(process.argv);
  const before = options.compare ? readRecords(options.compare) : new Map<string, PhaseRecord>();
  const stopped = stopSignal();
  for (const phase of options.phases) {
    try {
      const record = await runPhase(phase, options, stopped);
      if (options.save) save(options.save, record);
      if (options.json) process.stdout.write(lineOf(record));
      else process.stdout.write(`${headingOf(record, phase.what)}\n${tablesOf(record, before.get(phase.name))}\n`);
    } catch (error) {
      // All is removed; what the phase still has in mind must not keep anybody waiting.
      if (error instanceof Stopped) process.exit(1);
      process.exitCode = 1;
      process.stderr.write(`${phase.name} failed: ${(error as Error).stack ?? String(error)}\n`);
    }
  }
}

class Stopped extends Error {}

/** Rejects at the first Ctrl-C; the phase is then ended in order, which takes a few seconds. */
function stopSignal(): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => reject(new Stopped(signal)));
  });
  stopped.catch(() => process.stderr.write('\nEnding the processes of the bench.\n'));
  return stopped;
}

async function runPhase(phase: Phase, options: Options, stopped: Promise<never>): Promise<PhaseRecord> {
  const holder = openDesk({ dir: options.dir, config: phase.config });
  const progress = createProgress(phase.name);
  try {
    const work = async (): Promise<PhaseRecord> => {
      const loadBefore = loadavg()[0] ?? 0;
      const desk = await holder.start();
      if (options.latencyMs > 0) await desk.sandbox.slowDown(options.latencyMs);
      const measured = await Promise.race([measurePhase(phase, options, desk, progress.update), desk.failed]);
      return { ...measured, machine: { ...machine(), loadBefore } };
    };
    return await Promise.race([work(), stopped]);
  } finally {
    progress.end();
    await holder.remove();
  }
}

async function measurePhase(
  phase: Phase,
  options: Options,
  desk: Desk,
  progress: (done: number, total: number) => void,
): Promise<Omit<PhaseRecord, 'machine'>> {
  const { n, perRequest, parallel, latencyMs } = options;
  const at = new Date().toISOString();
  const bytesBefore = desk.databaseBytes();
  let meter: Meter | undefined;
  let seconds = 0;
  const measure = async <T>(work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    meter = startMeter(desk.processes);
    const result = await work();
    seconds = (performance.now() - begun) / 1000;
    return result;
  };
  const outcome: Outcome = await phase.run({ desk, n, perRequest, parallel, latencyMs, measure, progress });
  const { unit, units, cpuIn = 'ms', figures, answers } = outcome;
  const used = meter?.read(units, cpuIn) ?? { total: {}, processes: {} };
  // The server merges its log into the database when it ends.
  await desk.end();
  const diskKbEach = (desk.databaseBytes() - bytesBefore) / 1000 / units;
  return {
    ...{ phase: phase.name, at, seconds, versions: versions(desk.temporalVersion) },
    ...{ options: { n, perRequest, parallel, latencyMs }, unit, units },
    figures: { ...figures, diskKbEach, ...used.total },
    processes: used.processes,
    answers,
  };
}

function versions(temporal: string): PhaseRecord['versions'] {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return { deskbridge: version, commit: commit(), node: process.versions.node, temporal };
}

/** null outside a clone; a plus sign says that files differ from it. */
function commit(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}

const machine = (): Omit<PhaseRecord['machine'], 'loadBefore'> => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  platform: `${process.platform} ${process.arch}`,
});
