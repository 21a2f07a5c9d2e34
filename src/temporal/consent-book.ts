/**
 * What the runs of a person's identifiers know of yes and no, read from their memos. Promise: nothing is disturbed by
 * looking, and what a run was told before its start already counts.
 */
import type { Client } from '@temporalio/client';
import type { ConsentBook } from '../../activities/contacts';
import type { ConsentKnown, ContactMemo } from '../contract/contact';
import { contactWorkflowId } from '../contract/run-ids';
import type { ContactKeys } from './contact-keys';
import { describe } from './contacts';
import { withDeadline } from './deadline';

export interface ConsentBookDeps {
  client: Client;
  account: string;
  keys: ContactKeys;
  /** For one question, in ms. */
  deadlineMs?: number;
}

export const createConsentBook = ({ client, account, keys, deadlineMs = 8000 }: ConsentBookDeps): ConsentBook => ({
  known: (ids) =>
    withDeadline(client, deadlineMs, async () => {
      const runs = await Promise.all(ids.map((hash) => describe(client, contactWorkflowId(account, hash))));
      const memos = runs.flatMap((run): ContactMemo[] => (run?.memo?.contact ? [run.memo.contact as ContactMemo] : []));
      const newest = memos.flatMap(({ newestAt }) => newestAt ?? []);
      const known: ConsentKnown = {
        withdrawn: memos.flatMap(({ withdrawn }) => withdrawn),
        newestAt: newest.length > 0 ? Math.max(...newest) : null,
      };
      return known;
    }),

  idsOf: ({ userId, emails }) => [
    ...(userId === null ? [] : keys.identifiers('user', userId)),
    ...emails.flatMap((email) => keys.identifiers('email', email)),
  ],
});
