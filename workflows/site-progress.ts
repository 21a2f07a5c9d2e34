/**
 * `siteProgress`: one run for each parent ticket whose child tickets have visits. Promise: it alone writes to the parent,
 * so that the summary is written once however many sites end in the same second; it is looked for before it is written.
 */
import {
  ActivityFailure,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { siteNews } from '../src/contract/messages';
import { DEFAULT_SITES_POLICY } from '../src/contract/policy';
import type { SitesInput, SitesMemo, SitesMemory } from '../src/contract/sites';
import { areAllOver, emptySites, progressOf, sitesMemo, takeNews, ticketsToAsk } from '../src/domain/sites/sites';
import { sitesDetails, summaryNote } from '../src/domain/sites/words';
import { goOnAsNew } from './go-on';
import { parentTickets } from './proxies';
import { attentionOf } from './step-failure';

const DAY = 24 * 60 * 60 * 1000;

/** What a look at the parent came to. */
type Looked = 'gone' | 'open' | 'over';

export async function siteProgress(input: SitesInput): Promise<SitesMemo> {
  const { account, ticketId, policy = DEFAULT_SITES_POLICY, carried } = input;
  const memory = carried ?? emptySites();
  let received = 0;
  setHandler(
    siteNews,
    (news) => {
      received += 1;
      takeNews(memory, news);
    },
    { description: 'How the visit of a child ticket stands' },
  );
  setCurrentDetails(sitesDetails(sitesMemo(memory)));
  let shown = '';
  for (let turn = 1; ; turn++) {
    await sleep(policy.gather, { summary: 'Gather what the sites tell' });
    const taken = received;
    const looked = await lookAt(account, ticketId, memory);
    const memo = sitesMemo(memory);
    setCurrentDetails(sitesDetails(memo));
    if (JSON.stringify(memo) !== shown) upsertMemo({ sites: memo });
    shown = JSON.stringify(memo);
    const isFull = (): boolean => turn >= policy.turnsPerRun || workflowInfo().continueAsNewSuggested;
    // Sites under way tell of themselves; tickets without a visit, and refused calls, must be asked about.
    const mustAsk = memory.problem !== null || ticketsToAsk(memory).length > 0;
    const wait = looked === 'over' ? policy.grace : mustAsk ? policy.again : DAY;
    const more = looked !== 'gone' && (await condition(() => received !== taken || isFull(), wait));
    if (!more && looked !== 'open') return memo;
    if (isFull()) await goOnAsNew({ ...input, carried: memory });
  }
}

/** Reads the parent, and writes to it what is due. */
async function lookAt(account: string, ticketId: number, memory: SitesMemory): Promise<Looked> {
  memory.problem = null;
  try {
    const { children, progress, summary } = await parentTickets.readParent({ ticketId });
    if (children === null) return 'gone';
    memory.children = children;
    await askUnvisited(memory);
    const value = progressOf(memory);
    if (progress && progress.value !== value) {
      await parentTickets.writeProgress({ ticketId, field: progress.field, value }).catch(keepProblem(memory));
    }
    if (!areAllOver(memory)) return 'open';
    if (summary && memory.summaryAt === null) {
      const note = { ticketId, ...summaryNote(account, ticketId, memory), lookFirst: true };
      const { createdAt } = await parentTickets.addNote(note);
      memory.summaryAt = createdAt ?? new Date().toISOString();
    }
    return 'over';
  } catch (error) {
    keepProblem(memory)(error);
    return 'open';
  }
}

/** Asks until one is found open: then not all are over, whatever the others say. */
async function askUnvisited(memory: SitesMemory): Promise<void> {
  for (const ticketId of ticketsToAsk(memory)) {
    const { closed } = await parentTickets.readUnvisited({ ticketId });
    if (!closed) return;
    memory.closed.push(ticketId);
  }
}

/** What a person must mend is shown, and tried again later. */
const keepProblem =
  (memory: SitesMemory) =>
  (error: unknown): void => {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const { detail, remedy } = attentionOf(error);
    memory.problem = `${detail}. ${remedy}`;
  };
