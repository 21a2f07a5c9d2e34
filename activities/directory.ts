/**
 * What an account calls its things: status labels, types of ticket fields, ids of work-order custom fields. Promise: read
 * once and kept for ten minutes, so that a dispatch pays no call for it. Sources: Freshdesk contract 6.6, Field Nation 12.
 */
import type { TicketFieldNames } from '../src/domain/mapping';
import { Companies } from './companies';
import { kept } from './kept';
import { mayNotRead } from './may-not-read';
import { addFieldNames, namesWithoutRights, type ReadNames } from './ticket-field-names';
import { textForm } from '../src/domain/rule-text';
import type { TicketField } from '../src/clients/freshdesk';
import type { FreshdeskClient } from '../src/clients/freshdesk/types';
import type { RuleLabels } from './rules';
import type { FieldNationClient } from '../src/clients/field-nation/types';
import type { Upstream } from './upstream';

/** Labels that Freshdesk ships with; used when the key may not read the ticket fields. */
const SHIPPED_STATUSES: [string, number][] = [
  ['open', 2],
  ['pending', 3],
  ['resolved', 4],
  ['closed', 5],
];

export interface Directory {
  /** Lower-cased label → number of every ticket status; agent and customer labels. */
  ticketStatuses(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** What the account calls the numbers of priorities, groups and products, and the company of a ticket where that is asked. */
  ruleLabels(only: { companyId: number | null }, signal: AbortSignal): Promise<RuleLabels>;
  /** Key of a ticket custom field → its type, such as `custom_number`; empty when the key may not read them. */
  ticketFieldTypes(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  readonly companies: Companies;
  /** What people call ticket fields and choices; comes with the same call. */
  ticketFieldNames(signal: AbortSignal): Promise<TicketFieldNames>;
  /** Lower-cased name → id of every work-order custom field. */
  customFieldIds(signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** The agent whose key this is; asked once a process. Null when the key may not ask. */
  ownAgentId(signal: AbortSignal): Promise<number | null>;
  /** After a name was not found: the next question is asked anew, so that mending it there and `retry` is enough. */
  forget(): void;
}

const numbersOf = ({ choices }: TicketField): Map<string, number> =>
  new Map(choices.flatMap(({ label, id }) => (id === null ? [] : [[textForm(label), id] as const])));

interface TicketFieldsRead {
  statuses: Map<string, number>;
  /** By type of field, such as `default_group`: lower-cased label → number. */
  numbers: Map<string, Map<string, number>>;
  types: Map<string, string>;
  names: ReadNames;
}

export interface DirectoryDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  upstream: Upstream;
}

export function createDirectory(
  { freshdesk, fieldNation, upstream }: DirectoryDeps,
  now: () => number = Date.now,
): Directory {
  const ticketFields = kept(async (signal): Promise<TicketFieldsRead> => {
    const names = namesWithoutRights();
    const read: TicketFieldsRead = {
      ...{ statuses: new Map(SHIPPED_STATUSES), numbers: new Map(), types: new Map(), names },
    };
    const fields = await freshdesk.ticketFields(signal).catch((error: unknown) => {
      if (mayNotRead(error)) return [];
      throw error;
    });
    addFieldNames(names, fields);
    for (const field of fields) {
      if (field.type) read.types.set(field.name, field.type);
      if (field.type && field.default === true) read.numbers.set(field.type, numbersOf(field));
      if (field.type !== 'default_status') continue;
      // Names are editable: once the account's own labels are known, the shipped ones no longer count.
      if (field.choices.length > 0) read.statuses.clear();
      for (const choice of field.choices) {
        if (choice.id === null) continue;
        if (choice.customerLabel) read.statuses.set(choice.customerLabel.trim().toLowerCase(), choice.id);
      }
      for (const choice of field.choices) {
        if (choice.id !== null) read.statuses.set(choice.label.trim().toLowerCase(), choice.id);
      }
    }
    return read;
  }, now);

  // Asked for while a ticket is looked at, so that only here it is known that the call goes to Field Nation.
  const customFields = kept(async () => {
    const definitions = await upstream('field-nation', (signal) => fieldNation.customFieldDefinitions(signal));
    return new Map(
      definitions.flatMap((field): [string, number][] =>
        field.name ? [[field.name.trim().toLowerCase(), field.id]] : [],
      ),
    );
  }, now);

  let ownAgent: number | null | undefined;
  const companies = new Companies(freshdesk, now);

  return {
    companies,
    async ruleLabels({ companyId }, signal) {
      const { numbers } = await ticketFields.get(signal);
      const of = (type: string): ReadonlyMap<string, number> => numbers.get(type) ?? new Map<string, number>();
      return {
        priorities: of('default_priority'),
        groups: of('default_group'),
        products: of('default_product'),
        company: companyId === null ? null : ((await companies.view(companyId, signal))?.name ?? null),
      };
    },
    async ownAgentId(signal) {
      if (ownAgent !== undefined) return ownAgent;
      ownAgent = await freshdesk.me(signal).then(
        ({ id }) => id,
        (error: unknown) => {
          if (mayNotRead(error)) return null;
          throw error;
        },
      );
      return ownAgent;
    },
    ticketStatuses: async (signal) => (await ticketFields.get(signal)).statuses,
    ticketFieldTypes: async (signal) => (await ticketFields.get(signal)).types,
    ticketFieldNames: async (signal) => (await ticketFields.get(signal)).names,
    customFieldIds: (signal) => customFields.get(signal),
    forget() {
      ticketFields.forget();
      companies.forget();
      customFields.forget();
    },
  };
}
