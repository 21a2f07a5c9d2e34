/** What is known of the quotas in this process: the newest answer of Freshdesk tells, Field Nation never does. */
import type { QuotaSeen } from '../../temporal/quota-book';

export interface Quota {
  /** Null while no answer came to this process: the workers may run elsewhere. */
  freshdesk: () => QuotaSeen | null;
  /** The settings. */
  callsPerMinute: { freshdesk: number; fieldNation: number };
}
