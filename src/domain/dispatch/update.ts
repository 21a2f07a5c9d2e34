/**
 * The ticket's changes go to the open work order. Promise: only what changed since it was last sent, nothing for what
 * Deskbridge wrote itself, nothing that needs a yes without one, and a refusal is told to the agent once per value. Source:
 * interface, section 8.
 */
import type { Visit } from '../../contract/visit';
import type { UpdateAnswer } from '../../contract/order-calls';
import type { OrderChange, TicketContent, TicketLook } from '../../contract/ticket-calls';
import { mappingAttention } from '../mapping-attention';
import { afterRefusal, afterSending, changedTargets, type Prints } from '../order-update';
import { tellAgent } from './agent-notes';
import { refusalNote, type RefusedChange } from '../refusal-note';
import type { KnownTicket } from '../trigger';
import { block, failed, isBlocked, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { holdBack } from './hold';
import { askForChange, keysInNeed } from './money';
import { CHANGE_APPROVAL, DECISION, KINDS, type Outcome, type Step, type StepOf } from './steps';

/** True while the visit's order may follow the ticket. */
function mayUpdate(dispatch: Dispatch, visit: Visit): boolean {
  const { known, loss } = dispatch.memory;
  if (visit !== dispatch.newest || visit.workOrderId === null || dispatch.phase() !== 'open') return false;
  if (visit.cancel || loss || isBlocked(dispatch, DECISION)) return false;
  return known !== null && !known.gone && !known.closedByPerson;
}

/** True when a change waits, for its time or for a person: publishing waits for it. */
export const updateIsAhead = (dispatch: Dispatch, visit: Visit): boolean =>
  (visit.sync.wantedAt !== null || visit.sync.sending !== null || visit.approval?.of === 'change') &&
  mayUpdate(dispatch, visit);

/** True when the next look shall map the ticket for the existing order. */
export const updateIsDue = (dispatch: Dispatch, visit: Visit): boolean =>
  visit.sync.wantedAt !== null &&
  visit.sync.sending === null &&
  mayUpdate(dispatch, visit) &&
  !isBlocked(dispatch, 'update') &&
  dispatch.isDue(visit.sync.wantedAt);

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
  if (visit !== dispatch.newest || dispatch.phase() !== 'open' || !content) return;
  if (sync.content === null) {
    // An order that was taken over has what the ticket says now, as far as anybody knows: only later changes are sent.
    sync.content = content.print;
    sync.sent = look.update?.prints ?? {};
    sync.start = look.update?.start ?? null;
    return;
  }
  if (!hasChanged(content, visit, look, known)) return;
  sync.content = content.print;
  // Not put off by the next change: an order must not wait for ever for a busy ticket.
  sync.wantedAt ??= dispatch.at(dispatch.policy.updateAfter);
  sync.sending = null;
  unblock(dispatch, 'update');
}

/** Before a create is believed: what it will have sent. After an unanswered one only what both tries have in common is sure. */
export function expectSent(dispatch: Dispatch, visit: Visit, prints: Prints): void {
  const { sync } = visit;
  sync.refused = {};
  if (!visit.tried) {
    sync.sent = prints;
    return;
  }
  const doubtful = changedTargets(prints, sync.sent, {});
  if (doubtful.length > 0) sync.wantedAt ??= dispatch.at();
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
  visit.sync.sending = null;
  // Nothing was put right.
  visit.causesNoted = visit.causesNoted.filter(({ step }) => step !== 'update');
  if (visit.approval?.of === 'change') visit.approval = null;
  unblock(dispatch, 'update', CHANGE_APPROVAL);
}

/** Takes in what a fresh mapping says the order lacks; what needs a yes waits for it, the rest goes. */
export function startSending(dispatch: Dispatch, visit: Visit, change: OrderChange): void {
  if (!mayUpdate(dispatch, visit) || visit.sync.wantedAt === null) return;
  const { sync } = visit;
  if (change.problems.length > 0) {
    const summary = `The changed ticket cannot be mapped: ${change.problems.map((p) => p.target).join(', ')}`;
    block(dispatch, 'update', mappingAttention(change.problems), summary);
    return;
  }
  unblock(dispatch, 'update');
  sync.start = change.start;
  const inNeed = keysInNeed(visit, change);
  askForChange(dispatch, visit, change, inNeed);
  sync.wantedAt = null;
  const keys = Object.keys(change.patch).filter((key) => !inNeed.includes(key));
  if (keys.length === 0) return;
  const { patch, prints, cost } = change;
  sync.sending = { patch, prints, groups: [keys], cost, refused: [] };
}

