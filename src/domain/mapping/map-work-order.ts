/**
 * From a ticket to the body of Field Nation's create. Pure and total: whatever the ticket holds, the outcome is a body
 * and the list of all that stands in its way. Source: interface, section 7; Field Nation contract, section 4.
 */
import { correlationLine, stripCorrelationIds } from '../correlation';
import type { MappingAction } from './action';
import { inAgentWords } from './agent-words';
import { convert } from './convert';
import { customFieldId } from './custom-fields';
import type { CustomFieldIds } from './custom-fields';
import { mappingPaths, nameOf, pathsOf, sourceOf } from './describe';
import { evaluate, NOTHING } from './evaluate';
import { withLabels } from './labels';
import type { LabelledTicket, TicketFieldNames } from './labels';
import { customFieldsBody, dropEmptyContacts, place } from './payload';
import { impossible, missingRequired } from './required';
import { NO_RULES, placeSchedule } from './schedule';
import type { Edge, EdgeName, MappedStart, ScheduleRules } from './schedule';
import type { MappingSources } from './sources';
import { isTarget, parseTarget } from './targets';
import type { Target } from './targets';
import { isRefused } from './transforms';
import type { Flowing, Refused } from './transforms';
import { asText, compact, describe, isEmpty } from './values';

/** One line of the preview; `value` is null when the target is left out. */
export interface MappedField {
  target: string;
  /** The paths that the line reads, joined by `, `. */
  source: string | null;
  /** The actions of the line, such as `from, map`. */
  action: string;
  value: unknown;
}

/** What stands in the way of the create. `message` and `value` may hold personal data. */
export interface MappingProblem {
  target: string;
  source: string | null;
  message: string;
  value: string | null;
  remedy: string;
  /** The start is over; no problem for an order that has this start already. */
  past?: true;
}

/** The body for the create; it is fit to be sent only when there are no problems. */
export interface MappedWorkOrder {
  payload: Record<string, unknown>;
  fields: MappedField[];
  problems: MappingProblem[];
  /** The start as it goes out, to be handed back as `previous` at the next mapping; null when there is none. */
  start: MappedStart | null;
}

export interface MappingContext {
  /** Work-order custom field, id or name, that also holds the correlation id; null: description only. */
  correlationField: number | string | null;
  customFieldIds: CustomFieldIds;
  /** The account's words for fields and choices; without them only keys and numbers are known. */
  ticketFields?: TicketFieldNames;
  schedule?: ScheduleRules;
}

/** The lines of a start or an end, as far as they have a value. */
interface EdgeLines {
  lines: { target: string; action: MappingAction; source: string | null; mapped: Flowing }[];
}

/** The order in the making. */
interface Draft extends MappedWorkOrder {
  present: Map<string, unknown>;
  customFields: Map<number, string>;
  country: string | null;
  edges: Partial<Record<EdgeName, EdgeLines>>;
  unknownLabels: LabelledTicket['unknown'];
}

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

const EDGE = /^schedule\.service_window\.(start|end)\./;

/** Start and end, each from its lines; both go out in one form. */
function mapSchedule(draft: Draft, { ticket }: MappingSources, rules: ScheduleRules): void {
  const { start, end, mappedStart, faults } = placeSchedule(
    { ...edgeOf(draft.edges.start, ticket), ...edgeOf(draft.edges.end, ticket, 'end') },
    draft.present.get('schedule.service_window.mode'),
    rules,
  );
  draft.start = mappedStart;
  for (const [edge, sent] of Object.entries({ start, end })) {
    const lines = draft.edges[edge as EdgeName]?.lines ?? [];
    if (sent) place(draft.payload, ['schedule', 'service_window', edge], sent);
    const form = sent && 'utc' in sent ? 'utc' : 'local';
    const [first] = lines;
    if (first === undefined) continue;
    const source = [...new Set(lines.flatMap((line) => line.source ?? []))].join(', ');
    draft.fields.push({
      target: sent === undefined ? first.target : `schedule.service_window.${edge}.${form}`,
      source: source === '' ? null : source,
      action: nameOf(first.action),
      value: sent === undefined ? null : 'utc' in sent ? sent.utc : sent.local,
    });
  }
  for (const fault of faults) {
    const line = [draft.edges.start, draft.edges.end].flatMap((edge) => edge?.lines ?? []);
    draft.problems.push({ source: line.find(({ target }) => target === fault.target)?.source ?? null, ...fault });
  }
}

/** What the lines of an edge say together: a moment, or a day and a time of day. */
function edgeOf(
  edge: EdgeLines | undefined,
  ticket: MappingSources['ticket'],
  name: EdgeName = 'start',
): Partial<Record<EdgeName, Edge>> {
  const lineOf = (form: string) => edge?.lines.find(({ target }) => target.endsWith(form));
  const [whole, day, time] = [lineOf('.utc'), lineOf('.date'), lineOf('.time')];
  const text = (value: unknown): string => describe(value);
  if (whole?.mapped.moment) {
    const { target, mapped } = whole;
    const dueBy = mapped.origin === 'ticket.due_by' ? asText(ticket['due_by']) : null;
    return { [name]: { target, moment: mapped.moment, said: text(mapped.value), dueBy } };
  }
  if (day === undefined) return {};
  const moment = { date: String(day.mapped.value), time: time === undefined ? null : String(time.mapped.value) };
  const said = [day, time].flatMap((line) => (line ? [text(line.mapped.value)] : [])).join(' ');
  return { [name]: { target: day.target, moment, said, dueBy: null } };
}

/** The value as it goes into the body, free of correlation ids; undefined when there is none. */
function valueFor(
  target: Target,
  action: MappingAction,
  sources: MappingSources,
  country: string | null,
): Flowing | Refused {
  const evaluated = evaluate(action, { sources, country, into: target.kind.type === 'html' ? 'html' : 'text' });
  if (isRefused(evaluated) || isEmpty(evaluated.value)) return isRefused(evaluated) ? evaluated : NOTHING;
  const converted = convert(evaluated, target.kind);
  if (isRefused(converted)) return converted;
  const value = compact(converted.value, (text) => stripCorrelationIds(text, sources.correlationId));
  return { ...converted, value };
}

/** The country of the address, which its postal code and state go by; null when there is none. */
function countryOf(mapping: Readonly<Record<string, MappingAction>>, sources: MappingSources): string | null {
  const action = Object.hasOwn(mapping, COUNTRY) ? mapping[COUNTRY] : undefined;
  const found = action && valueFor({ kind: { type: 'country' }, segments: [] }, action, sources, null);
  return found && !isRefused(found) && typeof found.value === 'string' ? found.value : null;
}
const COUNTRY = 'location.country';

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
