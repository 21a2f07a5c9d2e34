/**
 * What a fresh mapping means for an order that exists already. Promise: only values that the order lacks leave this file,
 * with prints of the rest; pure, no call is made here. Source: interface, section 8.
 */
import { createHash } from 'node:crypto';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { Config } from '../src/config/schema';
import { mappingPaths, type MappedWorkOrder } from '../src/domain/mapping';
import { canonical, changedTargets, patchOf, printsOf, type PrintOf } from '../src/domain/order-update';
import { mostPay } from '../src/domain/pay';
import { reads, ticketContent } from '../src/domain/ticket-content';
import type { PlanInput, OrderChange, TicketContent, DispatchPlan } from '../src/contract/ticket-calls';

const LENGTH = 11;

/** Salted, so that equal values of two tickets have different prints. */
const printer =
  (salt: string): PrintOf =>
  (text) =>
    createHash('sha256').update(`${salt}\n${text}`).digest('base64url').slice(0, LENGTH);

/** Custom fields of the ticket that Deskbridge writes by this config. */
const ownFields = ({ dispatch, status }: Config): string[] => [
  ...[dispatch.linkField, dispatch.sites.progressField].filter((name) => name !== null),
  ...Object.values(status).flatMap((effect) => Object.keys(effect?.fields ?? {})),
];

export function contentOf(config: Config, ticket: Ticket): TicketContent {
  const paths = mappingPaths(config.workOrder);
  const text = ticketContent(paths, ticket, ownFields(config));
  return {
    print: printer(`ticket ${ticket.id}`)(text),
    readsStatus: reads(paths, 'status'),
    readsTags: reads(paths, 'tags'),
  };
}

/**
 * The plan for a create, or the change for an existing order. A start that was moved because `due_by` was too near has the
 * print of that `due_by`: while it stays the same, the schedule is no change.
 */
export function planned(
  { payload, problems, start }: Pick<MappedWorkOrder, 'payload' | 'problems' | 'start'>,
  { correlationId, since }: PlanInput,
  mayComeByItself = false,
): { plan: DispatchPlan | null; update: OrderChange | null } {
  const printOf = printer(correlationId);
  const prints = printsOf(payload, printOf);
  if (start !== null && start.dueBy !== null) {
    const { service_window: window } = payload['schedule'] as { service_window: object };
    prints['schedule'] = printOf(canonical({ ...window, start: start.dueBy }));
  }
  const cost = mostPay(payload);
  if (!since) return { plan: { payload, problems, prints, cost, start, mayComeByItself }, update: null };
  const targets = changedTargets(prints, since.sent, since.refused);
  // The visit may be under way: only a start that changes has to lie ahead.
  const standing = problems.filter(({ past }) => past !== true || targets.includes('schedule'));
  return { plan: null, update: { patch: patchOf(payload, targets), prints, problems: standing, cost, start } };
}
