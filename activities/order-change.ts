/**
 * What a fresh mapping means for an order that exists already. Promise: only values that the order lacks leave this file,
 * with prints of the rest; pure, no call is made here. Source: interface, section 8.
 */
import { createHash } from 'node:crypto';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { Config } from '../src/config/schema';
import { mappingPaths, type MappedWorkOrder } from '../src/domain/mapping';
import { changedTargets, patchOf, printsOf, type PrintOf } from '../src/domain/order-update';
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
  ...(dispatch.linkField === null ? [] : [dispatch.linkField]),
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

/** The plan for a create, or the change for an existing order. */
export function planned(
  { payload, problems }: Pick<MappedWorkOrder, 'payload' | 'problems'>,
  { correlationId, since }: PlanInput,
  mayComeByItself = false,
): { plan: DispatchPlan | null; update: OrderChange | null } {
  const prints = printsOf(payload, printer(correlationId));
  if (!since) {
    return { plan: { payload, problems, ...(mayComeByItself ? { mayComeByItself } : {}), prints }, update: null };
  }
  const targets = changedTargets(prints, since.sent, since.refused);
  return { plan: null, update: { patch: patchOf(payload, targets), prints, problems } };
}
