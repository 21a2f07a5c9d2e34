/**
 * The part of a ticket that its mapping reads, as one text: a look that sees the same text needs no mapping. Promise:
 * nothing that Deskbridge writes itself is in it, so that no write of ours looks like a person's change. Source:
 * interface, section 8.
 */
import { LABELLED } from './mapping';
import { canonical } from './order-update';

/** A ticket as fetched, without the embeds that cost credits. */
export type TicketFields = Record<string, unknown> & { custom_fields: Record<string, unknown> };

/** What the text leaves out: known from the sight instead, changing at every read, or told by its id. */
const ELSEWHERE = new Set(['id', 'status', 'tags', 'updated_at', 'stats', 'conversations', 'attachments']);
const EMBEDS: Record<string, string> = { requester: 'requester_id', company: 'company_id' };

/** Addresses of pictures are signed anew at every read. */
const withoutSignatures = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/(\bsrc=["'][^"'?]*)\?[^"']*/gi, '$1') : value;

const partsOf = (path: string): string[] => path.trim().split(/[.[]/);

/** The attribute of the ticket that a path reads; the word of a choice (`priority_label`) changes with its number. */
function attributeOf(path: string): string {
  const [, attribute = ''] = partsOf(path);
  const choice = attribute.replace(/_label$/, '');
  return choice !== attribute && Object.hasOwn(LABELLED, choice)
    ? LABELLED[choice as keyof typeof LABELLED]
    : attribute;
}

/** True when the mapping reads this attribute of the ticket (`status`, `tags`). */
export const reads = (paths: readonly string[], attribute: string): boolean =>
  paths.some((path) => attributeOf(path) === attribute);

/** The text for these paths of the mapping; `ownFields` are custom fields that Deskbridge writes. */
export function ticketContent(paths: readonly string[], ticket: TicketFields, ownFields: readonly string[]): string {
  const content: Record<string, unknown> = {};
  for (const path of paths) {
    const [root, , field = ''] = partsOf(path);
    const attribute = attributeOf(path);
    if (root !== 'ticket' || ELSEWHERE.has(attribute)) continue;
    if (attribute !== 'custom_fields') {
      const name = EMBEDS[attribute] ?? attribute;
      content[name] = withoutSignatures(ticket[name]);
      continue;
    }
    // A field that is named by its label, or all of them: then every field counts.
    const names = Object.hasOwn(ticket.custom_fields, field) ? [field] : Object.keys(ticket.custom_fields);
    for (const name of names) {
      if (!ownFields.includes(name)) content[`${attribute}.${name}`] = ticket.custom_fields[name];
    }
  }
  return canonical(content);
}
