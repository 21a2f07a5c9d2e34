/** One page of `GET /workorders` (contract 9). */
import { z } from 'zod';
import { asNumber, asRecord } from '../coerce';
import { allItems } from '../lenient';
import type { Query } from '../http-types';
import type { ListWorkOrdersInput } from './inputs';
import { workOrderSchema } from './schemas';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `list` and `sticky` always go along: without them the API falls back to filters that a person once saved. */
export function listQuery(input: ListWorkOrdersInput, now: number): Query {
  const { createdFrom, createdTo = new Date(now + DAY_MS).toISOString().slice(0, 10) } = input;
  const created = createdFrom === undefined ? undefined : `${createdFrom},${createdTo}`;
  return {
    list: input.list,
    sticky: false,
    view: 'model',
    f_search: input.search,
    f_work_order_id: input.workOrderIds?.join(','),
    f_created_date: created,
    // The name of the same filter in older deployments.
    f_created: created,
    sort: input.sort,
    order: input.order,
    page: input.page,
    per_page: input.perPage,
  };
}

export const workOrderPageSchema = z
  .looseObject({ metadata: z.unknown().optional().transform(asRecord), results: allItems(workOrderSchema) })
  .transform(({ metadata, results }) => ({
    total: asNumber(metadata?.total),
    pages: asNumber(metadata?.pages),
    results,
  }));
