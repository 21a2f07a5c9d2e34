/** Field Nation's lists of open orders take turns. Promise: a list of thousands goes on in the next sweep where it was. */
import type { ReconcileMarks } from '../../contract/reconcile';
import { OPEN_LISTS, type OpenList } from '../../contract/sweep-calls';

type OrderMarks = ReconcileMarks['orders'];

export const openPageOf = ({ openList, openPage }: OrderMarks): { list: OpenList; page: number } => ({
  list: OPEN_LISTS[openList % OPEN_LISTS.length] ?? OPEN_LISTS[0],
  page: openPage,
});

/** After a page; `nextPage` null: there is none. False: the next list's turn, in the next sweep. */
export function takeOpenPage(marks: OrderMarks, nextPage: number | null): boolean {
  marks.openPage = nextPage ?? 1;
  if (marks.openPage > 1) return true;
  marks.openList = (marks.openList + 1) % OPEN_LISTS.length;
  return false;
}
