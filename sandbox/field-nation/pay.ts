import { asNumber, asObject, asText, at } from '../json';
import type { JsonObject } from '../json';
import { personName, PROVIDERS } from './catalog';
import type { WorkOrder } from './types';

const HOUR = 3_600_000;

/** Hours on site; who is still there counts no hours yet. */
export const hoursOf = ({ timeLogs }: Pick<WorkOrder, 'timeLogs'>): number =>
  Math.round(timeLogs.reduce((sum, log) => sum + ((log.out ?? log.in) - log.in), 0) / (HOUR / 100)) / 100;

const cents = (sum: number): number => Math.round(sum * 100) / 100;

/** The pay of a read: what was sent, with its sums (schema PayDto). Amounts are 0 where there is none, never absent. */
export function presentPay(order: WorkOrder, time: (ms: number) => unknown): JsonObject | null {
  const { pay } = order;
  if (pay === null) return null;
  const labor = laborOf(order, pay);
  const expenses = order.expenses ?? [];
  const sum = (status?: string): number =>
    cents(expenses.reduce((all, one) => all + (status === undefined || one.status === status ? one.amount : 0), 0));
  const count = (status: string): number => expenses.filter((one) => one.status === status).length;
  return {
    work_order_id: order.id,
    additional: { units: 0, amount: 0 },
    fees: [],
    hold: { id: 0, amount: 0, charged: false },
    reported_hours: hoursOf(order),
    number_of_devices: 0,
    minimum_payment: 0,
    ...pay,
    labor_sum: labor,
    expenses: {
      metadata: { total: expenses.length, page: 1, pages: 1, per_page: 25 },
      sum: {
        ...{ all: sum(), charged: order.status.id === 6 ? sum('approved') : 0, uncharged: 0 },
        ...{ pending: count('new'), approved: count('approved'), approved_amount: sum('approved') },
        denied: count('disapproved'),
      },
      results: expenses.map(({ id, authorId, added, category, ...told }) => ({
        ...{ id, ...told, quantity: 1, status_description: '', added: time(added) },
        author: authorOf(authorId),
        category: { id: 0, label: category, type: 'system' },
      })),
    },
    total: cents(labor + sum('approved')),
  };
}

/** Before somebody was there, hours come to nothing. */
function laborOf(order: WorkOrder, pay: JsonObject): number {
  const part = (name: string): number => asNumber(at(pay, name)) ?? 0;
  const [amount, units] = [part('base.amount'), part('base.units')];
  const hours = hoursOf(order);
  const type = asText(pay['type']);
  if (type === 'fixed' || type === 'device') return cents(amount * units);
  if (type === 'hourly') return cents(amount * Math.min(hours, units));
  const more = Math.min(Math.max(hours - units, 0), part('additional.units'));
  return cents((hours > 0 ? amount : 0) + part('additional.amount') * more);
}

function authorOf(id: number): JsonObject {
  const [first_name, last_name] = personName(id).split(' ');
  return { ...asObject({ id, first_name, last_name }), is_provider: PROVIDERS.some((one) => one.id === id) ? 1 : 0 };
}
