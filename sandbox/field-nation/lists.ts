import type { WorkOrder } from './types';

/** The lists of `GET /workorders` (Field Nation contract, section 9); deleted orders are in none. */
const LISTS = {
  workorders_all: (): boolean => true,
  workorders_in_flight: ({ status }: WorkOrder): boolean => [1, 2, 3, 4, 9].includes(status.id),
  workorders_draft: ({ status }: WorkOrder): boolean => status.id === 1,
  workorders_published_routed: ({ status }: WorkOrder): boolean => status.id === 2 || status.id === 9,
  workorders_assigned: ({ status }: WorkOrder): boolean => status.id === 3,
  workorders_problem: ({ problems }: WorkOrder): boolean => problems.some(({ resolved }) => resolved === null),
  workorders_work_done: ({ status }: WorkOrder): boolean => status.id === 4,
  workorders_approved: ({ status }: WorkOrder): boolean => status.id === 5,
};

export type ListName = keyof typeof LISTS;

export const LIST_NAMES = Object.keys(LISTS) as ListName[];

export const isListName = (name: string): name is ListName => Object.hasOwn(LISTS, name);

export const isInList = (order: WorkOrder, list: ListName): boolean => order.status.id !== 10 && LISTS[list](order);
