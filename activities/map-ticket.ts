/** Maps a ticket with the config of today. Promise: Freshdesk's and Field Nation's words are asked for only when the mapping needs them. */
import type { TicketInclude } from '../src/clients/freshdesk';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { Config } from '../src/config/schema';
import {
  fieldPaths,
  mappingPaths,
  type MappedStart,
  mapWorkOrder,
  needsTicketFields,
  withLabels,
  type MappedWorkOrder,
} from '../src/domain/mapping';
import type { Directory } from './directory';

/** Which embeds the mapping names: each costs a credit. */
export const includesFor = ({ workOrder }: Config): TicketInclude[] => embedsOf(mappingPaths(workOrder));

export const embedsOf = (paths: readonly string[]): TicketInclude[] =>
  (['requester', 'company'] as const).filter((embed) =>
    // With the dot: `ticket.requester_id` stands in the ticket itself.
    paths.some((path) => path === `ticket.${embed}` || path.startsWith(`ticket.${embed}.`)),
  );

export interface MapTicketInput {
  ticket: Ticket;
  account: string;
  correlationId: string;
  visit: number;
  /** For an order that exists: the start that it got last, null when nobody knows. */
  since?: { start?: MappedStart | null };
}

export async function mapTicket(
  { config, directory }: { config: Config; directory: Directory },
  input: MapTicketInput,
  signal: AbortSignal,
  now: () => number = Date.now,
): Promise<MappedWorkOrder> {
  const { workOrder, dispatch } = config;
  const needsIds =
    typeof dispatch.correlationField === 'string' || Object.keys(workOrder).some((t) => /^custom_fields\.\D/.test(t));
  const mapped = mapWorkOrder(workOrder, input, {
    correlationField: dispatch.correlationField,
    customFieldIds: needsIds ? await directory.customFieldIds(signal) : null,
    ticketFields: await directory.ticketFieldNames(signal),
    schedule: {
      now: new Date(now()).toISOString(),
      timeZone: dispatch.timeZone,
      startOfDay: dispatch.startOfDay,
      earliestStart: dispatch.earliestStart,
      previous: input.since?.start ?? null,
    },
  });
  // A name may have been mended there meanwhile: the next look asks anew.
  const usesNames = needsIds || needsTicketFields(mappingPaths(workOrder));
  if (mapped.problems.length > 0 && usesNames) directory.forget();
  return mapped;
}

/** So long after its birth a ticket may still get its due dates, which Freshdesk sets by itself after some seconds. In ms. */
const DUE_COMES_WITHIN = 60_000;

/**
 * The problems that a person must mend: not those that end when Freshdesk sets the due dates of a new ticket by itself, of
 * which no rule tells.
 */
export async function lastingProblems(
  deps: { config: Config; directory: Directory },
  input: MapTicketInput,
  problems: MappedWorkOrder['problems'],
  signal: AbortSignal,
): Promise<MappedWorkOrder['problems']> {
  const { ticket } = input;
  const { created_at: born, due_by: due, fr_due_by: firstDue } = ticket;
  const isNew = born !== null && Date.now() - Date.parse(born) < DUE_COMES_WITHIN;
  if (problems.length === 0 || !isNew || (due !== null && firstDue !== null)) return problems;
  const later = new Date(Date.parse(born) + 24 * 3_600_000).toISOString();
  const dated = { ...ticket, due_by: due ?? later, fr_due_by: firstDue ?? later };
  return (await mapTicket(deps, { ...input, ticket: dated }, signal)).problems;
}

/** The ticket with the labels and words that the templates of `status` name; costs a call only when they name some. */
export async function withFieldNames(
  status: Config['status'],
  ticket: Ticket,
  directory: Directory,
  signal: AbortSignal,
): Promise<Ticket> {
  const settings = Object.values(status).flatMap((effect) => [
    effect?.note ?? '',
    ...Object.values(effect?.fields ?? {}),
  ]);
  const paths = settings.flatMap(fieldPaths);
  if (!needsTicketFields(paths)) return ticket;
  return { ...ticket, ...withLabels(ticket, paths, await directory.ticketFieldNames(signal)).ticket };
}
