/** Whether a signal holds what the intake sends; people type signals too. */
import type { ContactEvent } from '../../contract/contact';

export function isContactEvent(value: unknown): value is ContactEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { key, name, action, contact, ids, notes, marks, at, receivedAt } = value as Record<string, unknown>;
  return (
    [key, name].every((text) => typeof text === 'string') &&
    [at ?? 0, receivedAt].every(Number.isFinite) &&
    ['create', 'upsert', 'withdraw'].includes(String(action)) &&
    [ids, notes].every((list) => Array.isArray(list) && list.every((one) => typeof one === 'string')) &&
    [contact, marks].every((entries) => typeof entries === 'object' && entries !== null) &&
    Array.isArray((contact as { tags?: unknown }).tags)
  );
}