export function updateStep(dispatch: Dispatch, visit: Visit): Step | null {
  const { sending } = visit.sync;
  const keys = sending?.groups[0];
  if (!sending || !keys || visit.workOrderId === null || !mayUpdate(dispatch, visit)) return null;
  if (isBlocked(dispatch, 'update')) return null;
  const inNeed = keysInNeed(visit, { ...sending, problems: [], start: null });
  if (inNeed.some((key) => keys.includes(key))) {
    // A technician was assigned since it was mapped: it is judged anew.
    visit.sync.sending = null;
    visit.sync.wantedAt = dispatch.at();
    return null;
  }
  const patch = Object.fromEntries(keys.map((key) => [key, sending.patch[key]]));
  return { kind: 'update', name: 'update', input: { workOrderId: visit.workOrderId, patch }, visit: visit.number };
}

/** One call for all; only after a refusal the keys that are not to blame go again, one by one where none is named. */
export function evolveUpdate(
  dispatch: Dispatch,
  visit: Visit,
  step: StepOf<'update'>,
  outcome: Outcome<UpdateAnswer>,
): void {
  const { sync } = visit;
  const { sending } = sync;
  if (outcome.kind === 'let go') {
    // Its attempt may still land: the next change waits until it must have ended, and sends everything again.
    sync.sending = null;
    sync.wantedAt = dispatch.at(dispatch.policy.letGo);
    return;
  }
  if (outcome.kind === 'failed') {
    failed(dispatch, 'update', outcome.failure, KINDS.update);
    // A person may mend ticket or config: it is mapped anew before it is sent again.
    sync.sending = null;
    sync.wantedAt = dispatch.at();
    return;
  }
  const { answer } = outcome;
  if (holdBack(dispatch, visit, answer) || 'held' in answer || !sending) return;
  unblock(dispatch, 'update');
  const keys = Object.keys(step.input.patch);
  sending.groups.shift();
  if (!answer.refused) {
    sync.sent = afterSending(sync.sent, sending.prints, keys);
    for (const target of Object.keys(sending.prints)) {
      if (sync.sent[target] === sending.prints[target]) delete sync.refused[target];
    }
    sync.updatedAt = dispatch.at();
    dispatch.note('Work order updated', keys.join(', '));
  } else {
    const { refused } = answer;
    const named = keys.length === 1 ? keys : refused.keys;
    sending.refused.push(...named.map((key) => ({ key, value: sending.patch[key], said: refused.said })));
    const left = keys.filter((key) => !named.includes(key));
    if (named.length === 0) sending.groups.push(...left.map((key) => [key]));
    else if (left.length > 0) sending.groups.push(left);
  }
  if (sending.groups.length > 0) return;
  if (sending.refused.length > 0) recordRefusal(dispatch, visit, sending.prints, sending.refused);
  sync.sending = null;
}

function recordRefusal(dispatch: Dispatch, visit: Visit, prints: Prints, refusals: readonly RefusedChange[]): void {
  const { sync, workOrderId, correlationId } = visit;
  if (workOrderId === null) return;
  const keys = refusals.map(({ key }) => key);
  const before = sync.refused;
  sync.refused = afterRefusal(sync.refused, sync.sent, prints, keys);
  const values = Object.entries(sync.refused).flatMap(([target, print]) => (before[target] === print ? [] : [print]));
  const marker = `${correlationId} not changed ${values.join(' ')}`;
  const body = refusalNote(workOrderId, dispatch.orderUrl(visit) ?? '', refusals, marker);
  tellAgent(visit, { marker, body, about: 'A change was refused by Field Nation' });
  dispatch.note('Change refused by Field Nation', keys.join(', '));
}
