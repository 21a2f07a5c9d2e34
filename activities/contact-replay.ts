/** One page of what is sent again; the contacts' runs tell repeats by their keys, so that it is safe to repeat. */
import type { ContactReplayInput, ReplayCounts } from '../src/contract/contact';

export interface ContactReplayActivities {
  /** `cursor` empty: the first page. Its answer null: there is no further one. */
  replayContactPage(page: {
    input: ContactReplayInput;
    cursor: string;
  }): Promise<{ cursor: string | null; counts: ReplayCounts }>;
}
