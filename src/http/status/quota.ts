/** What is known of the quotas: the newest answer of Freshdesk tells, Field Nation never does. */
import type { QuotaLeft } from '../../contract/alerts';

export interface Quota {
  /** Null while no answer came to this process: the workers may run elsewhere. */
  freshdesk: () => QuotaLeft | null;
  /** The settings. */
  callsPerMinute: { freshdesk: number; fieldNation: number };
}
