/** What workers count; not called again when a run is replayed. */
import { proxySinks } from '@temporalio/workflow';
import type { ContactOutcome } from '../../src/contract/contact';
import type { ContactSinks } from '../../src/contract/sinks';

const { contacts } = proxySinks<ContactSinks>();

export const counted = {
  outcome: (outcome: ContactOutcome, times: number): void => contacts.outcome(outcome, times),
};
