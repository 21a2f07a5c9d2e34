/** What workflows count; not called again when a run is replayed. */
import type { Sinks } from '@temporalio/workflow';
import type { ContactOutcome } from './contact';
import type { SweepRepair } from './reconcile';

export interface DispatchSinks extends Sinks {
  dispatches: { ambiguousCreate(): void; workOrderMade(secondsFromTrigger: number): void };
}

export interface ContactSinks extends Sinks {
  contacts: { outcome(outcome: ContactOutcome, times: number): void };
}

export interface SweepSinks extends Sinks {
  sweeps: { repaired(what: SweepRepair, times: number): void };
}

export interface TracingSinks extends Sinks {
  tracing: { entered(entry: Entry): void };
}

/** What entered a run: its start, or a signal. Ids as in W3C Trace Context. */
export interface Entry {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  flags: string;
}
