/** Puts mapped values together to the body of Field Nation's create. */

type Body = Record<string, unknown>;

/** Writes `value` at `segments`, which come from the table of targets and never from a ticket. */
export function place(body: Body, segments: readonly (string | number)[], value: unknown): void {
  let here: Record<string | number, unknown> = body;
  segments.forEach((segment, index) => {
    const next = segments[index + 1];
    if (next === undefined) {
      here[segment] = value;
      return;
    }
    const inner = Object.hasOwn(here, segment) ? here[segment] : undefined;
    const fits = typeof inner === 'object' && inner !== null;
    const child: unknown = fits ? inner : typeof next === 'number' ? [] : {};
    here[segment] = child;
    here = child as Record<string | number, unknown>;
  });
}

/** Values of work-order custom fields as the create takes them: nested twice, values as text. */
export function customFieldsBody(values: ReadonlyMap<number, string>): Body {
  return { results: [{ results: [...values].map(([id, value]) => ({ id, value })) }] };
}

/** Leaves out contacts nobody could reach or call by name: a role alone is no contact. */
export function dropEmptyContacts(body: Body): void {
  const contacts = body['contacts'];
  if (typeof contacts !== 'object' || contacts === null || !('results' in contacts)) return;
  const results: unknown = contacts.results;
  if (!Array.isArray(results)) return;
  const kept = results.filter(isContact);
  if (kept.length === 0) delete body['contacts'];
  else body['contacts'] = { results: kept };
}

const isContact = (contact: unknown): boolean =>
  typeof contact === 'object' &&
  contact !== null &&
  ['name', 'email', 'phone'].some((key) => Object.hasOwn(contact, key));
