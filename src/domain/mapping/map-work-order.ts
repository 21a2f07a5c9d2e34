/**
 * From a ticket to the body of Field Nation's create. Pure and total: whatever the ticket holds, the outcome is a body
 * and the list of all that stands in its way. Source: interface, section 7; Field Nation contract, section 4.
 */
import { correlationLine } from '../correlation';
import type { MappingAction } from './action';
import { inAgentWords } from './agent-words';
import { customFieldId } from './custom-fields';
import type { CustomFieldIds } from './custom-fields';
import { mappingPaths, nameOf, pathsOf, sourceOf } from './describe';
import { withLabels } from './labels';
import type { TicketFieldNames } from './labels';
import { mapSchedule } from './map-schedule';
import type { Draft, MappedWorkOrder } from './mapped-order';
import { countryOf, valueFor } from './mapped-value';
import { customFieldsBody, dropEmptyContacts, place } from './payload';
import { impossible, missingRequired } from './required';
import { NO_RULES } from './schedule';
import type { EdgeName, ScheduleRules } from './schedule';
import type { MappingSources } from './sources';
import { isTarget, parseTarget } from './targets';
import { isRefused } from './transforms';
import type { Refused } from './transforms';
import { asText, compact } from './values';

export interface MappingContext {
  /** Work-order custom field, id or name, that also holds the correlation id; null: description only. */
  correlationField: number | string | null;
  customFieldIds: CustomFieldIds;
  /** The account's words for fields and choices; without them only keys and numbers are known. */
  ticketFields?: TicketFieldNames;
  schedule?: ScheduleRules;
}

const EDGE = /^schedule\.service_window\.(start|end)\./;

export function mapWorkOrder(
  mapping: Readonly<Record<string, MappingAction>>,
  given: MappingSources,
  context: MappingContext,
): MappedWorkOrder {
  const { ticket, unknown } = context.ticketFields
    ? withLabels(given.ticket, mappingPaths(mapping), context.ticketFields)
    : { ticket: given.ticket, unknown: new Map<string, Refused>() };
  const sources = { ...given, ticket };
  const draft: Draft = {
    ...{ payload: {}, fields: [], problems: [], present: new Map(), customFields: new Map(), edges: {}, start: null },
    country: countryOf(mapping, sources),
    unknownLabels: unknown,
  };
  for (const [target, action] of Object.entries(mapping)) mapLine(draft, target, action, sources, context);
  mapSchedule(draft, sources, context.schedule ?? NO_RULES);
  const failed = new Set(draft.problems.map(({ target }) => target));
  draft.problems.push(...missingRequired(mapping, draft.present, failed), ...impossible(mapping, draft.present));

  // Not before here: nothing that people wrote may come after the id, in the description or in its field.
  writeCorrelationField(draft, sources.correlationId, context);
  if (draft.customFields.size > 0) draft.payload['custom_fields'] = customFieldsBody(draft.customFields);
  // A list whose first items got no value has holes.
  const payload = (compact(draft.payload, (text) => text) ?? {}) as Record<string, unknown>;
  dropEmptyContacts(payload);
  const described = draft.present.get('description.html');
  const html = typeof described === 'string' ? described : '';
  payload['description'] = { html: html + correlationLine(sources.correlationId) };
  const problems = draft.problems.map((problem) => inAgentWords(problem, context.ticketFields));
  return { payload, fields: draft.fields, problems, start: draft.start };
}

function mapLine(
  draft: Draft,
  name: string,
  action: MappingAction,
  sources: MappingSources,
  { customFieldIds }: MappingContext,
): void {
  const source = sourceOf(action);
  const refuse = ({ message, remedy, value }: Refused): void => {
    draft.problems.push({ target: name, source, message, value, remedy });
    draft.fields.push({ target: name, source, action: nameOf(action), value: null });
  };
  const target = parseTarget(name);
  if (!isTarget(target)) return refuse({ message: target.message, remedy: target.hint, value: null });
  const unknown = pathsOf(action).find((path) => draft.unknownLabels.has(path));
  const mapped = draft.unknownLabels.get(unknown ?? '') ?? valueFor(target, action, sources, draft.country);
  if (isRefused(mapped)) return refuse(mapped);
  const edge = EDGE.exec(name)?.[1] as EdgeName | undefined;
  if (edge !== undefined && mapped.value !== undefined) {
    draft.present.set(name, mapped.value);
    (draft.edges[edge] ??= { lines: [] }).lines.push({ target: name, action, source, mapped });
    return;
  }
  const { value } = mapped;
  const id = target.kind.type === 'customField' ? customFieldId(String(target.segments[1]), customFieldIds) : null;
  if (id !== null && typeof id !== 'number') return refuse(id);

  draft.fields.push({ target: name, source, action: nameOf(action), value: value ?? null });
  if (value === undefined) return;
  draft.present.set(name, value);
  if (id === null) place(draft.payload, target.segments, value);
  else draft.customFields.set(id, asText(value) ?? '');
}

function writeCorrelationField(draft: Draft, correlationId: string, context: MappingContext): void {
  if (context.correlationField === null) return;
  const target = `custom_fields.${context.correlationField}`;
  const id = customFieldId(context.correlationField, context.customFieldIds);
  const known = typeof id === 'number';
  if (known) draft.customFields.set(id, correlationId);
  else
    draft.problems.push({ target, source: 'correlationId', ...id, remedy: `dispatch.correlationField: ${id.remedy}` });
  draft.fields.push({ target, source: 'correlationId', action: 'correlation', value: known ? correlationId : null });
}
