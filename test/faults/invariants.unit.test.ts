/** A checker that cannot fail is worth nothing: each invariant is violated on purpose, and nothing else is found. */
import type { ContactFacts, DispatchFacts, Facts, OrderFacts, TicketFacts } from './facts';
import { PLANTED } from './hostile';
import { identityOf } from './people';
import { check } from './invariants';

const DONE: DispatchFacts = { state: 'work-done', attention: null, isBusy: false, isBroken: false };
const WAITS: DispatchFacts = {
  ...DONE,
  state: 'attention',
  attention: {
    reason: 'mapping',
    detail: 'location.city is empty',
    remedy: 'Fill the city on the ticket, then retry.',
  },
};

const ticket = (id: number, patch: Partial<TicketFacts> = {}): TicketFacts => ({
  id,
  visits: 1,
  defect: null,
  life: ['published', 'assigned', 'checked-in', 'checked-out', 'work-done'],
  closedAs: null,
  status: 4,
  statusesWritten: [3, 7, 4],
  link: String(id * 10),
  notes: { [`Deskbridge FD-acme-${id}-1 work-done 2026-11-22T10:00:00.000Z`]: 1 },
  entries: [],
  dispatch: DONE,
  ...patch,
});

const order = (ticketId: number, patch: Partial<OrderFacts> = {}): OrderFacts => ({
  id: ticketId * 10,
  ticketId,
  visit: 1,
  isDraft: false,
  wasPublished: true,
  messages: {},
  heard: [],
  ...patch,
});

const contact = (person: number): ContactFacts => {
  const { email, name } = identityOf(person);
  return { id: `usr_${person}`, email, holds: `{"name":"${name}"}`, mayBeWrittenTo: true };
};

/** A run in which all went well: a plain ticket, one with notes both ways, a poisoned one, one of no business of ours. */
const sound = (): Facts => ({
  accepted: { ofTickets: { 1: 2, 2: 1 }, ofOrders: ['uuid-1', 'uuid-2'], ofPeople: ['usr_1'] },
  stored: { ofTickets: { 1: 2, 2: 3 }, ofOrders: ['uuid-1', 'uuid-2', 'uuid-3'] },
  tickets: [
    ticket(1),
    ticket(2, {
      entries: ['note 42'],
      notes: {
        'Deskbridge FD-acme-2-1 work-done 2026-11-22T10:00:00.000Z': 1,
        'Deskbridge FD-acme-2-1 message 7': 1,
      },
    }),
    ticket(3, {
      ...{ defect: 'no city', life: [], status: 8, statusesWritten: [], link: null, notes: {} },
      dispatch: WAITS,
    }),
    ticket(4, { visits: 0, life: [], status: 2, statusesWritten: [], link: null, notes: {}, dispatch: null }),
  ],
  orders: [order(1), order(2, { messages: { '[FD-acme-2-1 note 42]': 1 }, heard: [7] })],
  contacts: [contact(1), { id: 'stranger_1', email: 'a@evil.example', holds: PLANTED, mayBeWrittenTo: true }],
  shown: { 'run 1': '["dispatch-acme-1",{}]', 'log of web 1': '' },
  secrets: { of: 2, found: [] },
});

const violated = (facts: Facts): Record<string, string[]> =>
  Object.fromEntries(check(facts).flatMap(({ id, violations }) => (violations.length > 0 ? [[id, violations]] : [])));

it('finds nothing where nothing is wrong, and counts what it has looked at', () => {
  expect(violated(sound())).toEqual({});
  expect(Object.fromEntries(check(sound()).map(({ id, of }) => [id, of]))).toEqual({
    ...{ L1: 6, L2: 3, L3: 2, D1: 2, D2: 2, D3: 6, S1: 2, S2: 6, A1: 1, A2: 2, A3: 2, V1: 1, R2: 3 },
  });
});

type Damage = (facts: Facts, first: TicketFacts, orders: OrderFacts[]) => void;
const NOTE = 'Deskbridge FD-acme-1-1 work-done 2026-11-22T10:00:00.000Z';

