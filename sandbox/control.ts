import type { SandboxClock } from './clock';
import { fieldNationControl } from './control-field-nation';
import { freshdeskControl } from './control-freshdesk';
import type { SandboxControl } from './control-types';
import type { DeliveryQueue } from './deliveries';
import type { Faults } from './faults';
import type { FieldNationWorld } from './field-nation/world';
import type { FreshdeskWorld } from './freshdesk/world';
import type { RequestHistory } from './history';
import { defaultKnobs, turnKnobs } from './knobs';
import type { Knobs } from './knobs';
import type { Store } from './store';

export interface ControlParts {
  store: Store;
  clock: SandboxClock;
  knobs: Knobs;
  faults: Faults;
  history: RequestHistory;
  deliveries: DeliveryQueue;
  freshdesk: FreshdeskWorld;
  fieldNation: FieldNationWorld;
  /** Root of attachment links. */
  freshdeskRoot: () => string;
}

/** Joins both halves and what concerns the sandbox as a whole. */
export function createControl(parts: ControlParts): SandboxControl {
  const { clock, deliveries, faults, history, knobs, store } = parts;
  return {
    ...freshdeskControl(parts.freshdesk, store, parts.freshdeskRoot),
    ...fieldNationControl(parts.fieldNation, store),
    holdWebhooks: (system = 'field-nation') => store.batch(() => deliveries.hold(system)),
    releaseWebhooks: (order = 'created', system = 'field-nation') =>
      store.batch(() => deliveries.release(system, order)),
    deliveries: () => structuredClone(deliveries.list()),
    idle: (options) => deliveries.idle(options),
    knobs: () => structuredClone(knobs),
    setKnobs: (patch) => {
      turnKnobs(knobs, patch);
      return structuredClone(knobs);
    },
    resetKnobs: () => {
      turnKnobs(knobs, defaultKnobs());
      return structuredClone(knobs);
    },
    addFault: (fault) => faults.add(fault),
    faults: () => faults.list(),
    clearFaults: (id) => faults.clear(id),
    history: () => history.list(),
    calls: () => history.counts(),
    clearHistory: () => history.clear(),
    advanceClock: (ms) => clock.advance(ms),
  };
}
