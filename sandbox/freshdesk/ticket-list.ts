import type { Answer, Call } from '../pipeline';
import { hasEmail } from './contacts';
import { presentListed } from './present';
import { choiceOf, includesOf, pageAnswer, refuseUnknownQuery, timeOf } from './query';
import type { Ticket } from './types';
import type { FreshdeskWorld } from './world';

const LIST_INCLUDES = ['stats', 'requester', 'description'];
const LIST_QUERY = [
  'filter',
  'requester_id',
  'email',
  'unique_external_id',
  'company_id',
  'updated_since',
  'order_by',
  'order_type',
  'include',
  'page',
  'per_page',
];
const MONTH = 30 * 86_400_000;

/** `GET /tickets`: filters, order, at most 300 pages, the last 30 days without `updated_since` (Freshdesk contract 6.4). */
export function listTickets(world: FreshdeskWorld, call: Call): Answer {
  refuseUnknownQuery(call, LIST_QUERY, world.knobs.rejectUnknownQuery);
  const include = includesOf(call, LIST_INCLUDES);
  const filter = call.query.get('filter');
  const since = timeOf(call, 'updated_since');
  const monthAgo = world.clock.now() - MONTH;
  const orderBy = choiceOf(call, 'order_by', ['created_at', 'due_by', 'updated_at', 'status'], 'created_at');
  const sign = choiceOf(call, 'order_type', ['desc', 'asc'], 'desc') === 'asc' ? 1 : -1;
  const tickets = world.tickets
    .all()
    .filter((ticket) => (filter === 'deleted' ? ticket.deleted : !ticket.deleted))
    .filter((ticket) => (filter === 'spam' ? ticket.spam : filter === 'deleted' || !ticket.spam))
    .filter((ticket) =>
      since === null ? Date.parse(ticket.created_at) >= monthAgo : Date.parse(ticket.updated_at) >= since,
    )
    .filter((ticket) => belongsTo(world, ticket, call.query))
    .sort((a, b) => sign * (compare(a[orderBy], b[orderBy]) || a.id - b.id));
  return pageAnswer(call, tickets, (ticket) => presentListed(world, ticket, include, call.root), {
    maxPage: 300,
    link: world.knobs.linkHeader,
  });
}

function belongsTo(world: FreshdeskWorld, ticket: Ticket, query: URLSearchParams): boolean {
  const requester = world.contacts.get(ticket.requester_id);
  const email = query.get('email');
  const externalId = query.get('unique_external_id');
  return (
    (query.get('requester_id') ?? String(ticket.requester_id)) === String(ticket.requester_id) &&
    (query.get('company_id') ?? String(ticket.company_id)) === String(ticket.company_id) &&
    (email === null || (requester !== undefined && hasEmail(requester, email))) &&
    (externalId === null || requester?.unique_external_id === externalId)
  );
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
