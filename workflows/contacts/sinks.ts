/** What workers count; not called again when a run is replayed. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { ContactOutcome } from '../../src/contract/contact';

export interface ContactSinks extends Sinks {
  contacts: { outcome(outcome: ContactOutcome, times: number): void };
}

const { contacts } = proxySinks<ContactSinks>();

export const counted = {
  outcome: (outcome: ContactOutcome, times: number): void => contacts.outcome(outcome, times),
};
