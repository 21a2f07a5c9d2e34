/** What both upstreams hold at the end, ticket by ticket and order by order. */
import type { DispatchFacts, OrderFacts, TicketFacts } from './facts';
import type { Life } from './lives';
import { correlationOf, type World } from './world';

type Bag = Record<string, unknown>;

const lastLine = (text: unknown): string => String(text).trimEnd().split('\n').at(-1)?.trim() ?? '';

const countOf = (marks: string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const mark of marks) counts[mark] = (counts[mark] ?? 0) + 1;
  return counts;
};

export function ticketsOfWorld(
  world: World,
  lives: Life[],
  dispatches: Map<number, DispatchFacts>,
): { tickets: TicketFacts[]; orders: OrderFacts[] } {
  const { control } = world.sandbox;
  const written = statusesWritten(world);
  const tickets = lives.map((life): TicketFacts => {
    const ticket = control.ticket(life.id);
    const link = (ticket.custom_fields as Bag).cf_work_order_id;
    // Anybody can write our last line, and only an agent a private note.
    const marks = control
      .conversations(life.id)
      .filter((entry) => entry.private)
      .map(({ body_text: text }) => lastLine(text));
    return {
      ...{ id: life.id, visits: life.visits, defect: life.defect, life: life.life, closedAs: life.closedAs },
      status: Number(ticket.status),
      statusesWritten: written.get(life.id) ?? [],
      link: typeof link === 'string' && link !== '' ? link : null,
      notes: countOf(marks.filter((mark) => mark.startsWith('Deskbridge '))),
      entries: life.entries,
      dispatch: dispatches.get(life.id) ?? null,
    };
  });
  const orders = control.workOrders().flatMap((order): OrderFacts[] => {
    const [, ticketId, visit] = correlationOf(order) ?? [];
    if (ticketId === undefined || visit === undefined) return [];
    const id = Number(order.id);
    const messages = control
      .messages(id)
      .map((message) => ({ id: Number(message.msg_id ?? message.id), mark: lastLine(message.message) }));
    const isOurs = ({ mark }: { mark: string }): boolean => /^\[FD-.+\]$/.test(mark);
    return [
      {
        ...{ id, ticketId, visit },
        isDraft: (order.status as Bag).id === 1,
        wasPublished: Boolean((order.milestones as Bag | undefined)?.published),
        messages: countOf(messages.filter(isOurs).map(({ mark }) => mark)),
        heard: messages.filter((message) => !isOurs(message)).map((message) => message.id),
      },
    ];
  });
  return { tickets, orders };
}

/** By ticket; writes of people are none of ours and pass by the API. */
function statusesWritten({ effective }: World): Map<number, number[]> {
  const written = new Map<number, number[]>();
  for (const { route, path, body, status } of effective) {
    const given = (body as Bag | null)?.status;
    // Without an answer it had its effect all the same.
    if (route !== 'PUT /tickets/:id' || typeof given !== 'number' || (status !== null && status >= 300)) continue;
    const id = Number(path.split('/').at(-1));
    written.set(id, [...(written.get(id) ?? []), given]);
  }
  return written;
}
