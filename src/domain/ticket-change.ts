/**
 * What a status of the work order changes on the ticket, thing by thing: its status, each field, each tag. Promise: of two
 * statuses that change the same thing the later one counts.
 */

/** Null, empty: nothing of that kind. */
export interface TicketChange {
  /** Label or number. */
  status: string | number | null;
  fields: Record<string, string | number | boolean | null>;
  addTags: string[];
  removeTags: string[];
}

const STATUS = 'status';
const fieldThing = (name: string): string => `field ${name}`;
const tagThing = (tag: string): string => `tag ${tag.trim().toLowerCase()}`;

/** The names of all that it changes. */
export const thingsIn = ({ status, fields, addTags, removeTags }: TicketChange): string[] => [
  ...(status === null ? [] : [STATUS]),
  ...Object.keys(fields).map(fieldThing),
  ...[...addTags, ...removeTags].map(tagThing),
];

/** What must be left as it is on the ticket. */
export interface Spared {
  status: boolean;
  /** Names as {@link thingsIn} gives them. */
  things: string[];
}

/** What is left of a change; null when that is nothing. */
export function sparing(change: TicketChange, { status, things }: Spared): TicketChange | null {
  const isFree = (thing: string): boolean => !things.includes(thing);
  const left: TicketChange = {
    status: status || !isFree(STATUS) ? null : change.status,
    fields: Object.fromEntries(Object.entries(change.fields).filter(([name]) => isFree(fieldThing(name)))),
    addTags: change.addTags.filter((tag) => isFree(tagThing(tag))),
    removeTags: change.removeTags.filter((tag) => isFree(tagThing(tag))),
  };
  return thingsIn(left).length === 0 ? null : left;
}
