/**
 * Sends contact events again that ended as rejected or conflict. Promise: goes on after any stop; each event is handed to
 * its contact's run, which tells repeats.
 */
import { ApplicationFailure, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ContactReplayInput, ReplayCounts } from '../src/contract/contact';
import { addCounts, NO_REPLAYS } from '../src/domain/contacts/replay';
import { goOnAsNew } from './go-on';
import { sweptEngine } from './proxies';

export async function contactReplay(input?: Partial<ContactReplayInput>): Promise<ReplayCounts> {
  const { outcomes, since = null, until, carried } = input ?? {};
  if (!Array.isArray(outcomes) || typeof until !== 'string') {
    throw ApplicationFailure.nonRetryable('Begin it with: deskbridge contacts replay --yes', 'NoReplay');
  }
  const asked: ContactReplayInput = { outcomes, since, until };
  let { cursor, counts } = carried ?? { cursor: '', counts: NO_REPLAYS };
  for (;;) {
    setCurrentDetails(`**${counts.events}** events of **${counts.contacts}** contacts are sent again so far`);
    const page = await sweptEngine.replayContactPage({ input: asked, cursor });
    counts = addCounts(counts, page.counts);
    if (page.cursor === null) break;
    cursor = page.cursor;
    if (workflowInfo().continueAsNewSuggested) await goOnAsNew({ ...asked, carried: { cursor, counts } });
  }
  setCurrentDetails(`**${counts.events}** events of **${counts.contacts}** contacts are sent again`);
  return counts;
}
