/** The invariants as functions over the facts of a run. Promise: each names every violation, for a person who looks for its cause. */
import { TICKET_STATUS_OF, type Facts, type OrderFacts, type TicketFacts } from './facts';
import { PLANTED } from './hostile';
import { identityOf } from './people';

export interface Invariant {
  id: string;
  /** What must not be. */
  what: string;
  /** What N counts. */
  unit: string;
  /** How many there were that could have been violations. */
  of: (facts: Facts) => number;
  violations: (facts: Facts) => string[];
}

export interface Verdict {
  id: string;
  what: string;
  unit: string;
  of: number;
  violations: string[];
}

export const check = (facts: Facts): Verdict[] =>
  INVARIANTS.map(({ id, what, unit, of, violations }) => ({
    id,
    what,
    unit,
    of: of(facts),
    violations: violations(facts),
  }));

/** The invariant that a run may wait for: it needs nothing of the engine. */
export function missingEntries({ tickets, orders }: Pick<Facts, 'tickets' | 'orders'>): {
  of: number;
  violations: string[];
} {
  const facts = { tickets, orders } as Facts;
  const conversation = INVARIANTS.find(({ id }) => id === 'L3') as Invariant;
  return { of: conversation.of(facts), violations: conversation.violations(facts) };
}

/** The number of one of the people of the run; null: a stranger. */
const personOf = (id: string): number | null => Number(/^usr_(\d+)$/.exec(id)?.[1] ?? 0) || null;

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, count) => all + count, 0);
const wanted = ({ tickets }: Facts): TicketFacts[] => tickets.filter(({ visits }) => visits > 0);
const healthy = (facts: Facts): TicketFacts[] => wanted(facts).filter(({ defect }) => defect === null);
const ordersOf = ({ orders }: Facts, ticket: TicketFacts): OrderFacts[] =>
  orders.filter(({ ticketId }) => ticketId === ticket.id);
const named = (ticket: TicketFacts, what: string): string => `ticket ${ticket.id}: ${what}`;
/** One finding a ticket at most. */
const each = (tickets: TicketFacts[], find: (ticket: TicketFacts) => string | null): string[] =>
  tickets.flatMap((ticket) => {
    const found = find(ticket);
    return found === null ? [] : [named(ticket, found)];
  });

/** The marks that stand more than once. */
const doubled = (counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([mark, count]) => (count > 1 ? [`"${mark}" stands ${count} times`] : []));

const twice = (ids: string[]): string[] => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];

