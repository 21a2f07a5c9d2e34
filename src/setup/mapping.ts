/** What the mapping can choose from, and what a real ticket becomes by it, with accounts and config as they are saved. Reads only. */
import { createDirectory } from '../../activities/directory';
import { createPreviewActivities } from '../../activities/preview';
import type { Upstream } from '../../activities/upstream';
import { openFieldNation, openFreshdesk, withAccount } from '../checks/accounts';
import { faultOf } from '../checks/upstream-fault';
import type { CustomFieldDefinition, TypeOfWork } from '../clients/field-nation';
import type { TicketField } from '../clients/freshdesk';
import { UpstreamError } from '../clients/upstream-error';
import type { Config } from '../config/schema';
import type { Env } from '../config/settings-reader';
import type { MappingPreview } from '../contract/preview';
import { resolveRuntime } from '../runtime';
import { fieldNationOf, freshdeskOf } from './accounts';
import { NotYetError } from './make';

export interface Choices {
  ticketFields: TicketField[];
  /** Null, with the reason: Field Nation cannot be asked. */
  fieldNation: { types: TypeOfWork[]; fields: CustomFieldDefinition[] } | null;
  fieldNationProblem: string | null;
}

/** Three calls. @throws NotYetError when Freshdesk cannot be asked */
export async function readChoices(env: Env): Promise<Choices> {
  const { settings } = freshdeskOf(env);
  if (!settings?.freshdesk) throw new NotYetError('Enter your Freshdesk account first.');
  const [ticketFields, fieldNation] = await Promise.all([
    withAccount(openFreshdesk(settings, resolveRuntime(settings)), ({ client, baseUrl }) =>
      client.ticketFields().catch((error: unknown) => {
        const { subject, cause, remedy } = faultOf(error, baseUrl);
        throw new NotYetError(`${subject}: ${cause}. ${remedy}`);
      }),
    ),
    readFieldNation(env).catch((error: unknown) => {
      if (error instanceof NotYetError) return error.message;
      throw error;
    }),
  ]);
  return typeof fieldNation === 'string'
    ? { ticketFields, fieldNation: null, fieldNationProblem: fieldNation }
    : { ticketFields, fieldNation, fieldNationProblem: null };
}

async function readFieldNation(env: Env): Promise<NonNullable<Choices['fieldNation']>> {
  const { settings } = fieldNationOf(env);
  if (!settings?.fieldNation) throw new NotYetError('Enter Field Nation’s credentials to choose from its lists.');
  return withAccount(openFieldNation(settings, resolveRuntime(settings)), async ({ client, baseUrl }) => {
    try {
      const [types, fields] = await Promise.all([client.typesOfWork(), client.customFieldDefinitions()]);
      return { types, fields };
    } catch (error) {
      const { subject, cause, remedy } = faultOf(error, baseUrl);
      throw new NotYetError(`${subject}: ${cause}. ${remedy}`);
    }
  });
}

/** A person waits. In ms. */
const WITHIN_MS = 20_000;

/** The work order of a ticket by this config. Nothing is sent to Field Nation. */
export async function previewOf(
  env: Env,
  config: Config,
  ticketId: number,
): Promise<{ preview: MappingPreview } | { problem: string }> {
  const { settings } = freshdeskOf(env);
  if (!settings?.freshdesk) return { problem: 'Enter your Freshdesk account first.' };
  const runtime = resolveRuntime(settings);
  const upstream: Upstream = (_system, call) => call(AbortSignal.timeout(WITHIN_MS));
  return withAccount(openFreshdesk(settings, runtime), async ({ client, baseUrl }) => {
    const fieldNation = fieldNationOf(env).settings;
    const other = fieldNation?.fieldNation ? openFieldNation(fieldNation, resolveRuntime(fieldNation)) : null;
    const missing = { customFieldDefinitions: () => Promise.resolve([]) } as never;
    const directory = createDirectory({ freshdesk: client, fieldNation: other?.client ?? missing, upstream });
    const preview = createPreviewActivities({
      ...{ freshdesk: client, directory, upstream },
      config: { current: () => config },
    });
    try {
      const visit = { account: runtime.account, ticketId, visit: 1, ticket: null };
      return { preview: await preview.previewMapping(visit) };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      if (error.status === 404)
        return { problem: `There is no ticket ${ticketId} in Freshdesk, or this key may not see it.` };
      const { subject, cause, remedy } = faultOf(
        error,
        error.system === 'freshdesk' ? baseUrl : (other?.baseUrl ?? ''),
      );
      return { problem: `${subject}: ${cause}. ${remedy}` };
    } finally {
      await other?.client.close();
    }
  });
}
