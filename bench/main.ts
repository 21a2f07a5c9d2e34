/** The bench: each phase on a service started for it alone, its figures printed, everything removed. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { openDesk, ROOT, WITHOUT_QUOTA, type Desk, type DeskHolder } from './desk';
import { openFloor } from './floor';
import { startMeter, type Meter } from './meter';
import { readOptions, type Options } from './options';
import type { Phase } from './phases/phase';
import { createProgress } from './progress';
import { lineOf, readRecords, save, type Measured, type PhaseRecord } from './record';
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
  const loadBefore = loadavg()[0] ?? 0;
  const floor =
    phase.floor && options.floor
      ? await runOn(openFloor({ dir: options.dir, ...phase.floor }), phase, options, stopped)
      : null;
  const ours = await runOn(openDesk({ ...options, ...phase.desk, config: phase.config }), phase, options, stopped);
  const { n, perRequest, parallel, latencyMs, open } = options;
  return {
    ...{ phase: phase.name, at: ours.at, seconds: ours.seconds, versions: versions(ours.temporalVersion) },
    machine: { ...machine(), loadBefore },
    options: { n, perRequest, parallel, latencyMs, open },
    ...{ unit: ours.unit, units: ours.units },
    ...pick(ours),
    floor: floor && { ...pick(floor), otherCalls: otherCalls(ours, floor) },
  };
}

const pick = ({ figures, processes, answers }: Measured): Measured => ({ figures, processes, answers });

/** Runs the phase on one desk, which is removed whatever happens. */
async function runOn(holder: DeskHolder, phase: Phase, options: Options, stopped: Promise<never>): Promise<Run> {
  const progress = createProgress(phase.name);
  try {
    const work = async (): Promise<Run> => {
      const desk = await holder.start();
      // The service keeps to what an account says it allows, whatever its setting.
      await desk.sandbox.limit(WITHOUT_QUOTA, 'fixed');
      if (options.latencyMs > 0) await desk.sandbox.slowDown(options.latencyMs);
      return Promise.race([measurePhase(phase, options, desk, progress.update), desk.failed]);
    };
    return await Promise.race([work(), stopped]);
  } finally {
    progress.end();
    await holder.remove();
  }
}

interface Run extends Measured {
  at: string;
  seconds: number;
  temporalVersion: string;
  unit: string;
  units: number;
}

async function measurePhase(
  phase: Phase,
  options: Options,
  desk: Desk,
  progress: (done: number, total: number) => void,
): Promise<Run> {
  const at = new Date().toISOString();
  let bytesBefore = 0;
  let meter: Meter | undefined;
  let seconds = 0;
  const measure = async <T>(work: () => Promise<T>): Promise<T> => {
    bytesBefore = desk.databaseBytes();
    const begun = performance.now();
    meter = startMeter(desk.processes);
    const result = await work();
    seconds = (performance.now() - begun) / 1000;
    meter.stop();
    return result;
  };
  const { unit, units, cpuIn = 'ms', figures, answers } = await phase.run({ ...options, desk, measure, progress });
  const used = meter?.read(units, cpuIn) ?? { total: {}, processes: {} };
  // The server merges its log into the database when it ends.
  await desk.end();
  const diskKbEach = (desk.databaseBytes() - bytesBefore) / 1000 / units;
  return {
    ...{ at, seconds, temporalVersion: desk.temporalVersion, unit, units, answers },
    figures: { ...figures, diskKbEach, ...used.total },
    processes: used.processes,
  };
}

/**
 * A floor that asks the upstreams for anything else is no measure; null when it does not. Set-up is asked for once, not
 * by each unit, and a look-up after an answer that was late on a busy machine is no habit.
 */
function otherCalls(ours: Run, floor: Run): string | null {
  const perUnit = ({ answers, units }: Run): string =>
    Object.entries(answers)
      .flatMap(([answer, count]) => (count / units >= 0.5 ? [`${Math.round(count / units)} × ${answer}`] : []))
      .sort()
      .join(', ');
  return perUnit(ours) === perUnit(floor) ? null : `${perUnit(floor)} instead of ${perUnit(ours)}`;
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
