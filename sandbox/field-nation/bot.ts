import { BUYER_USER, PROVIDERS } from './catalog';
import { invalid } from './errors';
import { emit } from './events';
import type { EventName } from './event-names';
import { storeUpload } from './files';
import { approve, assign, cancel, markIncomplete, pay, postpone, unassign, workDone } from './lifecycle';
import { postMessage } from './messages';
import { isPossible, statusName } from './states';
import type { BotAction } from './states';
import type { Origin, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

/** Details of an action; each has a believable default. */
export interface BotOptions {
  /** Who acts as the technician; default: the one assigned, else one chosen by the order's id. */
  providerId?: number;
  /** Text of a message, problem, reason, closing note. */
  text?: string;
  fileName?: string;
  /** Of `upload`; plain text. */
  fileContent?: string;
  /** Of `delay`; minutes late. */
  minutes?: number;
  /** Of `expense`, in dollars. */
  amount?: number;
  /** Message of the buyer's person instead of the technician's. */
  asBuyer?: boolean;
}

/** Plays the technician, the buyer's staff or Field Nation (contract 18.7). Throws a refusal when the state forbids the action. */
export function act(world: FieldNationWorld, order: WorkOrder, action: BotAction, options: BotOptions = {}): void {
  if (!isPossible(order, action))
    throw invalid(`${action} is not possible: the work order is ${statusName(order.status.id)}.`);
  const providerId =
    options.providerId ?? order.assigneeId ?? order.routed[0] ?? order.requested[0] ?? chosenProvider(order);
  const provider: Origin = { userId: providerId, api: false };
  const buyer: Origin = { userId: BUYER_USER.id, api: false };
  const now = world.now();
  const sub = (name: string, event: EventName, params: Record<string, unknown> = {}): void => {
    order.status.sub = name;
    world.saveOrder(order);
    emit(world, order, event, provider, params);
  };
  switch (action) {
    case 'request':
      if (!order.requested.includes(providerId)) order.requested.push(providerId);
      world.saveOrder(order);
      return emit(world, order, 'workorder.requested', provider, { provider_id: providerId });
    case 'decline':
      order.declined.push(providerId);
      order.requested = order.requested.filter((id) => id !== providerId);
      world.saveOrder(order);
      return emit(world, order, 'workorder.declined', provider, { provider_id: providerId });
    case 'accept-route':
      return assign(world, order, providerId, provider);
    case 'assign':
      return assign(world, order, providerId, buyer);
    case 'confirm':
      order.status.confirmed = true;
      return sub('Confirmed', 'workorder.status.confirmed');
    case 'on-my-way':
      return sub('On my way', 'workorder.status.on_my_way');
    case 'check-in':
      order.timeLogs.push({ id: order.timeLogs.length + 1, in: now, out: null });
      sub('Checked in', 'workorder.status.checked_in');
      return completeTask(world, order, 'check_in', provider);
    case 'check-out':
      for (const log of order.timeLogs) log.out ??= now;
      sub('Checked out', 'workorder.status.checked_out');
      return completeTask(world, order, 'check_out', provider);
    case 'complete-task':
      return completeTask(world, order, 'task', provider);
    case 'upload':
      storeUpload(
        world,
        order,
        2270,
        {
          name: options.fileName ?? 'site-photo.txt',
          type: 'text/plain',
          content: Buffer.from(options.fileContent ?? 'A photo of the finished installation would be here.'),
        },
        { notes: options.text ?? '', force: true },
        provider,
      );
      return;
    case 'message': {
      const text =
        options.text ?? (options.asBuyer === true ? 'Please call the store on arrival.' : 'I am at the back entrance.');
      postMessage(
        world,
        order,
        { text, type: options.asBuyer === true ? 'STAFF_NOTE' : 'FROMTECH', parentId: null },
        options.asBuyer === true ? buyer : provider,
      );
      return;
    }
    case 'problem':
      return reportProblem(world, order, 'Other', options.text ?? 'The part that was sent does not fit.', provider);
    case 'resolve-problem':
      for (const problem of order.problems) problem.resolved ??= now;
      world.saveOrder(order);
      return emit(world, order, 'workorder.problem_resolved', buyer);
    case 'expense': {
      // No event tells of it (15.1): the next one of the order shows it.
      const id = world.nextId('expenses', 98);
      const told = {
        description: options.text ?? 'Parking',
        category: 'Travel Expense',
        amount: options.amount ?? 12.5,
      };
      order.expenses = [...(order.expenses ?? []), { id, authorId: providerId, ...told, status: 'new', added: now }];
      world.saveOrder(order);
      return;
    }
    case 'approve-expenses':
      for (const expense of order.expenses ?? []) if (expense.status === 'new') expense.status = 'approved';
      world.saveOrder(order);
      return;
    case 'delay': {
      order.status.delay = (options.minutes ?? 30) * 60;
      sub('Delayed', 'workorder.status.delayed', { estimated_delay: order.status.delay });
      // Running late is a problem to Field Nation, and a problem posts a message (contract, section 10).
      return reportProblem(
        world,
        order,
        'Running late',
        options.text ?? `Running ${options.minutes ?? 30} minutes late.`,
        provider,
      );
    }
    case 'at-risk':
      return sub('At risk', 'workorder.status.at_risk');
    case 'cancel-assignment':
      return unassign(world, order, provider);
    case 'work-done':
      return workDone(world, order, provider, options.text ?? 'Replaced the faulty unit and tested it with the store.');
    case 'incomplete':
      return markIncomplete(world, order, buyer);
    case 'approve':
      return approve(world, order, buyer);
    case 'pay':
      return pay(world, order, buyer);
    case 'cancel':
      return cancel(world, order, options.text ?? 'No longer needed', buyer);
    case 'postpone':
      return postpone(world, order, buyer);
  }
}

function completeTask(world: FieldNationWorld, order: WorkOrder, type: string, origin: Origin): void {
  const task = order.tasks.find((candidate) => candidate.type === type && candidate.completed === null);
  if (task === undefined) return;
  task.completed = world.now();
  world.saveOrder(order);
  emit(world, order, 'workorder.task_completed', origin, { task: { id: task.id, label: task.label } });
}

function reportProblem(
  world: FieldNationWorld,
  order: WorkOrder,
  type: string,
  comments: string,
  origin: Origin,
): void {
  order.problems.push({
    id: world.nextId('problems', 88001),
    type,
    comments,
    authorId: origin.userId,
    created: world.now(),
    resolved: null,
  });
  world.saveOrder(order);
  emit(world, order, 'workorder.problem_reported', origin, { problem: { type, comments } });
  postMessage(world, order, { text: `${type}: ${comments}`, type: 'FROMTECH', parentId: null }, origin);
}

const chosenProvider = (order: WorkOrder): number => PROVIDERS[order.id % PROVIDERS.length]?.id ?? 55021;
