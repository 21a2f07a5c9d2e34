/** A work order's own `status`, in every form that Field Nation gives it. Source: Field Nation contract, section 14. */
import type { OrderStatus } from './status';

const BY_ID: Record<number, OrderStatus> = {
  1: 'draft',
  2: 'published',
  4: 'work-done',
  5: 'approved',
  6: 'paid',
  7: 'cancelled',
  8: 'postponed',
  9: 'routed',
  10: 'cancelled',
};

/** Shades of Assigned, by machine code or words, most telling first (Field Nation contract 14). */
const SHADES: [RegExp, OrderStatus][] = [
  [/check(ed)?[ _-]?out/, 'checked-out'],
  [/check(ed)?[ _-]?in/, 'checked-in'],
  [/on[ _-]?my[ _-]?way/, 'on-my-way'],
  [/at[ _-]?risk/, 'at-risk'],
  [/delayed/, 'delayed'],
  [/cancell?ed/, 'assignment-cancelled'],
  [/confirmed/, 'confirmed'],
];

/** Names of the statuses for the case that only a name came. */
const BY_NAME: Record<string, number> = {
  draft: 1,
  published: 2,
  assigned: 3,
  'work done': 4,
  approved: 5,
  paid: 6,
  cancelled: 7,
  canceled: 7,
  postponed: 8,
  routed: 9,
  deleted: 10,
};

/** Reads a work order's `status` object in any of its shapes; null when it says nothing we know. */
export function statusOfOrder(status: {
  id?: number | string | null | undefined;
  name?: string | null | undefined;
  code?: string | null | undefined;
  sub_status?: string | null | undefined;
  display?: string | null | undefined;
}): OrderStatus | null {
  const id = Number(status.id) || BY_NAME[(status.name ?? '').trim().toLowerCase()];
  if (id === undefined) return null;
  if (id !== 3) return BY_ID[id] ?? null;
  const words = [status.code, status.sub_status, status.display]
    .filter((word) => word)
    .map((w) => String(w).toLowerCase());
  for (const word of words) {
    const shade = SHADES.find(([pattern]) => pattern.test(word));
    if (shade) return shade[1];
  }
  return 'assigned';
}
