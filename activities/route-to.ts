/** The provider that `dispatch.routeTo` means for a ticket. Promise: Freshdesk's words are asked for only when it needs them. */
import type { TicketInclude } from '../src/clients/freshdesk';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { Config } from '../src/config/schema';
import type { LookRules } from '../src/contract/ticket-calls';
import {
  nameOf,
  needsTicketFields,
  pathsOf,
  routeOf,
  sourceOf,
  withLabels,
  type MappedField,
} from '../src/domain/mapping';
import type { Directory } from './directory';
import { embedsOf } from './map-ticket';

type RouteRules = Pick<LookRules, 'afterCreate' | 'routeTo' | 'routeProblem'>;

const actionOf = ({ dispatch: { afterCreate, routeTo } }: Config) =>
  afterCreate === 'route' && typeof routeTo === 'object' && !Array.isArray(routeTo) ? routeTo : null;

/** Which embeds it names: each costs a credit. */
export function routeIncludes(config: Config): TicketInclude[] {
  const action = actionOf(config);
  return action === null ? [] : embedsOf(pathsOf(action));
}

/** What the config says of the route; for a ticket that is there, with its own values. */
export async function routeRules(
  { config, directory }: { config: Config; directory: Directory },
  { ticket, account }: { ticket: Ticket | null; account: string },
  signal: AbortSignal,
): Promise<RouteRules> {
  const { afterCreate, routeTo } = config.dispatch;
  const action = actionOf(config);
  if (action === null)
    return { afterCreate, routeTo: typeof routeTo === 'object' && !Array.isArray(routeTo) ? null : routeTo };
  if (ticket === null) {
    const [message, remedy] = ['The ticket, which names the provider, cannot be read', 'restore the ticket'];
    return {
      ...{ afterCreate, routeTo: null },
      routeProblem: { target: 'dispatch.routeTo', source: sourceOf(action), message, value: null, remedy },
    };
  }
  const paths = pathsOf(action);
  const names = needsTicketFields(paths) ? await directory.ticketFieldNames(signal) : null;
  const labelled = names === null ? null : withLabels(ticket, paths, names);
  const [unknown] = labelled?.unknown ?? [];
  if (unknown !== undefined) {
    const [source, { message, remedy }] = unknown;
    return {
      afterCreate,
      routeTo: null,
      routeProblem: { target: 'dispatch.routeTo', source, message, value: null, remedy },
    };
  }
  const route = routeOf(action, { ticket: labelled?.ticket ?? ticket, account, correlationId: '', visit: 0 });
  if (route === 'publish') return { afterCreate: 'publish', routeTo: null };
  return Array.isArray(route) ? { afterCreate, routeTo: route } : { afterCreate, routeTo: null, routeProblem: route };
}

/** The line of a preview; none where the ticket says nothing about the route. */
export function routeFields(config: Config, { afterCreate, routeTo }: RouteRules): MappedField[] {
  const action = actionOf(config);
  if (action === null) return [];
  const value = afterCreate === 'publish' ? 'publish' : routeTo;
  return [{ target: 'dispatch.routeTo', source: sourceOf(action), action: nameOf(action), value }];
}
