/** Statuses, ticket fields and contact fields of the config against what Freshdesk has. Source: interface, section 7. */
import { isClosedStatus, numberOf } from '../../activities/rules';
import { addFieldNames, namesWithoutRights } from '../../activities/ticket-field-names';
import type { ContactField, FieldChoice, TicketField } from '../clients/freshdesk';
import type { Config } from '../config/schema';
import { mappingPaths, fieldPaths } from '../domain/mapping';
import { textForm } from '../domain/rule-text';
import { splitPath } from '../domain/mapping/sources';
import { failed, warning, type Finding } from './finding';
import { orAllFine, unknownName, type Named } from './names';

const TEXT_FIELDS = ['custom_text', 'custom_paragraph', 'custom_number', 'custom_decimal'];

/** Lower-cased label, of agents and customers, → number. */
export function statusLabels(choices: readonly FieldChoice[]): Map<string, number> {
  const labels = (of: (choice: FieldChoice) => string | null): [string, number][] =>
    choices.flatMap((choice) => {
      const label = of(choice);
      return label === null || choice.id === null ? [] : [[label.trim().toLowerCase(), choice.id]];
    });
  return new Map([...labels((c) => c.customerLabel), ...labels((c) => c.label)]);
}

export function checkStatuses({ dispatch, status }: Config, fields: readonly TicketField[]): Finding[] {
  const choices = fields.find(({ type }) => type === 'default_status')?.choices ?? [];
  const labels = statusLabels(choices);
  const named: Named[] = [
    ...dispatch.when.statuses.map((name, index) => ({ path: `dispatch.when.statuses[${index}]`, name })),
    ...Object.entries(status).flatMap(([key, effect]) => {
      const name = effect?.ticketStatus ?? null;
      return name === null ? [] : [{ path: `status.${key}.ticketStatus`, name }];
    }),
  ];
  const numbers = new Set(labels.values());
  const known = choices.map(({ label }) => label);
  const remedy = `Add it in Freshdesk (Admin > Ticket Fields > Status), or use one of: ${known.join(', ')}.`;
  const findings = named
    .filter(({ name }) => !numbers.has(numberOf(name, labels) ?? -1))
    .map((entry) => unknownName(entry, 'ticket status', known, remedy));
  return orAllFine('ticket statuses', findings, named.length);
}

/** Lists of the rules whose entries are choices of a ticket field, by the field's type, and what they are called. */
const CHOICE_LISTS = [
  ['default_priority', 'ticket priority', (rule: Rule) => ({ 'when.priorities': rule.when.priorities })],
  [
    'default_ticket_type',
    'ticket type',
    (rule: Rule) => ({ 'when.types': rule.when.types, 'only.types': rule.only.types }),
  ],
  ['default_group', 'group', (rule: Rule) => ({ 'only.groups': rule.only.groups })],
  ['default_product', 'product', (rule: Rule) => ({ 'only.products': rule.only.products })],
] as const;

type Rule = Config['dispatch'];

/** Priorities, types, groups and products of the rules. */
export function checkRuleChoices({ dispatch }: Config, fields: readonly TicketField[]): Finding[] {
  return CHOICE_LISTS.flatMap(([type, what, listsOf]) => {
    const choices = fields.find((field) => field.type === type)?.choices;
    if (choices === undefined) return [];
    const known = new Set(choices.flatMap(({ label, value, id }) => [label, value, id ?? value].map(textForm)));
    const remedy = `Add it in Freshdesk, or use one of: ${choices.map(({ label }) => label).join(', ')}.`;
    return Object.entries(listsOf(dispatch)).flatMap(([path, names]) =>
      [...names].flatMap((name, index) =>
        known.has(textForm(name))
          ? []
          : unknownName(
              { path: `dispatch.${path}[${index}]`, name },
              what,
              choices.map(({ label }) => label),
              remedy,
            ),
      ),
    );
  });
}

