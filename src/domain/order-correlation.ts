/**
 * Whose work order is this? Promise: an id is believed only where it is the whole value of a custom field or the whole
 * last line of the description, never a part of a text. Sources: design 2.5, Field Nation contract 12.
 */
import { parseCorrelationId, readCorrelationId } from './correlation';

type Bag = Record<string, unknown>;

const bag = (value: unknown): Bag => (value && typeof value === 'object' ? (value as Bag) : {});

/** The custom field values of a work order, whichever of Field Nation's shapes they came in: internal first. */
function* customFieldValues(order: Bag): Generator<unknown> {
  const fields = bag(order.custom_fields);
  yield bag(fields.internal).value;
  for (const entry of Array.isArray(fields.results) ? fields.results : []) {
    const group = bag(entry);
    yield group.value;
    for (const field of Array.isArray(group.results) ? group.results : []) yield bag(field).value;
  }
}

/** The correlation id that a work order carries, in any shape that Field Nation sends; null when it carries none. */
export function correlationIdOfOrder(order: unknown): string | null {
  const given = bag(order);
  for (const value of customFieldValues(given)) {
    if (typeof value === 'string' && parseCorrelationId(value.trim())) return value.trim();
  }
  const html = bag(given.description).html;
  return typeof html === 'string' ? readCorrelationId(html) : null;
}