const INVARIANTS: Invariant[] = [
  {
    id: 'L1',
    what: 'accepted webhooks and events without a trace',
    unit: 'accepted',
    of: ({ accepted }) => sum(Object.values(accepted.ofTickets)) + accepted.ofOrders.length + accepted.ofPeople.length,
    violations: ({ accepted, stored, contacts }) => {
      const [orders, people] = [new Set(stored.ofOrders), new Set(contacts.map(({ id }) => id))];
      return [
        ...Object.entries(accepted.ofTickets).flatMap(([ticket, count]) => {
          const missing = count - (stored.ofTickets[ticket] ?? 0);
          return missing > 0 ? [`ticket ${ticket}: ${missing} of ${count} accepted webhooks are in no history`] : [];
        }),
        ...accepted.ofOrders.filter((uuid) => !orders.has(uuid)).map((uuid) => `delivery ${uuid} is in no history`),
        ...accepted.ofPeople.filter((id) => !people.has(id)).map((id) => `the events of ${id} became no contact`),
      ];
    },
  },
  {
    id: 'L2',
    what: 'tickets for the field without a work order, attention or decision',
    unit: 'tickets',
    of: (facts) => wanted(facts).length,
    violations: (facts) =>
      each(wanted(facts), (ticket) => {
        if (ticket.dispatch?.attention) return null;
        const published = new Set(ordersOf(facts, ticket).flatMap((o) => (o.wasPublished ? [o.visit] : [])));
        // Closed before its order was out: calling it off was the decision.
        if (ticket.closedAs !== null || published.size >= ticket.visits) return null;
        return `${published.size} of ${ticket.visits} visits have a published work order (${ticket.dispatch?.state ?? 'no dispatch'})`;
      }),
  },
  {
    id: 'L3',
    what: 'notes and messages that did not reach the other side',
    unit: 'entries',
    of: (facts) =>
      sum(healthy(facts).map(({ entries }) => entries.length)) + sum(facts.orders.map((o) => o.heard.length)),
    violations: (facts) => {
      const tickets = new Map(facts.tickets.map((ticket) => [ticket.id, ticket]));
      return [
        ...each(healthy(facts), (ticket) => {
          const sent = ordersOf(facts, ticket).flatMap(({ messages }) => Object.keys(messages));
          const lost = ticket.entries.filter((entry) => !sent.some((line) => line.endsWith(` ${entry}]`)));
          return lost.length > 0 ? `${lost.join(', ')} is on no work order` : null;
        }),
        ...facts.orders.flatMap(({ id, ticketId, heard }) => {
          const lines = Object.keys(tickets.get(ticketId)?.notes ?? {});
          const lost = heard.filter((message) => !lines.some((line) => line.endsWith(` message ${message}`)));
          return lost.length > 0 ? [`ticket ${ticketId}: message ${lost.join(', ')} of order ${id} is no note`] : [];
        }),
      ];
    },
  },
  {
    id: 'D1',
    what: 'visits with more than one published work order, and published orders that nobody asked for',
    unit: 'published orders',
    of: ({ orders }) => orders.filter(({ wasPublished }) => wasPublished).length,
    violations: (facts) =>
      facts.tickets.flatMap((ticket) => {
        const published = ordersOf(facts, ticket).filter(({ wasPublished }) => wasPublished);
        return [...new Set(published.map(({ visit }) => visit))].flatMap((visit) => {
          const ids = published.filter((order) => order.visit === visit).map(({ id }) => id);
          if (visit > ticket.visits)
            return [named(ticket, `nobody asked for visit ${visit} (order ${ids.join(', ')})`)];
          return ids.length > 1 ? [named(ticket, `visit ${visit} has orders ${ids.join(', ')}`)] : [];
        });
      }),
  },
  {
    id: 'D2',
    what: 'drafts of ours without link after reconcile',
    unit: 'orders',
    of: ({ orders }) => orders.length,
    violations: ({ orders, tickets }) => {
      const links = new Set(tickets.map(({ link }) => link));
      return orders
        .filter(({ id, isDraft }) => isDraft && !links.has(String(id)))
        .map(({ id, ticketId }) => `ticket ${ticketId}: draft ${id} is linked nowhere`);
    },
  },
  {
    id: 'D3',
    what: 'notes, messages and contacts written twice',
    unit: 'written',
    of: ({ tickets, orders, contacts }) =>
      sum(tickets.flatMap(({ notes }) => Object.values(notes))) +
      sum(orders.flatMap(({ messages }) => Object.values(messages))) +
      contacts.length,
    violations: ({ tickets, orders, contacts }) => [
      ...tickets.flatMap((ticket) => doubled(ticket.notes).map((what) => named(ticket, what))),
      ...tickets.flatMap((ticket) => milestones(ticket).map((what) => named(ticket, what))),
      ...orders.flatMap(({ id, messages }) => doubled(messages).map((what) => `order ${id}: ${what}`)),
      ...twice(contacts.map(({ id }) => id)).map((id) => `${id}: two contacts`),
    ],
  },
  {
    id: 'S1',
    what: "tickets whose status is not that of their work order's",
    unit: 'tickets',
    of: (facts) => healthy(facts).length,
    violations: (facts) =>
      each(healthy(facts), ({ status, life, closedAs }) => {
        const expected = closedAs ?? mapped(life).at(-1);
        return expected === undefined || status === expected
          ? null
          : `status ${status} instead of ${expected} (${life.join(', ')})`;
      }),
  },
  {
    id: 'S2',
    what: 'tickets put back by an older event',
    unit: 'status writes',
    of: ({ tickets }) => sum(tickets.map(({ statusesWritten }) => statusesWritten.length)),
    violations: ({ tickets }) =>
      each(tickets, ({ statusesWritten, life }) => {
        const written = withoutRepeats(statusesWritten);
        const lived = withoutRepeats(mapped(life));
        return isPartOf(written, lived) ? null : `wrote ${written.join(', ')} where ${lived.join(', ')} happened`;
      }),
  },
  {
    id: 'A1',
    what: 'contacts that hold what somebody else sent, or lost their consent by it',
    unit: 'contacts of people',
    of: ({ contacts }) => contacts.filter(({ id }) => personOf(id) !== null).length,
    violations: ({ contacts }) =>
      contacts.flatMap(({ id, email, holds, mayBeWrittenTo }) => {
        const person = personOf(id);
        if (person === null) return /^person\./.test(email ?? '') ? [`${id} has the address ${email}`] : [];
        const own = identityOf(person);
        const isOwn = email === own.email && holds.includes(`"${own.name}"`) && !holds.includes(PLANTED);
        return isOwn && mayBeWrittenTo ? [] : [`${id}: ${holds}`];
      }),
  },
  {
    id: 'A2',
    what: "strangers' words in logs, ids or search attributes",
    unit: 'runs and logs',
    of: ({ shown }) => Object.keys(shown).length,
    violations: ({ shown }) =>
      Object.entries(shown).flatMap(([place, text]) => {
        const at = text.indexOf(PLANTED);
        return at < 0 ? [] : [`${place}: …${text.slice(Math.max(0, at - 100), at + 100)}…`];
      }),
  },
  {
    id: 'A3',
    what: 'secrets in histories and logs',
    unit: 'histories and logs',
    of: ({ secrets }) => secrets.of,
    violations: ({ secrets }) => secrets.found,
  },
  {
    id: 'V1',
    what: 'permanent failures not shown as attention with cause and next step',
    unit: 'permanent failures',
    of: ({ tickets }) => tickets.filter(({ defect }) => defect !== null).length,
    violations: ({ tickets }) =>
      each(
        tickets.filter(({ defect }) => defect !== null),
        ({ defect, dispatch }) => {
          const attention = dispatch?.state === 'attention' ? dispatch.attention : null;
          if (attention && attention.detail.trim() !== '' && attention.remedy.trim() !== '') return null;
          return `${defect}, but it shows ${JSON.stringify(dispatch)}`;
        },
      ),
  },
  {
    id: 'R2',
    what: 'dispatches that a person must help although all faults have healed',
    unit: 'dispatches',
    of: ({ tickets }) => tickets.filter(({ dispatch }) => dispatch !== null).length,
    violations: ({ tickets }) =>
      each(tickets, ({ dispatch, defect }) => {
        if (dispatch?.isBroken) return 'its run has failed';
        if (dispatch?.isBusy) return `it has not settled (${dispatch.state})`;
        const { attention } = dispatch ?? {};
        return attention && defect === null ? `${attention.reason}: ${attention.detail}` : null;
      }),
  },
];

const mapped = (life: TicketFacts['life']): number[] => life.flatMap((key) => TICKET_STATUS_OF[key] ?? []);

const withoutRepeats = (values: number[]): number[] => values.filter((value, index) => value !== values[index - 1]);

/** True when the parts stand in the whole in this order, others between them. */
function isPartOf(parts: number[], whole: number[]): boolean {
  let next = 0;
  for (const value of whole) if (value === parts[next]) next += 1;
  return next === parts.length;
}

/** Milestone notes that were written more often than the milestone was passed: their marks may differ in the time. */
function milestones({ notes, life }: TicketFacts): string[] {
  const counts = new Map<string, number>();
  for (const [mark, count] of Object.entries(notes)) {
    const [, visit, key] = /^Deskbridge FD-.+-(\d+) ([a-z-]+) (?:now|\d{4}-)/.exec(mark) ?? [];
    if (visit !== undefined && key !== undefined) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts].flatMap(([key, count]) => {
    const passed = life.filter((status) => status === key).length;
    return count > passed ? [`${count} notes about ${key}, which came ${passed} times`] : [];
  });
}
