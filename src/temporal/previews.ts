/**
 * Asks for mapping previews. Promise: the ticket is read through the rate-limited queue; whoever asks gets an answer or
 * an error within the given time. Source: design 5.
 */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Ticket } from '../clients/freshdesk/schemas';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { mappingPreviewWorkflowId } from '../contract/run-ids';
import type { PreviewResult } from '../contract/preview';

import { TemporalUnavailableError, withDeadline } from './deadline';
import type { Dispatches } from './dispatches';
import type { PreviewInput } from '../contract/run-inputs';

/** The preview is stored but not done yet. */
export class PreviewLateError extends Error {
  override readonly name = 'PreviewLateError';

  constructor() {
    super(
      'The preview still waits for its turn: no worker runs, the quota of Freshdesk is used up, or the workers were not ' +
        'restarted since DESKBRIDGE_ENCRYPTION_KEYS has changed',
    );
  }
}

export interface Previews {
  /** The ticket as Freshdesk has it now. @throws PreviewLateError, TemporalUnavailableError */
  ofTicket(ticketId: number): Promise<PreviewResult>;
  /** A ticket in hand; it need not exist. @throws PreviewLateError, TemporalUnavailableError */
  ofGiven(ticket: Ticket): Promise<PreviewResult>;
}

export interface PreviewsDeps {
  client: Client;
  account: string;
  dispatches: Pick<Dispatches, 'view'>;
  /** How long an answer is worth waiting for, in ms. */
  waitMs: number;
  deadlineMs?: number;
}

/** Ends a run that no worker ever takes up. */
const EXPIRES = '5 minutes';

export function createPreviews({ client, account, dispatches, waitMs, deadlineMs = 2000 }: PreviewsDeps): Previews {
  /** The visit that the next create would be for, or that the open one was made for. */
  const visitOf = async (ticketId: number): Promise<number> => {
    const view = await dispatches.view(ticketId);
    if (!view) return 1;
    return ['work-done', 'completed', 'cancelled'].includes(view.state) ? view.visit + 1 : view.visit;
  };

  const ask = async (input: PreviewInput): Promise<PreviewResult> => {
    const workflowId = mappingPreviewWorkflowId(account, randomUUID());
    const handle = await withDeadline(client, deadlineMs, () =>
      client.workflow.start(WORKFLOW_TYPES.mappingPreview, {
        workflowId,
        taskQueue: taskQueues(account).workflows,
        args: [input],
        workflowExecutionTimeout: EXPIRES,
        staticSummary: `Mapping preview of ticket ${input.ticketId} of ${account}`,
      }),
    );
    try {
      return (await withDeadline(client, waitMs, () => handle.result())) as PreviewResult;
    } catch (error) {
      if (error instanceof TemporalUnavailableError) throw new PreviewLateError();
      throw error;
    }
  };

  return {
    ofTicket: async (ticketId) => ask({ account, ticketId, visit: await visitOf(ticketId), ticket: null }),
    ofGiven: async (ticket) => ask({ account, ticketId: ticket.id, visit: await visitOf(ticket.id), ticket }),
  };
}
