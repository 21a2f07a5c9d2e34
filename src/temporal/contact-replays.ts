/**
 * Sending again what Freshdesk did not take. Promise: the same event is sent again once, however often it is asked for; a
 * replay goes on after any crash, as a run of its own.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ContactReplayActivities } from '../../activities/contact-replay';
import type { Config } from '../config/schema';
import type { ContactEvents, ContactMemo, ContactReplayInput, ContactResult, ReplayCounts } from '../contract/contact';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { contactReplayWorkflowId, contactWorkflowId } from '../contract/run-ids';
import { NOTHING_KNOWN } from '../domain/contacts/carried';
import { addCounts, NO_REPLAYS, replayOf } from '../domain/contacts/replay';
import { atMost } from './at-most';
import { describe, type ContactStarter } from './contacts';
import { withDeadline } from './deadline';
import { CLOSE_TIME, compare, queryOf } from './index/query';
import { readPage } from './index/rows';

export interface ContactReplays {
  /** What a replay would do; nothing is sent. @throws TemporalUnavailableError */
  count(input: ContactReplayInput): Promise<ReplayCounts>;
  /** Begins one, or joins the one that is under way; gives its workflow id. @throws TemporalUnavailableError */
  start(input: ContactReplayInput): Promise<string>;
}

export interface ContactReplaysDeps {
  client: Client;
  account: string;
  config: { current(): Config };
  deadlineMs?: number;
}

const PER_PAGE = 200;
const SIDE_BY_SIDE = 16;
/** For the list of a page, and for reading its runs, in ms. */
const PAGE_WITHIN_MS = 20_000;

export function createContactReplays(deps: ContactReplaysDeps): ContactReplays {
  const { client, account, deadlineMs = 2000 } = deps;
  return {
    count: async (input) => {
      let counts = NO_REPLAYS;
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await replayPage(deps, input, cursor);
        counts = addCounts(counts, page.counts);
        cursor = page.cursor;
      }
      return counts;
    },
    start: (input) =>
      withDeadline(client, deadlineMs, async () => {
        const workflowId = contactReplayWorkflowId(account);
        await client.workflow.start(WORKFLOW_TYPES.contactReplay, {
          workflowId,
          taskQueue: taskQueues(account).workflows,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: `Sends contact events again that ended as ${input.outcomes.join(' or ')}`,
          priority: { priorityKey: PRIORITY.contacts },
        });
        return workflowId;
      }),
  };
}

/** What the run of a replay calls. */
export const createReplayActivities = (
  deps: ContactReplaysDeps,
  contacts: Pick<ContactStarter, 'deliver'>,
): ContactReplayActivities => ({
  async replayContactPage({ input, cursor }) {
    const page = await replayPage(deps, input, cursor);
    if (page.contacts.length > 0) await contacts.deliver(page.contacts);
    return { cursor: page.cursor, counts: page.counts };
  },
});

interface Page {
  contacts: ContactEvents[];
  counts: ReplayCounts;
  /** Null: it was the last one. */
  cursor: string | null;
}

async function replayPage(deps: ContactReplaysDeps, input: ContactReplayInput, cursor: string): Promise<Page> {
  const { client, account, config } = deps;
  const asked = { query: endedSo(account, input), size: PER_PAGE, cursor };
  const { rows, nextCursor } = await readPage(client, asked, PAGE_WITHIN_MS);
  const page: Page = { contacts: [], counts: NO_REPLAYS, cursor: nextCursor };
  await withDeadline(client, PAGE_WITHIN_MS, () =>
    atMost(SIDE_BY_SIDE, rows, async ({ workflowId, runId }) => {
      const kept = await keptOf(client, workflowId, runId);
      const newest = await describe(client, workflowId);
      const memory = (newest?.memo?.contact as ContactMemo | undefined) ?? NOTHING_KNOWN;
      const { events, counts } = replayOf(kept, memory, config.current().contacts);
      page.counts = addCounts(page.counts, counts);
      if (events.length > 0)
        page.contacts.push({ hash: workflowId.slice(contactWorkflowId(account, '').length), events });
    }),
  );
  return page;
}

const endedSo = (account: string, { outcomes, since, until }: ContactReplayInput): string =>
  queryOf(account, {
    ...{ kind: 'contactSync', status: 'completed', states: outcomes },
    and: [...(since === null ? [] : [compare(CLOSE_TIME, '>=', since)]), compare(CLOSE_TIME, '<=', until)],
  });

async function keptOf(client: Client, workflowId: string, runId: string): Promise<ContactResult['kept']> {
  try {
    const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    return ((await handle.result()) as ContactResult).kept ?? [];
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}
