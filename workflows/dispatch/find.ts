/** Asking Field Nation which work orders carry an id of ours, page by page, each page one call of the queue. */

import { fieldNation } from '../proxies';
import type { FindOrdersInput, OrderRef } from '../../src/contract/order-calls';

/** More pages of 25 than a day of any account should have; the search has found it long before. */
const MOST_PAGES = 40;

/** Every order that carries the id; empty when Field Nation surely knows none of that kind. */
export async function findWorkOrders(input: Omit<FindOrdersInput, 'page'>): Promise<OrderRef[]> {
  const most = input.by === 'search' ? 1 : MOST_PAGES;
  for (let page: number | null = 1; page !== null && page <= most;) {
    const found: { orders: OrderRef[]; nextPage: number | null } = await fieldNation.findWorkOrders({ ...input, page });
    if (found.orders.length > 0) return found.orders;
    page = found.nextPage;
  }
  return [];
}

/** Both ways to find an order: the search may lag or not index the id, so the newest are read as well. */
export async function findAnywhere(correlationId: string, since: string): Promise<OrderRef[]> {
  const found = await findWorkOrders({ correlationId, since, by: 'search' });
  return found.length > 0 ? found : findWorkOrders({ correlationId, since, by: 'newest' });
}
