/** What a process counts, for Prometheus. Promise: no label holds personal data; one registry per service, none global. */
import { Counter, Registry } from 'prom-client';
import type { ContactOutcome, DropReason } from './contract/contact';
import type { SweepRepair } from './contract/reconcile';

export interface Metrics {
  registry: Registry;
  /** `reason` is empty unless the event was dropped. */
  event(result: 'accepted' | 'dropped' | 'invalid', reason?: DropReason): void;
  contactOutcome(outcome: ContactOutcome, times: number): void;
  sweepRepair(what: SweepRepair, times: number): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const events = new Counter({
    name: 'deskbridge_events_total',
    help: 'Events received, by what the gates said; reason of those that were dropped',
    labelNames: ['result', 'reason'],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: 'deskbridge_contact_outcomes_total',
    help: 'How accepted contact events ended; one whose workflow task is repeated may count twice, the runs themselves are exact',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const repairs = new Counter({
    name: 'deskbridge_sweep_repairs_total',
    help: 'What reconcile found that no webhook told, by what it was',
    labelNames: ['what'],
    registers: [registry],
  });
  return {
    registry,
    event: (result, reason) => events.inc({ result, reason: reason ?? '' }),
    contactOutcome: (outcome, times) => outcomes.inc({ outcome }, times),
    sweepRepair: (what, times) => repairs.inc({ what }, times),
  };
}
