/** Types of work and work-order custom fields of the config against what the company has. Source: interface, section 7. */
import type { CustomFieldDefinition, TypeOfWork } from '../clients/field-nation';
import type { Config } from '../config/schema';
import type { MappingAction } from '../domain/mapping';
import { failed, warning, type Finding } from './finding';
import { orAllFine, unknownName, type Named } from './names';

/** Fixed values that a line may yield. */
const fixedValues = (action: MappingAction): unknown[] => [
  action.static,
  action.default,
  ...Object.values(action.map ?? {}),
  ...(action.range ?? []).map(({ value }) => value),
  ...(action.when
    ? [...fixedValues(action.when.then), ...(action.when.else ? fixedValues(action.when.else) : [])]
    : []),
  ...(action.first ?? []).flatMap(fixedValues),
];

function idsIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) return value.flatMap(idsIn);
  const { id } = (value ?? {}) as { id?: unknown };
  return typeof id === 'number' ? [id] : [];
}

export function checkTypesOfWork({ workOrder }: Config, types: readonly TypeOfWork[]): Finding[] {
  const named = Object.entries(workOrder)
    .filter(([target]) => /^types_of_work(\[\d+\]\.id)?$|^type_of_work\.id$/.test(target))
    .flatMap(([target, action]) =>
      fixedValues(action)
        .flatMap(idsIn)
        .map((name) => ({ path: `workOrder.${target}`, name })),
    );
  const some = types.slice(0, 5).map(({ id, name }) => `${id} ${name ?? ''}`.trim());
  const findings = named
    .filter(({ name }) => !types.some(({ id }) => id === name))
    .map(({ path, name }) =>
      failed(
        'Config',
        path,
        `the type of work ${name} does not exist`,
        `Write the id of one of your company (deskbridge fields field-nation lists them), such as ${some.join(', ')}.`,
      ),
    );
  return orAllFine('types of work', findings, named.length);
}

export function checkCustomFields(
  { workOrder, dispatch }: Config,
  fields: readonly CustomFieldDefinition[],
): Finding[] {
  const find = (name: string | number): CustomFieldDefinition | undefined =>
    fields.find((field) =>
      /^\d+$/.test(String(name))
        ? field.id === Number(name)
        : field.name?.trim().toLowerCase() === String(name).trim().toLowerCase(),
    );
  const { correlationField } = dispatch;
  const mapped = Object.entries(workOrder).flatMap(([target, action]) =>
    target.startsWith('custom_fields.')
      ? [{ path: `workOrder.${target}`, name: target.slice('custom_fields.'.length), action }]
      : [],
  );
  const named: Named[] = [
    ...(correlationField === null ? [] : [{ path: 'dispatch.correlationField', name: correlationField }]),
    ...mapped,
  ];
  const known = fields.map(({ name }) => name ?? '').filter((name) => name !== '');
  const remedy =
    'Add it in Field Nation (custom fields are made in its pages), or correct the id or name: deskbridge fields field-nation lists them.';
  const findings = named
    .filter(({ name }) => find(name) === undefined)
    .map((entry) =>
      unknownName(
        entry,
        'work-order custom field',
        known,
        correlationField === entry.name ? `${remedy} null: the description alone holds the id.` : remedy,
      ),
    );
  const correlation = correlationField === null ? undefined : find(correlationField);
  if (correlation && correlation.type !== null && correlation.type !== 'text') {
    const detail = `custom field ${correlation.id} (${correlation.name ?? ''}) is of type ${correlation.type}: it cannot hold the correlation id`;
    findings.push(failed('Config', 'dispatch.correlationField', detail, 'Name a text field, or null.'));
  }
  for (const { path, name, action } of mapped) {
    const options = find(name)?.options ?? [];
    if (options.length === 0) continue;
    const strange = fixedValues(action).filter(
      (value) =>
        value !== undefined &&
        value !== null &&
        !options.includes(typeof value === 'string' ? value : JSON.stringify(value)),
    );
    if (strange.length === 0) continue;
    const detail = `${strange.map((value) => JSON.stringify(value)).join(', ')} is not a value of this field`;
    findings.push(failed('Config', path, detail, `Use one of: ${options.join(', ')}.`));
  }
  const taken = new Set(named.map(({ name }) => find(name)?.id));
  const required = fields
    .filter(
      (field) => field.required && field.filled_by !== 'provider' && field.for_tech !== true && !taken.has(field.id),
    )
    .map(({ id, name }) =>
      warning(
        'Config',
        'workOrder',
        `Field Nation requires the custom field ${id} (${name ?? ''}), and nothing fills it`,
        `Map it: "custom_fields.${name ?? id}": { … }, or do not require it in Field Nation.`,
      ),
    );
  return [...orAllFine('work-order custom fields', findings, named.length), ...required];
}
