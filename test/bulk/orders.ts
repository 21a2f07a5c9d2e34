/** What the played upstreams know of the work orders of a drill. */
import type { World } from '../faults/world';
import { correlationOf } from '../faults/world';

export interface Orders {
  /** When the order that the ticket names was published, in ms; null: it is not yet. */
  publishedAt(ticketId: number): number | null;
  /** How many of these tickets have a published order, without reading them all. */
  published(others: readonly number[]): number;
}

export function createOrders({ sandbox: { control }, effective }: World): Orders {
  const published = new Map<number, number>();
  let seen = 0;
  const read = (): Map<number, number> => {
    for (; seen < effective.length; seen++) {
      const { route, path, at } = effective[seen] as World['effective'][number];
      if (route !== 'POST /workorders/:id/publish') continue;
      const order = Number(path.split('/').at(-2));
      if (!published.has(order)) published.set(order, Date.parse(at));
    }
    return published;
  };
  const publishedAt = (ticketId: number): number | null => {
    const link = (control.ticket(ticketId).custom_fields as Record<string, unknown>).cf_work_order_id;
    return read().get(Number(link)) ?? null;
  };
  return {
    publishedAt,
    published: (others) => read().size - others.filter((id) => publishedAt(id) !== null).length,
  };
}

/** What is wrong with the orders at the end: each ticket has one that was published, and nobody else has any. */
export function faultsOfOrders({ sandbox: { control } }: World, tickets: readonly number[]): string[] {
  const found = new Map(tickets.map((id) => [id, [] as boolean[]]));
  const faults: string[] = [];
  for (const order of control.workOrders()) {
    const [, ticketId] = correlationOf(order) ?? [];
    const ofTicket = found.get(ticketId ?? 0);
    if (ofTicket) ofTicket.push(Boolean((order.milestones as Record<string, unknown> | undefined)?.published));
    else faults.push(`order ${String(order.id)} belongs to no ticket of the drill`);
  }
  for (const [id, orders] of found) {
    if (orders.length !== 1) faults.push(`ticket ${id} has ${orders.length} orders`);
    else if (!orders[0]) faults.push(`the order of ticket ${id} is not published`);
  }
  return faults;
}
