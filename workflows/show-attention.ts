/** The search attributes of a run that waits for a person. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { AttentionReason } from '../src/contract/dispatch';
import { ATTENTION, SINCE, STATE } from '../src/contract/search-attributes';

/** Lets operators find it among what waits for a person; null: it waits for nobody any more. */
export const showAttention = (reason: AttentionReason | null): void =>
  upsertSearchAttributes([
    { key: STATE, value: reason === null ? null : 'attention' },
    { key: SINCE, value: reason === null ? null : new Date() },
    { key: ATTENTION, value: reason },
  ]);
