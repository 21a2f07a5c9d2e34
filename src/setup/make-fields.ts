/** Makes the fields that the account lacks. Promise: none is made twice; it ends at the first that Freshdesk refuses. */
import type { FreshdeskClient } from '../clients/freshdesk';
import { UpstreamError } from '../clients/upstream-error';
import { faultOf } from '../checks/upstream-fault';
import type { FieldToMake } from './fields-to-make';

export interface MadeFields {
  /** Names, as Freshdesk gave them. */
  made: string[];
  /** Why not all of them were made. */
  problem: string | null;
}

export async function makeFields(
  client: FreshdeskClient,
  baseUrl: string,
  fields: readonly FieldToMake[],
): Promise<MadeFields> {
  const made: string[] = [];
  for (const field of fields) {
    try {
      const { label, type } = field;
      const { name } = await (field.of === 'ticket'
        ? client.createTicketField({ label, type })
        : client.createContactField({ label, type }));
      made.push(named(field, name));
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { made, problem: `The field “${field.label}” was not made: ${refusal(error, baseUrl)}` };
    }
  }
  return { made, problem: null };
}

const named = ({ name, of }: FieldToMake, got: string): string => {
  const key = of === 'contact' ? got.replace(/^cf_/, '') : got;
  return key === name ? name : `${key} (choose it in the mapping instead of ${name})`;
};

function refusal(error: UpstreamError, baseUrl: string): string {
  if (error.status === 403) return 'only the key of an administrator may make fields. Make it by hand.';
  if (error.status === 400 || error.status === 409 || error.status === 404)
    return `Freshdesk answered: ${error.message}. Make it by hand.`;
  const { cause, remedy } = faultOf(error, baseUrl);
  return `${cause}. ${remedy}`;
}
