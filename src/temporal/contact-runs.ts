/**
 * Looking at the runs of contacts, and telling one to try again. Promise: a list is read from memos, which hold no personal
 * data; a person is found by user id or e-mail without either standing in Temporal.
 */
import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { ContactMemo, ContactView } from '../contract/contact';
import { contactWorkflowId, WORKFLOW_TYPES } from '../contract/names';
import type { ContactKeys } from './contact-keys';
import { findOutcomes, viewOf, type ContactOutcomes } from './contact-outcomes';
import { describe, type ContactLinks } from './contacts';
import { withDeadline } from './deadline';
import { CursorError } from './dispatches';

/** Endings that search attributes know; the others stand in memos only. */
export const CONTACT_FILTERS = ['attention', 'conflict', 'rejected'] as const;
export type ContactFilter = (typeof CONTACT_FILTERS)[number];

export interface ContactRow {
  hash: string;
  state: ContactView['state'];
  contactId: number | null;
  /** Its newest run's begin, ISO 8601. */
  at: string;
  link: string | null;
}

export interface ContactRuns {
  /** Newest first. @throws CursorError, TemporalUnavailableError */
  list(filter: { state?: ContactFilter; limit: number; cursor?: string }): Promise<{
    rows: ContactRow[];
    nextCursor: string | null;
  }>;
  /** The newest run; null when none is kept. @throws TemporalUnavailableError */
  view(hash: string): Promise<ContactView | null>;
  /** By user id or e-mail. @throws TemporalUnavailableError */
  find(who: string): Promise<ContactOutcomes>;
  /** Ends an attention; false when no run waits any more. @throws TemporalUnavailableError */
  retry(hash: string): Promise<boolean>;
}

export interface ContactRunsDeps {
  client: Client;
  account: string;
  keys: ContactKeys;
  links: ContactLinks;
  deadlineMs?: number;
}

const INVALID_ARGUMENT = 3;

export function createContactRuns(deps: ContactRunsDeps): ContactRuns {
  const { client, account, links, deadlineMs = 2000 } = deps;
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const prefix = contactWorkflowId(account, '');

  return {
    list: ({ state, limit, cursor }) =>
      bounded(async () => {
        const page = await client.workflowService
          .listWorkflowExecutions({
            namespace: client.options.namespace,
            query:
              `WorkflowType = '${WORKFLOW_TYPES.contactSync}' AND WorkflowId STARTS_WITH '${prefix}'` +
              ` AND ExecutionStatus != 'ContinuedAsNew'${state ? ` AND DeskbridgeState = '${state}'` : ''}`,
            pageSize: limit,
            ...(cursor ? { nextPageToken: Buffer.from(cursor, 'base64url') } : {}),
          })
          .catch((error: unknown) => {
            if (cursor && isGrpcServiceError(error) && Number(error.code) === INVALID_ARGUMENT) throw new CursorError();
            throw error;
          });
        const found = new Map<string, ContactRow>();
        for (const { execution, memo, startTime } of page.executions ?? []) {
          const hash = execution?.workflowId?.slice(prefix.length) ?? '';
          if (!HASH.test(hash) || found.has(hash)) continue;
          const decoded = await decodeMapFromPayloads(client.options.loadedDataConverter, memo?.fields ?? {});
          const known = decoded?.contact as ContactMemo | undefined;
          const contactId = known?.contactId ?? null;
          found.set(hash, {
            ...{ hash, contactId, state: known?.state ?? 'waiting' },
            at: new Date(Number(startTime?.seconds ?? 0) * 1000).toISOString(),
            link: contactId === null ? null : `${links.contacts()}${contactId}`,
          });
        }
        const token = page.nextPageToken;
        return {
          rows: [...found.values()],
          nextCursor: token && token.length > 0 ? Buffer.from(token).toString('base64url') : null,
        };
      }),

    view: (hash) =>
      bounded(async () => {
        const run = await describe(client, `${prefix}${hash}`);
        return run && viewOf(deps, run);
      }),

    find: (who) => findOutcomes(deps, who),

    retry: (hash) =>
      bounded(async () => {
        try {
          await client.workflow.getHandle(`${prefix}${hash}`).signal('retry');
          return true;
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}

/** The last part of a contact's workflow id. */
const HASH = /^[0-9a-f]{32}$/;
export const isContactHash = (text: string): boolean => HASH.test(text);
