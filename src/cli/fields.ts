/** `fields freshdesk|field-nation`: what the config can name, as the accounts have it. Two calls each, at once. */
import type { FieldChoice } from '../clients/freshdesk';
import { resolveRuntime } from '../runtime';
import { openFieldNation, openFreshdesk, withAccount } from '../checks/accounts';
import { readSettings } from './context';
import { WorkFailedError } from '../command-errors';
import { printJson, printTable } from './output';
import { faultOf } from '../checks/upstream-fault';

export async function freshdeskFields(json: boolean): Promise<void> {
  const settings = readSettings({ calls: ['freshdesk'], secrets: [] });
  const read = await withAccount(openFreshdesk(settings, resolveRuntime(settings)), async ({ client, baseUrl }) =>
    orExplain(baseUrl, async () => ({ tickets: await client.ticketFields(), contacts: await client.contactFields() })),
  );
  const ticketFields = read.tickets.map(({ name, label, type, required_for_closure: closure, choices }) => ({
    key: name,
    label,
    type,
    path: type?.startsWith('default_') ? null : `ticket.custom_fields.${name}`,
    requiredForClosure: closure ?? false,
    choices: choices.map(shownChoice),
  }));
  const contactFields = read.contacts.map(({ name, label, type, required_for_agents: required, choices }) => ({
    // In the config, as in the API's bodies, without the prefix that some accounts show.
    key: type?.startsWith('default_') ? name : name.replace(/^cf_/, ''),
    label,
    type,
    required: required ?? false,
    choices: choices.map(shownChoice),
  }));
  if (json) return printJson({ ticketFields, contactFields });
  console.log(
    'Ticket fields: custom ones as ticket.custom_fields.<key>, linkField or status.….fields; statuses by their label',
  );
  printTable(
    ['Key', 'Label', 'Type', 'Choices'],
    ticketFields.map(({ key, label, type, choices }) => [
      key,
      label ?? '',
      type ?? '',
      choices.map(inWords).join(', '),
    ]),
  );
  console.log('\nContact fields: custom ones under contacts.customFields');
  printTable(
    ['Key', 'Label', 'Type', 'Required', 'Choices'],
    contactFields.map(({ key, label, type, required, choices }) => [
      ...[key, label ?? '', type ?? '', required ? 'yes' : ''],
      choices.map(inWords).join(', '),
    ]),
  );
}

export async function fieldNationFields(json: boolean): Promise<void> {
  const settings = readSettings({ calls: ['field-nation'], secrets: [] });
  const read = await withAccount(openFieldNation(settings, resolveRuntime(settings)), async ({ client, baseUrl }) =>
    orExplain(baseUrl, async () => ({
      fields: await client.customFieldDefinitions(),
      types: await client.typesOfWork(),
    })),
  );
  const customFields = read.fields.map(
    ({ id, name, type, required, internal, unique, filled_by: filledBy, options }) => ({
      ...{ id, name, type, required, internal, unique, filledBy, options: options ?? [] },
    }),
  );
  const typesOfWork = read.types.map(({ id, name, industry }) => ({ id, name, industry }));
  if (json) return printJson({ customFields, typesOfWork });
  console.log('Work-order custom fields: custom_fields.<id or name> under workOrder, and dispatch.correlationField');
  printTable(
    ['Id', 'Name', 'Type', 'Filled by', 'Marks', 'Values'],
    customFields.map(({ id, name, type, filledBy, required, internal, unique, options }) => [
      ...[String(id), name ?? '', type ?? '', filledBy ?? ''],
      [required && 'required', internal && 'internal', unique && 'unique'].filter(Boolean).join(', '),
      options.join(', '),
    ]),
  );
  console.log('\nTypes of work: types_of_work: { static: [{ id: <id>, isPrimary: true }] }');
  printTable(
    ['Id', 'Name', 'Industry'],
    typesOfWork.map(({ id, name, industry }) => [String(id), name ?? '', industry ?? '']),
  );
}

const shownChoice = ({ value, label, children }: FieldChoice) => ({
  ...{ value, label },
  ...(children.length > 0 ? { children: children.map(({ value: child }) => child) } : {}),
});

const inWords = ({ value, label }: { value: string; label: string }): string =>
  value === label ? label : `${label} (${value})`;

async function orExplain<T>(baseUrl: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { subject, cause, remedy } = faultOf(error, baseUrl);
    throw new WorkFailedError(`${subject}: ${cause}. ${remedy}`);
  }
}