/** Ticket custom fields that mappings, notes, effects and the link name. */
export function checkTicketFields(config: Config, fields: readonly TicketField[]): Finding[] {
  const names = namesWithoutRights();
  addFieldNames(names, fields);
  const keys = new Set([...fields.map(({ name }) => name), ...[...names.keys.values()].flat()]);
  const read = (paths: readonly string[], where: string): Named[] =>
    paths.flatMap((path) => {
      const [root, section, name] = splitPath(path) ?? [];
      return root === 'ticket' && section === 'custom_fields' && name !== undefined ? [{ path: where, name }] : [];
    });
  const { linkField, when, sites } = config.dispatch;
  const written: Named[] = [
    ...(linkField === null ? [] : [{ path: 'dispatch.linkField', name: linkField }]),
    ...(sites.progressField === null ? [] : [{ path: 'dispatch.sites.progressField', name: sites.progressField }]),
    ...Object.keys(when.fields).map((name) => ({ path: 'dispatch.when.fields', name })),
    ...Object.entries(config.status).flatMap(([key, effect]) =>
      Object.keys(effect?.fields ?? {}).map((name) => ({ path: `status.${key}.fields`, name })),
    ),
  ];
  const wanted: Named[] = [
    ...Object.entries(config.workOrder).flatMap(([target, action]) =>
      read(mappingPaths({ [target]: action }), `workOrder.${target}`),
    ),
    ...Object.entries(config.status).flatMap(([key, effect]) => {
      const paths = [effect?.note ?? '', ...Object.values(effect?.fields ?? {})].flatMap(fieldPaths);
      return read(paths, `status.${key}`);
    }),
  ];
  const hasLabel = ({ name }: Named): boolean => names.keys.get(String(name).toLowerCase())?.length === 1;
  // Fields of the Field Service add-on, which the shipped mapping takes where they are.
  const isAddOn = ({ name }: Named): boolean => /^cf_fsm_/.test(String(name));
  const remedy =
    'Add the field in Freshdesk (Admin > Ticket Fields), or correct the name: deskbridge fields freshdesk lists them.';
  const findings = [
    ...written.filter(({ name }) => !keys.has(String(name))),
    ...wanted.filter((entry) => !keys.has(String(entry.name)) && !hasLabel(entry) && !isAddOn(entry)),
  ].map((entry) => unknownName(entry, 'ticket field', [...keys], remedy));
  const link = fields.find(({ name }) => name === linkField);
  if (link && !TEXT_FIELDS.includes(link.type ?? '')) {
    const detail = `${link.name} is of type ${link.type ?? 'unknown'}: it cannot hold a work order id`;
    findings.push(failed('Config', 'dispatch.linkField', detail, 'Name a single-line text field.'));
  }
  return [...orAllFine('ticket fields', findings, written.length + wanted.length), ...closureFields(config, fields)];
}

/** What Freshdesk wants filled before a ticket is resolved, and nobody here fills. */
function closureFields({ status }: Config, fields: readonly TicketField[]): Finding[] {
  const labels = statusLabels(fields.find(({ type }) => type === 'default_status')?.choices ?? []);
  return Object.entries(status).flatMap(([key, effect]) => {
    const wanted = effect?.ticketStatus ?? null;
    const number = wanted === null ? null : numberOf(wanted, labels);
    if (number === null || !isClosedStatus(number)) return [];
    return fields
      .filter(({ name, required_for_closure }) => required_for_closure === true && !(name in (effect?.fields ?? {})))
      .map(({ name, label }) =>
        warning(
          'Config',
          `status.${key}`,
          `Freshdesk wants ${name} (${label ?? name}) filled before a ticket is ${wanted}`,
          `Fill it under status.${key}.fields, have agents fill it, or do not require it (Admin > Ticket Fields).`,
        ),
      );
  });
}

/** Contact attributes that the mapping fills by itself, as their fields are called. */
const OWN_CONTACT_FIELDS = ['name', 'email', 'phone', 'job_title', 'company_name', 'tag_names'];

export function checkContactFields({ contacts }: Config, fields: readonly ContactField[]): Finding[] {
  const custom = fields.filter(({ type, default: shipped }) => shipped !== true && !type?.startsWith('default_'));
  // The API writes them without the prefix that some accounts show.
  const keys = custom.map(({ name }) => name.replace(/^cf_/, ''));
  const named = Object.keys(contacts.customFields).map((name) => ({ path: 'contacts.customFields', name }));
  const remedy =
    'Add the field in Freshdesk (Admin > Contact Fields), or take the line out: deskbridge fields freshdesk lists them.';
  const findings = named
    .filter(({ name }) => !keys.includes(name))
    .map((entry) => unknownName(entry, 'contact field', keys, remedy));
  const filled = [...OWN_CONTACT_FIELDS, ...Object.keys(contacts.customFields)];
  const required = fields
    .filter(
      ({ name, required_for_agents }) => required_for_agents === true && !filled.includes(name.replace(/^cf_/, '')),
    )
    .map(({ name, label }) =>
      warning(
        'Config',
        'contacts.customFields',
        `Freshdesk requires ${name} (${label ?? name}) of a new contact, and nothing fills it`,
        'Map it under contacts.customFields, or do not require it (Admin > Contact Fields).',
      ),
    );
  return [...orAllFine('contact fields', findings, named.length), ...required];
}
