/**
 * Whose work order is this? Promise: an id is believed only where it is the whole value of a custom field or the whole
 * last line of the description, never a part of a text, and never in a field that the provider fills in. Sources: design
 * 2.5, Field Nation contract 12.
 */
import { parseCorrelationId, readCorrelationId } from './correlation';

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag => (value && typeof value === 'object' ? (value as Bag) : {});

const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** False for a group or field that names somebody else than the buyer as the one who fills it in. */
const isBuyers = ({ role }: Bag): boolean => typeof role !== 'string' || /^(buyer)?$/i.test(role.trim());

/** The buyer's custom field values, whichever of Field Nation's shapes they came in: internal first. */
function* buyersValues(order: Bag): Generator<unknown> {
  const fields = bag(order.custom_fields);
  const entries = [fields.internal, ...list(order.custom_fields), ...list(fields.results)].map(bag).filter(isBuyers);
  for (const entry of entries) {
    yield entry.value;
    for (const field of list(entry.results).map(bag).filter(isBuyers)) yield field.value;
  }
}

/** The correlation id that a work order carries, in any shape that Field Nation sends; null when it carries none. */
export function correlationIdOfOrder(order: unknown): string | null {
  const given = bag(order);
  for (const value of buyersValues(given)) {
    if (typeof value === 'string' && parseCorrelationId(value.trim())) return value.trim();
  }
  const html = bag(given.description).html;
  return typeof html === 'string' ? readCorrelationId(html) : null;
}
