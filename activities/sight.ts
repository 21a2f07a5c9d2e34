/** The ticket as the rules of the config see it, with the account's own labels. Promise: no call but what the directory keeps. */
import type { Ticket } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { isNumeric } from '../src/domain/rule-text';
import type { TicketSight } from '../src/domain/trigger';
import type { Directory } from './directory';
import { sightOf, triggerStatuses } from './rules';

/** With the trigger statuses of the config that the account does not have. */
export async function readSight(
  directory: Directory,
  dispatch: Config['dispatch'],
  ticket: Ticket,
  signal: AbortSignal,
): Promise<{ sight: TicketSight; unknownStatuses: string[] }> {
  const { numbers, unknown } = triggerStatuses(dispatch.when, await directory.ticketStatuses(signal));
  const namesCompanies = dispatch.only.companies.some((name) => !isNumeric(name));
  const companyId = namesCompanies ? ticket.company_id : null;
  const labels = await directory.ruleLabels({ companyId }, signal);
  return { sight: sightOf(ticket, dispatch, numbers, labels), unknownStatuses: unknown };
}
