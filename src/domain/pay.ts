/**
 * The most that a mapped pay can come to. Promise: never less than what Field Nation could bill for it; what cannot be
 * bounded is told as such. Source: interface, section 8, *Money needs a yes*; Field Nation contract, section 4.3.
 */
import { number, type Bag } from './wire-values';

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Null for what is there and cannot be read. */
const bagOf = (value: unknown): Bag | null =>
  isAbsent(value) ? {} : typeof value === 'object' && !Array.isArray(value) ? (value as Bag) : null;

/** Absent counts as nothing; what is there and is no sum makes the whole unbounded. */
const numberOf = (value: unknown, absent: number | null): number | null => {
  if (isAbsent(value)) return absent;
  const sum = number(value);
  return Number.isFinite(sum) && sum >= 0 ? sum : null;
};

/** Amount times units: without units it is paid once for a fixed pay, and any number of times for the others. */
function part(value: unknown, isFixed: boolean): number | null {
  const given = bagOf(value);
  const sum = given && numberOf(given.amount, 0);
  if (!given || !sum) return sum;
  const times = numberOf(given.units, isFixed ? 1 : null);
  return times === null ? null : sum * times;
}

const BONUS_SUMS = ['amount', 'calculation_amount', 'value', 'charged_amount'];

/** A bonus or expense names its sum under one of several keys; a percentage of something is no bound. */
function extra(value: unknown): number | null {
  const item = bagOf(value);
  if (!item || item.calculation === 'percent' || item.calculation_type === 'percent') return null;
  return numberOf(
    BONUS_SUMS.map((name) => item[name]).find((sum) => !isAbsent(sum)),
    null,
  );
}

const extras = (value: unknown): (number | null)[] => {
  const items = Array.isArray(value) ? (value as unknown[]) : isAbsent(value) ? [] : bagOf(value)?.results;
  return Array.isArray(items) ? items.map(extra) : [null];
};

/** Cents: sums of tenths must not be above a limit by a rounding. */
const rounded = (sum: number): number => Math.round(sum * 100) / 100;

/** In USD: base + additional + bonuses + expenses; null when it cannot be bounded. A payload without pay costs 0. */
export function mostPay(payload: Record<string, unknown>): number | null {
  const pay = bagOf(payload.pay);
  if (!pay) return null;
  const isFixed = pay.type === undefined || pay.type === 'fixed';
  const parts = [
    part(pay.base, isFixed),
    part(pay.additional, isFixed),
    ...extras(pay.bonuses),
    ...extras(pay.expenses),
  ];
  let sum = 0;
  for (const each of parts) {
    if (each === null) return null;
    sum += each;
  }
  return rounded(sum);
}
