/**
 * The most that a mapped pay can come to. Promise: never less than what Field Nation could bill for it; what cannot be
 * bounded is told as such. Source: interface, section 8, *Money needs a yes*; Field Nation contract, section 4.3.
 */

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Bag) : {};

/** Absent counts as nothing; what is there and is no sum makes the whole unbounded. */
const numberOf = (value: unknown, absent: number): number | null => {
  if (value === undefined || value === null || value === '') return absent;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
};

/** Amount times units: without units it is paid once for a fixed pay, and any number of times for the others. */
function part(value: unknown, isFixed: boolean): number | null {
  if (value === undefined || value === null) return 0;
  const { amount, units } = bag(value);
  const sum = numberOf(amount, 0);
  const times = numberOf(units, isFixed ? 1 : NaN);
  return sum === 0 ? 0 : sum === null || times === null || Number.isNaN(times) ? null : sum * times;
}

const BONUS_SUMS = ['amount', 'calculation_amount', 'value', 'charged_amount'];

/** A bonus or expense names its sum under one of several keys; a percentage of something is no bound. */
function extra(value: unknown): number | null {
  const item = bag(value);
  if (item.calculation === 'percent' || item.calculation_type === 'percent') return null;
  const key = BONUS_SUMS.find((name) => item[name] !== undefined && item[name] !== null);
  return key === undefined ? null : numberOf(item[key], 0);
}

const listOf = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value;
  const { results } = bag(value);
  return Array.isArray(results) ? results : [];
};

/** Cents: sums of tenths must not be above a limit by a rounding. */
const rounded = (sum: number): number => Math.round(sum * 100) / 100;

/** In USD: base + additional + bonuses + expenses; null when it cannot be bounded. A payload without pay costs 0. */
export function mostPay(payload: Record<string, unknown>): number | null {
  if (payload.pay === undefined || payload.pay === null) return 0;
  const pay = bag(payload.pay);
  const isFixed = pay.type === undefined || pay.type === 'fixed';
  const parts = [
    part(pay.base, isFixed),
    part(pay.additional, isFixed),
    ...listOf(pay.bonuses).map(extra),
    ...listOf(pay.expenses).map(extra),
  ];
  let sum = 0;
  for (const each of parts) {
    if (each === null) return null;
    sum += each;
  }
  return rounded(sum);
}
