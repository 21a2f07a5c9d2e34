/** What an event of Field Nation says, in words. */
import { statusOfEvent } from '../status-of-event';
import type { OrderStatus } from '../status';

interface Words {
  text: string;
  tone: 'good' | 'bad' | '';
}

const TECHNICIAN = 'The technician';

const BY_STATUS: Record<OrderStatus, (technician: string) => string> = {
  draft: () => 'The work order is a draft',
  published: () => 'The work order is published',
  routed: () => 'The work order was sent to a technician',
  assigned: (who) => `${who} is assigned`,
  confirmed: (who) => `${who} confirmed the visit`,
  'assignment-cancelled': (who) => `${who} is no longer assigned`,
  'at-risk': () => 'The visit is at risk',
  delayed: (who) => `${who} is delayed`,
  'on-my-way': (who) => `${who} is on the way`,
  'checked-in': (who) => `${who} checked in`,
  'checked-out': (who) => `${who} checked out`,
  'work-done': () => 'The work is done',
  approved: () => 'The work is approved in Field Nation',
  paid: () => 'The work is paid',
  postponed: () => 'The visit is postponed',
  cancelled: () => 'The work order is cancelled in Field Nation',
  'problem-reported': (who) => `${who} reported a problem`,
  requested: (who) => `${who === TECHNICIAN ? 'A technician' : who} asked for the work order`,
  declined: (who) => `${who === TECHNICIAN ? 'A technician' : who} declined the work order`,
  'schedule-changed': () => 'The schedule changed in Field Nation',
  'field-changed': () => 'A custom field changed in Field Nation',
  'task-completed': (who) => `${who} finished a task`,
  'problem-resolved': () => 'The problem is resolved',
};

const GOOD: readonly OrderStatus[] = ['work-done', 'approved', 'paid'];
const BAD: readonly OrderStatus[] = ['problem-reported', 'at-risk', 'assignment-cancelled'];

const BY_NAME: Record<string, (technician: string) => string> = {
  'workorder.created': () => 'Field Nation confirmed our change: The work order is created',
  'workorder.message_posted': () => 'Somebody wrote a message in Field Nation',
  'workorder.provider_upload': (who) => `${who} uploaded a file`,
};

/** `person`: the technician's name; null: not told. An event that is not known here is told by its own name. */
export function eventWords(name: string, person: string | null): Words {
  const who = person ?? TECHNICIAN;
  const status = statusOfEvent(name);
  if (status !== null) {
    return { text: BY_STATUS[status](who), tone: GOOD.includes(status) ? 'good' : BAD.includes(status) ? 'bad' : '' };
  }
  const known = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  const plain = name.replace(/^workorder\./, '').replaceAll(/[._]/g, ' ');
  return { text: known ? known(who) : `Field Nation reported: ${plain}`, tone: '' };
}
