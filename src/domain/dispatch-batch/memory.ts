/**
 * What the run of a batch remembers, and what each answer makes of it. Promise: a ticket is asked for once and ends once; few
 * are under way at a time; the memory stays small with thousands of tickets.
 */
import type {
  BatchCounts,
  BatchMemory,
  BatchStepAnswer,
  BatchStepInput,
  BatchTicket,
  BatchView,
  DispatchBatchInput,
  FoundTickets,
  ReadTicket,
  TicketStage,
} from '../../contract/dispatch-batch';

/** Of Freshdesk's search: it shows no more, 30 a page. */
export const MOST_FOUND = 300;
/** Visits under way at a time: enough for any quota. One that takes longer than its turn counts no more, up to a bound. */
const AT_ONCE = 8;
const MOST_UNDER_WAY = 40;
const TURN_MS = 5 * 60_000;
/** After that nobody can say that the visit will still begin. */
const GIVEN_UP_MS = 2 * 60 * 60_000;
/** Reasons are kept once each, and so many of them; in characters. */
const MOST_WHYS = 300;
const LONGEST_WHY = 300;

export const TO_BEGIN: readonly TicketStage[] = ['ready', 'asks', 'problem'];

export function begin({ carried, of }: DispatchBatchInput): BatchMemory {
  if (carried) return carried;
  const tickets = 'tickets' in of ? of.tickets.map(unread) : [];
  const stage = 'tickets' in of ? 'reading' : 'finding';
  return { schema: 1, stage, refusal: null, tickets, whys: [], page: 1, paused: null, begunAt: {} };
}

const unread = (ticketId: number): BatchTicket => [ticketId, 0, 'unread', null, null];

export function onFound(memory: BatchMemory, { total, ticketIds }: FoundTickets): void {
  if (total > MOST_FOUND) {
    const remedy = 'Narrow it, such as by created_at or by group_id, or give the ticket numbers in a file.';
    const detail = `The query finds ${total} tickets, and Freshdesk's search shows ${MOST_FOUND} at most. ${remedy}`;
    refuse(memory, { isUsage: true, detail });
    return;
  }
  const known = new Set(memory.tickets.map(([ticketId]) => ticketId));
  memory.tickets.push(...[...new Set(ticketIds)].filter((ticketId) => !known.has(ticketId)).map(unread));
  memory.page += 1;
  // Tickets may leave the search while it is read: an empty page is its end.
  if (ticketIds.length === 0 || memory.tickets.length >= total || memory.page > MOST_FOUND / 30)
    memory.stage = 'reading';
}

export function refuse(memory: BatchMemory, refusal: NonNullable<BatchMemory['refusal']>): void {
  memory.stage = 'refused';
  memory.refusal = refusal;
}

/** The place of a reason among those that are kept. */
function placeOf({ whys }: BatchMemory, why: string | null): number | null {
  if (why === null) return null;
  const text = why.length > LONGEST_WHY ? `${why.slice(0, LONGEST_WHY - 1)}…` : why;
  const known = whys.indexOf(text);
  if (known >= 0) return known;
  if (whys.length < MOST_WHYS) return whys.push(text) - 1;
  const more = 'See `deskbridge show` or `deskbridge mapping preview` for this ticket.';
  const place = whys.indexOf(more);
  return place >= 0 ? place : whys.push(more) - 1;
}

export function onRead(memory: BatchMemory, ticket: BatchTicket, { stage, after, cost, why }: ReadTicket): void {
  ticket.splice(1, 4, after, stage, cost, placeOf(memory, why));
}

const endWith = (memory: BatchMemory, ticket: BatchTicket, stage: TicketStage, why: string | null): void => {
  ticket[2] = stage;
  ticket[4] = placeOf(memory, why);
};

/** What is to be done next; `mayBegin` false: only look at those that are under way. */
export function nextStep(
  { tickets, begunAt }: BatchMemory,
  { name, nextVisit }: Pick<DispatchBatchInput, 'name' | 'nextVisit'>,
  mayBegin: boolean,
  now: number,
): BatchStepInput {
  const underWay = tickets.filter(([, , stage]) => stage === 'begun');
  const inTurn = underWay.filter(([ticketId]) => now - Date.parse(begunAt[ticketId] ?? '') < TURN_MS);
  const room = mayBegin ? Math.min(AT_ONCE - inTurn.length, MOST_UNDER_WAY - underWay.length) : 0;
  const next = tickets.filter(([, , stage]) => TO_BEGIN.includes(stage)).slice(0, Math.max(0, room));
  return {
    begin: next.map(([ticketId, after]) => ({ ticketId, word: { after, first: !nextVisit } })),
    watch: underWay.map(([ticketId, after]) => ({ ticketId, after })),
    by: `A person, by ${name},`,
  };
}

/** True when the answer said anything new. */
export function onStep(memory: BatchMemory, { paused, begun, ended }: BatchStepAnswer, now: number): boolean {
  const isNew = paused !== memory.paused || begun.length + ended.length > 0;
  memory.paused = paused;
  const byId = new Map(memory.tickets.map((ticket) => [ticket[0], ticket]));
  for (const ticketId of begun) {
    const ticket = byId.get(ticketId);
    if (!ticket) continue;
    endWith(memory, ticket, 'begun', null);
    memory.begunAt[ticketId] = new Date(now).toISOString();
  }
  for (const { ticketId, stage, why } of ended) {
    const ticket = byId.get(ticketId);
    if (!ticket) continue;
    endWith(memory, ticket, stage, why);
    delete memory.begunAt[ticketId];
  }
  for (const [ticketId, at] of Object.entries(memory.begunAt)) {
    const ticket = byId.get(Number(ticketId));
    if (!ticket || now - Date.parse(at) < GIVEN_UP_MS) continue;
    endWith(
      memory,
      ticket,
      'failed',
      'Its visit has not begun within two hours: `deskbridge show` says what it waits for.',
    );
    delete memory.begunAt[ticketId];
  }
  return isNew;
}

export function countsOf({ tickets }: Pick<BatchMemory, 'tickets'>): BatchCounts {
  const counts: BatchCounts = {
    ...{ unread: 0, ready: 0, asks: 0, problem: 0, begun: 0 },
    ...{ dispatched: 0, attention: 0, 'left-out': 0, failed: 0 },
  };
  for (const [, , stage] of tickets) counts[stage] += 1;
  return counts;
}

export const viewOf = (memory: BatchMemory): BatchView => {
  const { stage, tickets, paused, refusal } = memory;
  return { stage, total: tickets.length, counts: countsOf(memory), paused, refusal };
};
