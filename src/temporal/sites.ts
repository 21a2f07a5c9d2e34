/** The run of a parent ticket: how its child tickets tell it, and what it shows. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { SitesTeller } from '../../activities/sites';
import { siteNews } from '../contract/messages';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { DEFAULT_SITES_POLICY } from '../contract/policy';
import { sitesWorkflowId } from '../contract/run-ids';
import type { SitesInput, SitesMemo, SitesPolicy } from '../contract/sites';
import { withDeadline } from './deadline';

export interface SitesDeps {
  client: Client;
  account: string;
  policy?: SitesPolicy;
  /** For one request, in ms. */
  deadlineMs?: number;
}

export interface Sites extends SitesTeller {
  /** What the run shows; null when the ticket has no child tickets with visits, or has not been looked at yet. */
  look(ticketId: number): Promise<SitesMemo | null>;
}

export function createSites({ client, account, policy = DEFAULT_SITES_POLICY, deadlineMs = 8000 }: SitesDeps): Sites {
  return {
    async tell({ parentId, news }) {
      await withDeadline(client, deadlineMs, () =>
        client.workflow.signalWithStart(WORKFLOW_TYPES.siteProgress, {
          ...{ workflowId: sitesWorkflowId(account, parentId), taskQueue: taskQueues(account).workflows },
          args: [{ account, ticketId: parentId, policy } satisfies SitesInput],
          ...{ signal: siteNews, signalArgs: [news] },
          staticSummary: `Sites of ticket ${parentId} of ${account}`,
        }),
      );
    },

    async look(ticketId) {
      try {
        const handle = client.workflow.getHandle(sitesWorkflowId(account, ticketId));
        const { memo } = await withDeadline(client, deadlineMs, () => handle.describe());
        return (memo?.sites as SitesMemo | undefined) ?? null;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}
