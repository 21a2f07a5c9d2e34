/**
 * What people say. Promise: it comes before any step; a retry never says yes to money and never starts a visit, and at a
 * question it means keep. Source: interface, sections 5 and 8.
 */
import { tryLanesSoon } from '../conversation/waits';
import { unblock } from './blocks';
import { BOUNDS, type Dispatch } from './dispatch';
import { isOver, isWorkOver } from '../status';
import { typedText } from '../text/typed';
import { heedApproval } from './money';
import { askOwnership } from './ownership';
import { skip, SKIPPED } from './skip';
import { applyStatus, noteNothingToCancel } from './news';
import { isOrderOver } from './stages';
import { CHANGE_APPROVAL, DECISION, LINK_QUESTION } from './steps';

/** What waits for another word than retry. */
const FOR_A_YES: readonly string[] = ['approval', CHANGE_APPROVAL];

const nameOf = (value: unknown): string | null => typedText(value, BOUNDS.name);

/** A signal's argument, typed by hand perhaps: what is not understood counts as absent. */
const bag = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export function receiveRetry({ memory: { commands } }: Dispatch, hint: unknown): void {
  const { only, by } = bag(hint);
  if (only === 'unauthorized') commands.probe = true;
  else commands.retry = { by: nameOf(by) };
}

export function receiveCancel({ memory: { commands } }: Dispatch, hint: unknown): void {
  const { reason, by } = bag(hint);
  commands.cancel = { reason: typedText(reason, BOUNDS.reason) ?? 'Cancelled by a person', by: nameOf(by) };
  // A visit asked for before is called off with it; one asked for later stays.
  commands.visit = null;
}

export function receiveApproval({ memory: { commands } }: Dispatch, hint: unknown): void {
  const { by, amount } = bag(hint);
  const isSum = typeof amount === 'number' || amount === null;
  commands.approve = { by: nameOf(by), ...(isSum ? { amount } : {}) };
}

/** A person's word comes before any step. */
export function heed(dispatch: Dispatch): void {
  const { commands } = dispatch.memory;
  if (commands.probe) heedProbe(dispatch);
  if (commands.approve) heedApproval(dispatch, commands.approve);
  if (commands.retry) heedRetry(dispatch, commands.retry.by);
  if (commands.cancel) heedCancel(dispatch, commands.cancel);
  Object.assign(commands, { probe: false, approve: null, retry: null, cancel: null });
}

function heedProbe(dispatch: Dispatch): void {
  // Nothing else: no machine answers a question that was put to a person.
  const refused = dispatch.memory.blocked.filter(({ attention }) => attention.reason === 'unauthorized');
  unblock(dispatch, ...refused.map(({ step }) => step));
  if (refused.length > 0) dispatch.note('Retry', 'The keys work again');
}

function heedRetry(dispatch: Dispatch, by: string | null): void {
  const { memory, newest: visit } = dispatch;
  const who = by ?? 'A person';
  const waiting = memory.blocked.filter(({ step }) => !FOR_A_YES.includes(step));
  // It answers what is shown: the question whether to keep the order comes last, and waits for a word of its own.
  const others = waiting.filter(({ step }) => step !== DECISION);
  const answered = others.length > 0 ? others : waiting;
  unblock(dispatch, ...answered.map(({ step }) => step));
  for (const call of memory.failing) call.nextTry = dispatch.at();
  tryLanesSoon(dispatch);
  // The config may have been mended: what a status does is decided anew.
  for (const effect of memory.effects) if (!effect.updateDone) effect.plan = null;
  if (answered.some(({ step }) => step === LINK_QUESTION)) keepLink(dispatch);
  if (visit && visit.stage !== 'open' && visit.stage !== 'ended') memory.look.wanted = true;
  if (visit) visit.notBefore = null;
  if (memory.paused) memory.paused.nextTry = dispatch.at();
  const isYes = memory.blocked.some(({ step }) => FOR_A_YES.includes(step));
  const kept = answered.length > 0 && answered.every(({ attention }) => attention.reason === 'decision');
  if (kept) dispatch.note('Kept', `${who} chose to keep it as it is`);
  else if (answered.length === 0 && isYes) dispatch.note('Retry without effect', 'Money waits for `approve`');
  else dispatch.note('Retry', `${who} asked for it`);
}

/** The link stays: without a visit the ticket is let be, before a create it is overwritten. */
function keepLink(dispatch: Dispatch): void {
  const { memory } = dispatch;
  if (!dispatch.newest) skip(dispatch, SKIPPED.linked);
  else memory.look.wanted = true;
  memory.link = memory.newLink;
}

function heedCancel(dispatch: Dispatch, { reason, by }: { reason: string; by: string | null }): void {
  const { memory, newest: visit } = dispatch;
  const words = by === null ? reason : `${reason} (${by})`;
  if (!visit && memory.blocked.some(({ step }) => step === LINK_QUESTION)) {
    unblock(dispatch, LINK_QUESTION);
    skip(dispatch, words);
    return;
  }
  if (memory.skipped !== null || (visit && isOrderOver(visit))) {
    dispatch.note('Cancel without effect', 'There is nothing left to cancel');
    return;
  }
  if (visit?.status && isOver(visit.status.key)) {
    noteNothingToCancel(dispatch, visit.status.key);
    return;
  }
  const isMissing = memory.blocked.some(({ step, attention }) => step === 'cancel' && attention.reason === 'not-found');
  if (visit && isMissing) {
    // Field Nation does not show the order: the person's word stands for its answer.
    unblock(dispatch, 'cancel');
    dispatch.note('Cancelled by a person’s word', words);
    applyStatus(dispatch, visit, { key: 'cancelled', at: null }, { event: null, own: true });
    return;
  }
  if (!visit) {
    // Nothing is known of the ticket yet: an order of a run that is gone would live on.
    unblock(dispatch, 'ticket', 'ownership');
    askOwnership(dispatch, { link: memory.link, otherwise: null, wanted: null, thorough: true, cancel: { reason } });
    dispatch.note('Cancel', words);
    return;
  }
  const target = visit;
  target.cancel = { reason, byTicket: false, onlyUnassigned: false };
  target.notBefore = null;
  target.approval = null;
  memory.loss = null;
  unblock(dispatch, 'ticket', 'plan', 'approval', 'ownership', 'find', 'create', 'link', 'publish', 'cancel', 'update');
  unblock(dispatch, 'merge', DECISION, CHANGE_APPROVAL, LINK_QUESTION, 'visit', 'visit-late');
  dispatch.note('Cancel', words);
  if (target.status !== null && isWorkOver(target.status.key)) dispatch.note('Cancel', 'The work is done already');
}
