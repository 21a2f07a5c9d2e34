/** A phase: one kind of load on a service that was started for it alone. */
import type { Desk, DeskOptions } from '../desk';
import type { Figures } from '../record';
import type { CallCount } from '../sandbox';

export interface Phase {
  name: string;
  /** In words, for the table's heading. */
  what: string;
  /** The config file that the service runs with. */
  config: string;
  /** Where the service does not run as usual. */
  desk?: Pick<DeskOptions, 'freshdeskCallsPerMinute' | 'workers'>;
  /** How the floor runs that this is compared with; `mergeWindow` in seconds. Null: there is none. */
  floor: { mergeWindow: number } | null;
  run(bench: Bench): Promise<Outcome>;
}

export interface Bench {
  desk: Desk;
  /** Events of a full phase; a phase that needs fewer takes a share of it. */
  n: number;
  perRequest: number;
  parallel: number;
  latencyMs: number;
  /** Dispatches that are open while the phase for that is measured. */
  open: number;
  /** In the phases with a quota: tickets that come alone, and minutes of lasting load. */
  lone: number;
  minutes: number;
  /** Processor time and memory are counted while this runs; what is done before is warm-up. Once a phase. */
  measure: <T>(work: () => Promise<T>) => Promise<T>;
  progress: (done: number, total: number) => void;
}

export interface Outcome {
  /** What processor time and disk are divided by, such as `contact`. */
  unit: string;
  units: number;
  /** In what processor time each unit is told; milliseconds when left out. */
  cpuIn?: 'ms' | 'us';
  figures: Figures;
  /** How often the upstreams gave which answer, such as `POST /contacts 201`. */
  answers: Record<string, number>;
}

export const answersOf = (calls: CallCount[]): Record<string, number> =>
  Object.fromEntries(calls.map(({ route, status, count }) => [`${route} ${status}`, count]));