const DAMAGES: [string, string, Damage, RegExp][] = [
  ['L1', 'a ticket webhook that is in no history', (f) => void (f.stored.ofTickets['1'] = 1), /ticket 1: 1 of 2/],
  ['L1', 'a ticket whose webhooks are all gone', (f) => void delete f.stored.ofTickets['2'], /ticket 2: 1 of 1/],
  ['L1', 'an order event that is in no history', (f) => void f.accepted.ofOrders.push('uuid-9'), /delivery uuid-9/],
  ['L1', 'an event that became no contact', (f) => void f.accepted.ofPeople.push('usr_9'), /events of usr_9/],
  ['L2', 'a ticket for the field without an order', (f) => void f.orders.shift(), /0 of 1 visits .*work-done/],
  ['L2', 'a ticket that nobody knows', (f, first) => (f.orders.shift(), void (first.dispatch = null)), /no dispatch/],
  ['L2', 'an order that is still a draft', (_, __, [o]) => void (o!.wasPublished = false), /0 of 1 visits/],
  ['L2', 'a second visit without an order', (_, first) => void (first.visits = 2), /1 of 2 visits/],
  ['L3', "a person's note that is on no order", (_, first) => void first.entries.push('note 77'), /ticket 1: note 77/],
  ['L3', 'a message that is no note', (_, __, [o]) => void o!.heard.push(8), /message 8 of order 10/],
  [
    'D1',
    'two published orders for a visit',
    (f) => void f.orders.push(order(1, { id: 11 })),
    /visit 1 has orders 10, 11/,
  ],
  [
    'D1',
    'an order for a ticket of no business of ours',
    (f) => void f.orders.push(order(4)),
    /nobody asked for visit 1/,
  ],
  [
    'D1',
    'an order for a visit too many',
    (f) => void f.orders.push(order(1, { id: 12, visit: 2 })),
    /asked for visit 2/,
  ],
  [
    'D2',
    'a draft that no ticket names',
    (f) => void f.orders.push(order(1, { id: 13, isDraft: true, wasPublished: false })),
    /draft 13/,
  ],
  ['D3', 'a note written twice', (_, first) => void (first.notes[NOTE] = 2), /stands 2 times/],
  [
    'D3',
    'a milestone told twice',
    (_, first) => void (first.notes['Deskbridge FD-acme-1-1 work-done now'] = 1),
    /2 notes about work-done, which came 1 times/,
  ],
  [
    'D3',
    'a message posted twice',
    (_, __, [, o]) => void (o!.messages['[FD-acme-2-1 note 42]'] = 2),
    /order 20: .*2 times/,
  ],
  ['D3', 'two contacts for one person', (f) => void f.contacts.push(contact(1)), /usr_1: two contacts/],
  ['A1', "a contact with a stranger's address", (f) => void (f.contacts[0]!.email = 'a@evil.example'), /usr_1/],
  ['A1', "a contact with a stranger's words", (f) => void (f.contacts[0]!.holds += PLANTED), /usr_1/],
  ['A1', 'a consent that a stranger took', (f) => void (f.contacts[0]!.mayBeWrittenTo = false), /usr_1/],
  ['A1', "a stranger with somebody's address", (f) => void (f.contacts[1] = { ...contact(1), id: 'x' }), /x has the/],
  ['A3', 'a secret in a history', (f) => f.secrets.found.push('history of dispatch-acme-1'), /dispatch-acme-1/],
  ['A2', "a stranger's word in a log", (f) => void (f.shown['log of web 1'] = `{${PLANTED}}`), /web 1/],
  [
    'S1',
    'a ticket with another status than its order says',
    (_, first) => void (first.status = 3),
    /status 3 instead of 4/,
  ],
  [
    'S1',
    'a ticket that a person closed and we opened again',
    (_, first) => void (first.closedAs = 5),
    /status 4 instead of 5/,
  ],
  [
    'S2',
    'an older status written after a newer one',
    (_, first) => void (first.statusesWritten = [3, 4, 7, 4]),
    /wrote 3, 4, 7, 4/,
  ],
  ['S2', 'a status that never was', (_, first) => void (first.statusesWritten = [2, 4]), /wrote 2, 4/],
  [
    'V1',
    'a permanent failure without attention',
    (f) => void (f.tickets[2]!.dispatch = { ...WAITS, state: 'starting' }),
    /no city, but it shows/,
  ],
  [
    'V1',
    'an attention without a next step',
    (f) => void (f.tickets[2]!.dispatch = { ...WAITS, attention: { ...WAITS.attention!, remedy: ' ' } }),
    /no city/,
  ],
  [
    'R2',
    'an attention where nothing is wrong any more',
    (_, first) => void (first.dispatch = WAITS),
    /mapping: location.city/,
  ],
  [
    'R2',
    'a dispatch that goes on and on',
    (_, first) => void (first.dispatch = { ...DONE, isBusy: true }),
    /not settled/,
  ],
  ['R2', 'a run that has failed', (_, first) => void (first.dispatch = { ...DONE, isBroken: true }), /has failed/],
];

it.each(DAMAGES)('%s finds %s, and no other invariant complains', (id, _, damage, words) => {
  const facts = sound();
  damage(facts, facts.tickets[0]!, facts.orders);
  const found = violated(facts);
  expect(Object.keys(found)).toEqual([id]);
  expect(found[id]!.join('\n')).toMatch(words);
});
