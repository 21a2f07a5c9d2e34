import type { StatusId, WorkOrder } from './types';

const NAMES: Record<StatusId, string> = {
  1: 'Draft',
  2: 'Published',
  3: 'Assigned',
  4: 'Work Done',
  5: 'Approved',
  6: 'Paid',
  7: 'Cancelled',
  8: 'Postponed',
  9: 'Routed',
  10: 'Deleted',
};

export const statusName = (id: StatusId): string => NAMES[id];

const ACTIONS: Record<StatusId, string[]> = {
  1: ['edit', 'publish', 'delete', 'copy', 'messaging'],
  2: ['edit', 'unpublish', 'revert', 'delete', 'copy', 'messaging'],
  3: ['edit', 'cancel', 'copy', 'messaging', 'report_a_problem'],
  4: ['approve', 'incomplete', 'cancel', 'copy', 'messaging'],
  5: ['copy', 'messaging'],
  6: ['copy'],
  7: ['copy'],
  8: ['edit', 'delete', 'copy'],
  9: ['edit', 'revert', 'delete', 'copy', 'messaging'],
  10: [],
};

/** What the buyer may do with an order in its present state (Field Nation contract, section 3). */
export const actionsOf = (order: WorkOrder): string[] => ACTIONS[order.status.id];

/** Everything a person in the role of the technician, the buyer or Field Nation can do. */
export const BOT_ACTIONS = [
  'request',
  'decline',
  'accept-route',
  'assign',
  'confirm',
  'on-my-way',
  'check-in',
  'check-out',
  'complete-task',
  'upload',
  'message',
  'problem',
  'resolve-problem',
  'expense',
  'approve-expenses',
  'delay',
  'at-risk',
  'cancel-assignment',
  'work-done',
  'incomplete',
  'approve',
  'pay',
  'cancel',
  'postpone',
] as const;

export type BotAction = (typeof BOT_ACTIONS)[number];

const FROM: Record<BotAction, readonly StatusId[]> = {
  request: [2, 9],
  decline: [2, 9],
  'accept-route': [9],
  assign: [1, 2, 9],
  confirm: [3],
  'on-my-way': [3],
  'check-in': [3],
  'check-out': [3],
  'complete-task': [3],
  upload: [3, 4],
  message: [1, 2, 3, 4, 5, 6, 8, 9],
  problem: [3, 4],
  'resolve-problem': [3, 4],
  expense: [3, 4],
  'approve-expenses': [3, 4],
  delay: [3],
  'at-risk': [3],
  'cancel-assignment': [3],
  'work-done': [3],
  incomplete: [4],
  approve: [4],
  pay: [5],
  cancel: [1, 2, 3, 4, 8, 9],
  postpone: [1, 2, 3, 9],
};

/** Whether the state machine allows an action now (sections 7 and 14). */
export function isPossible(order: WorkOrder, action: BotAction): boolean {
  if (!FROM[action].includes(order.status.id)) return false;
  const checkedIn = order.timeLogs.some((log) => log.out === null);
  if (action === 'check-out') return checkedIn;
  if (action === 'check-in' || action === 'on-my-way' || action === 'work-done')
    return !checkedIn || action === 'work-done';
  if (action === 'approve-expenses') return order.expenses?.some(({ status }) => status === 'new') ?? false;
  if (action === 'resolve-problem') return order.problems.some(({ resolved }) => resolved === null);
  return true;
}
