/**
 * What Field Nation tells of an order's pay and expenses, in one form whichever of the published ones came in. Promise:
 * total; no sum is made up: one that cannot be told from the body is absent. Source: Field Nation contract 4.3.
 */
import type { Expense, OrderExpenses, OrderPay, PayPart } from '../contract/order-contents';
import { bag, number, text, words, type Bag } from './wire-values';

const LIMITS = { short: 40, name: 200 };
export const MOST_ITEMS = 100;

/** Without what is null: what is kept of an order goes over the wire. */
export function known<T extends object>(given: { [K in keyof T]: T[K] | null | undefined }): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined)) as T;
}

/** The items of a list or a collection. */
export const listOf = (value: unknown): Bag[] => {
  const items = Array.isArray(value) ? (value as unknown[]) : bag(value).results;
  return Array.isArray(items) ? (items as unknown[]).slice(0, MOST_ITEMS).map(bag) : [];
};

/** Field Nation fills in 0 where there is none. */
export const positive = (value: unknown): number | null => {
  const given = number(value);
  return Number.isFinite(given) && given > 0 ? given : null;
};

/** The first that is a sum at all, 0 too. */
function sumOf(...values: unknown[]): number | null {
  const isBlank = (value: unknown): boolean => typeof value === 'string' && value.trim() === '';
  const sums = values.filter((value) => !isBlank(value)).map(number);
  const found = sums.find((sum) => Number.isFinite(sum) && sum >= 0);
  // No minus before a zero: JSON does not keep it.
  return found === undefined ? null : found + 0;
}

/** To the cent. */
const added = (...sums: number[]): number | null =>
  sumOf(Math.round(sums.reduce((sum, one) => sum + one, 0) * 100) / 100);

function payPart(value: unknown): PayPart | null {
  const { amount, units } = bag(value);
  return positive(amount) === null ? null : known<PayPart>({ amount: positive(amount), units: positive(units) });
}

export function payOf(value: unknown): OrderPay {
  const pay = bag(value);
  const type = text(pay.type, LIMITS.short);
  const base = payPart(pay.base);
  const fixed = type === 'fixed' && base?.amount !== undefined ? added(base.amount * (base.units ?? 1)) : null;
  return known<OrderPay>({
    ...{ type, base, additional: payPart(pay.additional) },
    total: positive(pay.total) ?? positive(bag(pay.total).amount) ?? fixed,
    currency: text(pay.currency, LIMITS.short),
    expenses: pay.expenses === undefined ? null : expensesOf(pay.expenses),
  });
}

function expenseOf({ description, category, amount, quantity, status }: Bag): Expense {
  const { label, name } = bag(category);
  return known<Expense>({
    description: words(description, LIMITS.name),
    category: text(category, LIMITS.name) ?? text(label ?? name, LIMITS.name),
    amount: sumOf(amount),
    quantity: number(quantity) > 1 ? positive(quantity) : null,
    status: text(status, LIMITS.short),
  });
}

/** Three forms: a collection with `sum`, a list with `totals`, and the sums alone. */
function expensesOf(value: unknown): OrderExpenses {
  const given = bag(value);
  const isList = Array.isArray(value) || Array.isArray(given.results);
  const results = listOf(value).map(expenseOf);
  const sum = bag(given.sum);
  const totals = given.totals === undefined && !isList ? given : bag(given.totals);
  // Whether an amount is for one or for all of several, nobody tells.
  const ofItems = (items: Expense[]): number | null =>
    isList && items.every(({ amount, quantity }) => amount !== undefined && quantity === undefined)
      ? added(...items.map(({ amount = 0 }) => amount))
      : null;
  const pending = sumOf(totals.pending);
  const approved =
    sumOf(sum.approved_amount, totals.approved) ?? ofItems(results.filter((item) => item.status === 'approved'));
  const both = pending === null || approved === null ? null : added(pending, approved);
  const all = sumOf(sum.all, given.sum) ?? both ?? ofItems(results);
  return known<OrderExpenses>({
    sum: known<OrderExpenses['sum']>({ all, approved_amount: approved }),
    results: isList ? results : null,
  });
}
