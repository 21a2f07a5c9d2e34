/** The mapping tried out. Promise: reads the ticket at most, writes nothing, and sends nothing to Field Nation but the question for the names of its custom fields. */
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { MappingPreview } from '../src/contract/preview';
import { correlationId } from '../src/domain/correlation';
import { ruleMatches } from '../src/domain/trigger';
import type { Directory } from './directory';
import { includesFor, mapTicket } from './map-ticket';
import { routeFields, routeIncludes, routeRules } from './route-to';
import { readSight } from './sight';
import type { Upstream } from './upstream';
import type { PreviewInput } from '../src/contract/run-inputs';

export interface PreviewActivitiesDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  config: { current(): Config };
  upstream: Upstream;
}

export const createPreviewActivities = ({ freshdesk, directory, config, upstream }: PreviewActivitiesDeps) => ({
  /** What the create would send for this ticket, by the config in force. */
  async previewMapping({ account, ticketId, visit, ticket: given }: PreviewInput): Promise<MappingPreview> {
    const current = config.current();
    return upstream('freshdesk', async (signal) => {
      const ticket =
        given ??
        (await freshdesk.viewTicket(
          ticketId,
          { include: [...new Set([...includesFor(current), ...routeIncludes(current)])] },
          signal,
        ));
      const id = correlationId(account, ticketId, visit);
      const { sight } = await readSight(directory, current.dispatch, ticket, signal);
      const matchesRule = ruleMatches(sight) && sight.barred === null;
      const input = { ticket, account, correlationId: id, visit };
      const { fields, problems, payload } = await mapTicket({ config: current, directory }, input, signal);
      const route = await routeRules({ config: current, directory }, { ticket, account }, signal);
      return {
        ...{ ticketId, correlationId: id, visit, matchesRule, workOrder: payload },
        fields: [...fields, ...routeFields(current, route)],
        problems: [...problems, ...(route.routeProblem ? [route.routeProblem] : [])],
      };
    });
  },
});
