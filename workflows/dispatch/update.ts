/**
 * The ticket's changes go to the open work order. Promise: only what changed since it was last sent, nothing for what
 * Deskbridge wrote itself, and a refusal is told to the agent once per value. Source: interface, section 8.
 */

import { afterRefusal, afterSending, changedTargets, type Prints } from '../../src/domain/order-update';
import { refusalNote, type RefusedChange } from '../../src/domain/refusal-note';
import type { KnownTicket } from '../../src/domain/trigger';
import { stepFailure } from '../step-failure';
import { fieldNation } from '../proxies';
import { mappingAttention } from './mapping-attention';
import type { Dispatch } from './state';
import { unlessCalledOff } from './waiting';
import type { OrderChange, TicketContent, TicketLook } from '../../src/contract/ticket-calls';
import type { Visit } from '../../src/contract/memory';

/** So many refusals wait to be told at most; the newest count. */
const MOST_UNTOLD = 3;

/** True while the visit's order may follow the ticket. */
function mayUpdate(dispatch: Dispatch, visit: Visit): boolean {
  const { known } = dispatch.memory;
  if (visit !== dispatch.newest || visit.workOrderId === null || dispatch.phase() !== 'open') return false;
  if (visit.cancel || dispatch.isBlocked('decision')) return false;
  return known !== null && !known.gone && !known.closedByPerson;
}

/** True when a change waits, for its time or for a person: publishing waits for it. */
export const updateIsAhead = (dispatch: Dispatch, visit: Visit): boolean =>
  visit.sync.wantedAt !== null && mayUpdate(dispatch, visit);

/** True when the next look shall map the ticket for the existing order. */
export const updateIsDue = (dispatch: Dispatch, visit: Visit): boolean =>
  updateIsAhead(dispatch, visit) && !dispatch.isBlocked('update') && dispatch.isDue(visit.sync.wantedAt);

const sameTags = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((tag) => b.includes(tag));

/** A person changed what the mapping reads. Our own status and tags are in `known` already, other writes not in the content. */
function hasChanged(content: TicketContent, visit: Visit, look: TicketLook, known: KnownTicket | null): boolean {
  if (content.print !== visit.sync.content) return true;
  if (known === null) return false;
  return (
    (content.readsStatus && look.sight.status !== known.status) ||
    (content.readsTags && !sameTags(look.sight.tags, known.tags))
  );
}

/** Marks the order for an update when the look saw a change; `known` is the ticket before this look. */
export function noticeChange(dispatch: Dispatch, visit: Visit, look: TicketLook, known: KnownTicket | null): void {
  const { content } = look;
  const { sync } = visit;
  if (visit !== dispatch.newest || dispatch.phase() !== 'open' || !content || sync.content === null) return;
  if (!hasChanged(content, visit, look, known)) return;
  sync.content = content.print;
  // Not put off by the next change: an order must not wait for ever for a busy ticket.
  sync.wantedAt ??= new Date(dispatch.now() + dispatch.policy.updateAfter).toISOString();
  dispatch.unblock('update');
}

/** Before a create: what it will have sent. After an unanswered one only what both tries have in common is sure. */
export function expectSent(dispatch: Dispatch, visit: Visit, prints: Prints): void {
  const { sync } = visit;
  sync.refused = {};
  if (!visit.tried) {
    sync.sent = prints;
    return;
  }
  const doubtful = changedTargets(prints, sync.sent, {});
  if (doubtful.length > 0) sync.wantedAt ??= new Date(dispatch.now()).toISOString();
  sync.sent = Object.fromEntries(Object.entries(prints).filter(([target]) => !doubtful.includes(target)));
}

/** A create was answered: its order has everything that the last look saw. */
export function allSent({ sync }: Visit, prints: Prints): void {
  sync.sent = prints;
  sync.wantedAt = null;
}

/** The order is over: what the ticket says no longer matters to it. */
export function dropUpdate(dispatch: Dispatch, visit: Visit): void {
  if (visit !== dispatch.newest) return;
  visit.sync.wantedAt = null;
  dispatch.unblock('update');
}

/** Sends what a fresh mapping says the order lacks. */
export async function sendUpdate(dispatch: Dispatch, visit: Visit, change: OrderChange): Promise<void> {
  if (!mayUpdate(dispatch, visit)) return;
  if (change.problems.length > 0) {
    dispatch.block(
      'update',
      mappingAttention(change.problems),
      `The changed ticket cannot be mapped: ${change.problems.map((p) => p.target).join(', ')}`,
    );
    return;
  }
  try {
    const refused = await sendKeys(dispatch, visit, change);
    if (refused === 'interrupted') return;
    if (refused.length > 0) recordRefusal(dispatch, visit, change, refused);
    visit.sync.wantedAt = null;
    dispatch.unblock('update');
  } catch (error) {
    const failure = stepFailure(error);
    dispatch.block('update', failure, `Updating the work order was refused (${failure.status ?? 'no answer'})`);
  }
}

/** One call for all; only after a refusal the keys that are not to blame go again, one by one where none is named. */
async function sendKeys(
  dispatch: Dispatch,
  visit: Visit,
  { patch, prints }: OrderChange,
): Promise<RefusedChange[] | 'interrupted'> {
  const { workOrderId, sync } = visit;
  const refusals: RefusedChange[] = [];
  const all = Object.keys(patch);
  const queue = all.length === 0 || workOrderId === null ? [] : [all];
  for (let keys = queue.shift(); keys && workOrderId !== null; keys = queue.shift()) {
    const part = Object.fromEntries(keys.map((key) => [key, patch[key]]));
    const input = { workOrderId, patch: part };
    const answer = await unlessCalledOff(dispatch, () => fieldNation.updateWorkOrder(input));
    if (answer === 'interrupted') return 'interrupted';
    const { refused } = answer;
    if (!refused) {
      sync.sent = afterSending(sync.sent, prints, keys);
      for (const target of Object.keys(prints)) {
        if (sync.sent[target] === prints[target]) delete sync.refused[target];
      }
      dispatch.note('Work order updated', keys.join(', '));
      continue;
    }
    const named = keys.length === 1 ? keys : refused.keys;
    refusals.push(...named.map((key) => ({ key, value: patch[key], said: refused.said })));
    const left = keys.filter((key) => !named.includes(key));
    if (named.length === 0) queue.push(...left.map((key) => [key]));
    else if (left.length > 0) queue.push(left);
  }
  return refusals;
}

function recordRefusal(
  dispatch: Dispatch,
  visit: Visit,
  { prints }: OrderChange,
  refusals: readonly RefusedChange[],
): void {
  const { sync, workOrderId, correlationId } = visit;
  if (workOrderId === null) return;
  const keys = refusals.map(({ key }) => key);
  const before = sync.refused;
  sync.refused = afterRefusal(sync.refused, sync.sent, prints, keys);
  const values = Object.entries(sync.refused).flatMap(([target, print]) => (before[target] === print ? [] : [print]));
  const marker = `${correlationId} not changed ${values.join(' ')}`;
  const url = dispatch.orderUrl(visit) ?? '';
  sync.untold.push({ marker, body: refusalNote(workOrderId, url, refusals, marker), tried: false });
  sync.untold.splice(0, Math.max(0, sync.untold.length - MOST_UNTOLD));
  dispatch.note('Change refused by Field Nation', keys.join(', '));
}
