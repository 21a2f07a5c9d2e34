/**
 * Looking at the runs of contacts, and telling one to try again. Promise: a list is read from memos, which hold no personal
 * data; a person is found by user id or e-mail without either standing in Temporal.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ContactView } from '../contract/contact';
import { retry } from '../contract/messages';
import { contactWorkflowId, hashOfContact } from '../contract/run-ids';
import { STATE } from '../contract/search-attributes';
import type { ContactKeys } from './contact-keys';
import { findOutcomes, viewOf, type ContactOutcomes } from './contact-outcomes';
import { describe, type ContactLinks } from './contacts';
import { withDeadline } from './deadline';
import { queryOf } from './index/query';
import { readPage } from './index/rows';

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

export function createContactRuns(deps: ContactRunsDeps): ContactRuns {
  const { client, account, links, deadlineMs = 2000 } = deps;
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const prefix = contactWorkflowId(account, '');

  return {
    list: async ({ state, limit, cursor }) => {
      const query = queryOf(account, { kind: 'contactSync', status: 'latest', ...(state ? { states: [state] } : {}) });
      const page = await readPage(client, { query, size: limit, cursor: cursor ?? null }, deadlineMs);
      const found = new Map<string, ContactRow>();
      for (const row of page.rows) {
        const hash = hashOfContact(account, row.workflowId) ?? '';
        if (!HASH.test(hash) || found.has(hash)) continue;
        const { contact } = await row.memo();
        const contactId = contact?.contactId ?? null;
        const unknown = (row.text(STATE) as ContactView['state'] | null) ?? 'waiting';
        found.set(hash, {
          ...{ hash, contactId, state: contact?.state ?? unknown, at: row.startedAt.toISOString() },
          link: contactId === null ? null : `${links.contacts()}${contactId}`,
        });
      }
      return { rows: [...found.values()], nextCursor: page.nextCursor };
    },

    view: (hash) =>
      bounded(async () => {
        const run = await describe(client, `${prefix}${hash}`);
        return run && viewOf(deps, run);
      }),

    find: (who) => findOutcomes(deps, who),

    retry: (hash) =>
      bounded(async () => {
        try {
          await client.workflow.getHandle(`${prefix}${hash}`).signal(retry);
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
