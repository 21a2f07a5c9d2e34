/** Start and end of the visit, each from its lines; both go out in one form. */
import { nameOf } from './describe';
import type { Draft, EdgeLines } from './mapped-order';
import { place } from './payload';
import { placeSchedule } from './schedule';
import type { Edge, EdgeName, ScheduleRules } from './schedule';
import type { MappingSources } from './sources';
import { asText, describe } from './values';

export function mapSchedule(draft: Draft, { ticket }: MappingSources, rules: ScheduleRules): void {
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
