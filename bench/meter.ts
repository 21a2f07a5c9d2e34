/** Follows the processes of a phase: processor time from begin to end, memory once a second. */
import type { Figures } from './record';
import { usageOf, type Usage } from './usage';

const SAMPLE_MS = 1_000;

/** The bench itself: shown, so that nobody takes its limit for the service's. */
const GENERATOR = 'bench';

export interface Meter {
  stop(): void;
  /** Figures of each process, processor time divided by `units`. */
  read(units: number, cpuIn: 'ms' | 'us'): { total: Figures; processes: Record<string, Figures> };
}

export function startMeter(processes: Record<string, number>): Meter {
  const samples = Object.entries({ ...processes, [GENERATOR]: process.pid }).map(([name, pid]) => ({
    name,
    pid,
    uses: [usageOf(pid)],
  }));
  const look = (): void => {
    for (const { pid, uses } of samples) uses.push(usageOf(pid));
  };
  // Of a phase that fails nobody reads the figures, nor ends this.
  const timer = setInterval(look, SAMPLE_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      look();
    },
    read(units, cpuIn) {
      const cpuMs = (uses: (Usage | null)[]): number => (uses.at(-1)?.cpuMs ?? NaN) - (uses[0]?.cpuMs ?? NaN);
      const each = (ms: number): Figures =>
        cpuIn === 'us' ? { cpuUsEach: known((ms * 1000) / units) } : { cpuMsEach: known(ms / units) };
      const service = samples.filter(({ name }) => name !== GENERATOR);
      return {
        total: each(service.reduce((sum, { uses }) => sum + cpuMs(uses), 0)),
        processes: Object.fromEntries(
          samples.map(({ name, uses }) => [name, { ...each(cpuMs(uses)), ...memory(uses) }]),
        ),
      };
    },
  };
}

/** Begin, middle and end show whether it levels off. */
function memory(uses: (Usage | null)[]): Figures {
  const resident = uses.flatMap((use) => use?.residentMb ?? []);
  return {
    rssMbBegin: resident[0] ?? null,
    rssMbMiddle: resident[Math.floor(resident.length / 2)] ?? null,
    rssMbEnd: resident.at(-1) ?? null,
    rssMbMost: resident.length === 0 ? null : Math.max(...resident),
  };
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
