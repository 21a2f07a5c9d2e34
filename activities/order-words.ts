/**
 * What templates and fields of `status` may say of a work order and its technician. Promise: nothing that Field Nation did
 * not tell. Moments are UTC, to the minute; the schedule's stay as Field Nation writes them.
 */
import type { EffectInput } from '../src/contract/effect-calls';
import type { Expense, OrderContents, OrderPay } from '../src/contract/order-contents';
import { keptContents } from '../src/domain/order-contents';
import type { OrderEvent } from '../src/domain/order-event';

const readable = (iso: string | null | undefined): string | null => iso?.slice(0, 16).replace('T', ' ') ?? null;

/** A signal may come from anywhere: what it holds is read anew. */
const contentsIn = (event: OrderEvent | null): OrderContents => keptContents({ ...event?.contents });

/** Goes into the source `workOrder`. */
export function orderWords({ event, previous, workOrderUrl, key }: EffectInput): Record<string, unknown> {
  const { pay, location, schedule, time_logs: logs, custom_fields: fields, tasks, signatures } = contentsIn(event);
  const notes = closingNotes(event, workOrderUrl);
  const hours = event?.hours ?? null;
  const { mode, start, end } = schedule?.service_window ?? {};
  return {
    ...{ closing_notes: notes, closingNotes: notes, time_logs: { hours }, timeLogs: { hours, ...timeLogs(logs) } },
    schedule: {
      service_window: { mode, start: { ...start, utc: event?.start ?? start?.utc ?? null }, end },
      time_zone: schedule?.time_zone,
    },
    eta: { start: { utc: readable(event?.times?.eta) } },
    milestones: {
      assigned: { utc: readable(event?.times?.assigned) },
      workdone: { utc: readable(event?.times?.workDone) },
    },
    previous: previous ?? {},
    ...money(pay, key),
    location: location ?? {},
    customFields: byName(fields ?? []),
    tasks: {
      done: (tasks ?? []).filter(({ done }) => done).map(({ label }) => label),
      open: (tasks ?? []).filter(({ done }) => !done).map(({ label }) => label),
    },
    signatures: signatures ?? [],
  };
}

/** `cost.approved` is the sum that the buyer's approval made due. */
function money(pay: OrderPay | undefined, key: EffectInput['key']): Record<string, unknown> {
  const { expenses, ...told } = pay ?? {};
  const { all, approved_amount: approved } = expenses?.sum ?? {};
  const isApproved = key === 'approved' || key === 'paid';
  return {
    pay: told,
    cost: { total: told.total, approved: isApproved ? told.total : undefined, expenses: approved },
    expenses: { total: all, approved, list: (expenses?.results ?? []).map(inWords) },
  };
}

/** `Cat6 cable: 45 (approved)`. */
function inWords({ description, category, amount, quantity, status }: Expense): string {
  const sum = [quantity === undefined ? null : `${quantity} ×`, amount].filter((part) => part !== null);
  const of = amount === undefined ? '' : `: ${sum.join(' ')}`;
  return `${description ?? category ?? 'Expense'}${of}${status === undefined ? '' : ` (${status})`}`;
}

function timeLogs(logs: OrderContents['time_logs']): Record<string, unknown> {
  const results = (logs?.results ?? []).map((log) => ({ ...log, in: readable(log.in), out: readable(log.out) }));
  const ins = results.map((log) => log.in).filter((moment) => moment !== null);
  const outs = results.map((log) => log.out).filter((moment) => moment !== null);
  return { in: ins.sort()[0], out: outs.sort().at(-1), results };
}

/** By name in lower case, and by number; paths name them in any case. */
const byName = (fields: NonNullable<OrderContents['custom_fields']>): Record<string, string> =>
  Object.fromEntries(
    [...fields]
      .reverse()
      .flatMap(({ id, name, value }): [string, string][] => [
        ...(id === undefined ? [] : [[String(id), value] as [string, string]]),
        ...(name === undefined ? [] : [[name.toLowerCase(), value] as [string, string]]),
      ]),
  );

/** Goes into the source `provider`. */
export function providerWords(event: OrderEvent | null): Record<string, unknown> {
  const { phone, cell, email } = contentsIn(event).contact ?? {};
  return event?.provider ? { ...event.provider, phone: phone ?? cell, cell, email } : {};
}

/** The closing notes; where the event's copy was cut, with the address of the whole. */
function closingNotes(event: OrderEvent | null, url: string | null): string | null {
  const notes = event?.closingNotes ?? null;
  if (notes?.endsWith('…') !== true || url === null) return notes;
  return `${notes} [the rest is in Field Nation: ${url}]`;
}

/** Goes into the source `event`. */
export const eventWords = (event: OrderEvent | null) => ({ delay_minutes: event?.times?.delayMinutes ?? null });
