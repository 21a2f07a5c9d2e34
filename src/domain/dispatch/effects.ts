/**
 * What a status does to the ticket. Promise: update and note are written once each; a status that another one has overtaken
 * is not written any more; what needs a person stays in line while later effects go on.
 */
import type { EffectDecision, EffectInput, EffectPlan } from '../../contract/effect-calls';
import type { DispatchMemory, PendingEffect, Visit } from '../../contract/memory';
import type { EffectWritten, OwnEffectRead, TicketWritten, WrittenNote } from '../../contract/ticket-calls';
import { stripTags } from '../text/strip-tags';
import { sparing, thingsIn, type Spared, type TicketChange } from '../ticket-change';
import { knownAfterWrite, showsNoTrigger } from '../trigger';
import { failed, isBlocked, unblock } from './blocks';
import { wroteNote } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { changeName, dropEffect, noteName } from './effects-queue';
import { KINDS, type Outcome, type Step, type StepKind } from './steps';
import { visitWords } from './words';

/**
 * What must not be written: nothing that a later effect wrote already, since that would put the ticket back; no status on a
 * ticket that a person closed, until the work is done.
 */
function sparedBy({ memory }: Dispatch, effect: PendingEffect): Spared {
  const staysClosed = memory.known?.closedByPerson === true && effect.key !== 'work-done';
  const isLater = ([, seq]: [string, number]): boolean => seq > effect.seq;
  return {
    status: effect.keepStatus || staysClosed,
    things: Object.entries(memory.written)
      .filter(isLater)
      .map(([thing]) => thing),
  };
}

/** Nothing is changed for an earlier visit. */
const mayChange = ({ newest }: Dispatch, effect: PendingEffect): boolean =>
  !effect.updateDone && effect.visit === newest?.number;

/** When the ticket had changed last, by Freshdesk's clock, as far as we know: at the last look, or by the last write of ours. */
const seenAt = ({ lookedAt, lastWriteAt, statusSetAt }: DispatchMemory): string | null =>
  [lookedAt, lastWriteAt, statusSetAt]
    .flatMap((at) => at ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1) ?? null;

const effectInput = (dispatch: Dispatch, { key, at, event }: PendingEffect, visit: Visit): EffectInput => ({
  ...visitWords(dispatch, visit),
  ...{ key, at, event },
});

/** By the config of the last look; the config of now decides. Then deciding and writing are one call. */
const probablyWrites = (dispatch: Dispatch, effect: PendingEffect, { rules }: Visit): boolean =>
  effect.decided === undefined &&
  !effect.written &&
  mayChange(dispatch, effect) &&
  effect.key !== 'draft' &&
  rules?.writes.includes(effect.key) === true;

/**
 * The next call for the first effect that nobody has to be waited for. While a change that was let go of may still arrive,
 * only that very change is made again: what it sets is then known, and no person's word can come in between.
 */
export function decideEffects(dispatch: Dispatch): Step | null {
  const { memory } = dispatch;
  for (const effect of [...memory.effects]) {
    const visit = memory.visits.find(({ number }) => number === effect.visit);
    if (!visit || memory.known?.gone === true) {
      dispatch.note('Not written', `The ticket is gone: ${effect.key}`);
      dropEffect(dispatch, effect);
      continue;
    }
    if (!dispatch.mayWrite() && !(effect.letGo && !effect.updateDone)) continue;
    const step = stepOf(dispatch, effect, visit);
    if (step) return step;
  }
  return null;
}

function stepOf(dispatch: Dispatch, effect: PendingEffect, visit: Visit): Step | null {
  const { memory, ticketId } = dispatch;
  const about = { visit: visit.number, effect: effect.seq };
  const [change, note] = [changeName(effect), noteName(effect)];
  const changeWaits = isBlocked(dispatch, change);
  if (effect.takenOver) {
    if (changeWaits) return null;
    const input = { ticketId, correlationId: visit.correlationId, at: effect.at };
    return { kind: 'read-own-effect', name: change, input, ...about };
  }
  const seen = { status: memory.known?.status ?? null, at: seenAt(memory) };
  if (probablyWrites(dispatch, effect, visit)) {
    if (changeWaits) return null;
    const withNote = !effect.noteDone && !effect.noteTried;
    const input = { effect: effectInput(dispatch, effect, visit), seen, spared: sparedBy(dispatch, effect), withNote };
    return { kind: 'write-effect', name: change, input, ...about };
  }
  if (effect.decided !== undefined && effect.decided !== 'needs-ticket' && effect.plan === null) {
    if (effect.decided === null) {
      dropEffect(dispatch, effect);
      return null;
    }
    effect.plan = effect.decided;
    delete effect.decided;
  }
  if (effect.plan === null) {
    // The note does not depend on the change: what waits there must not be asked anew before its time.
    if (changeWaits && (effect.updateDone || isBlocked(dispatch, note))) return null;
    if (changeWaits && effect.noteDone) return null;
    const kind: StepKind = effect.decided === 'needs-ticket' ? 'plan-effect-with-ticket' : 'plan-effect';
    return { kind, name: changeWaits ? note : change, input: effectInput(dispatch, effect, visit), ...about };
  }
  const { update } = effect.plan;
  const left = update && mayChange(dispatch, effect) ? sparing(update, sparedBy(dispatch, effect)) : null;
  if (!left) effect.updateDone = true;
  if (left && !changeWaits) {
    return { kind: 'change-ticket', name: change, input: { ticketId, seen, ...left }, ...about };
  }
  const text = effect.plan.note;
  if (text && !effect.noteDone) {
    if (isBlocked(dispatch, note) || !dispatch.mayWrite()) return null;
    return { kind: 'effect-note', name: note, input: { ticketId, ...text, lookFirst: effect.noteTried }, ...about };
  }
  if (effect.updateDone) dropEffect(dispatch, effect);
  return null;
}

/** Before the call: until its answer tells, nobody knows how far it went. */
export function beginEffect({ memory }: Dispatch, step: Step): void {
  const effect = memory.effects.find(({ seq }) => seq === step.effect);
  if (!effect) return;
  if (step.kind === 'write-effect') effect.written = effect.noteTried = true;
  if (step.kind === 'effect-note') effect.noteTried = true;
}

type Answer = EffectWritten | EffectDecision | TicketWritten | WrittenNote | OwnEffectRead;

export function evolveEffect(dispatch: Dispatch, step: Step, outcome: Outcome<Answer>): void {
  const { memory } = dispatch;
  const effect = memory.effects.find(({ seq }) => seq === step.effect);
  if (!effect) return;
  if (outcome.kind === 'let go') {
    if (step.kind === 'write-effect' || step.kind === 'change-ticket') letGo(effect, step.kind);
    return;
  }
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') memory.look.wanted = true;
    // A person may have mended the config before a second try.
    effect.plan = null;
    delete effect.decided;
    // From now on deciding and writing are apart: the note does not wait for the change.
    effect.written = true;
    failed(dispatch, step.name, outcome.failure, KINDS[step.kind]);
    return;
  }
  effect.letGo = false;
  // A plan is no success of what it plans: how long the change has failed counts on.
  if (step.kind !== 'plan-effect' && step.kind !== 'plan-effect-with-ticket') unblock(dispatch, step.name);
  settle(dispatch, effect, step, outcome.answer);
}

/** The very change is made again at once, before anything else is written. */
function letGo(effect: PendingEffect, kind: 'write-effect' | 'change-ticket'): void {
  effect.letGo = true;
  if (kind === 'write-effect') effect.written = false;
}

function settle(dispatch: Dispatch, effect: PendingEffect, step: Step, answer: Answer): void {
  switch (step.kind) {
    case 'read-own-effect':
      takeOwnEffect(dispatch, effect, answer as OwnEffectRead);
      break;
    case 'write-effect':
      takeWritten(dispatch, effect, step.input.withNote === true, answer as EffectWritten);
      break;
    case 'plan-effect':
    case 'plan-effect-with-ticket': {
      const decision = answer as EffectDecision;
      if (decision === null) dropEffect(dispatch, effect);
      else if (decision === 'needs-ticket') effect.decided = decision;
      else effect.plan = decision;
      break;
    }
    case 'change-ticket':
      wroteChange(dispatch, effect, step.input, answer as TicketWritten);
      break;
    case 'effect-note':
      noteDone(dispatch, effect, answer as WrittenNote, effect.plan);
      break;
    default:
  }
}

function takeOwnEffect(dispatch: Dispatch, effect: PendingEffect, { noted, changedSince }: OwnEffectRead): void {
  effect.takenOver = false;
  effect.written = false;
  if (!noted && !changedSince) return;
  dispatch.note(
    'Nothing to write',
    noted ? 'The ticket has its note already' : 'Somebody has changed the ticket since',
  );
  dropEffect(dispatch, effect);
}

function takeWritten(dispatch: Dispatch, effect: PendingEffect, withNote: boolean, answer: EffectWritten): void {
  const { decision, change, written, noted, noteTried } = answer;
  if (change && written) wroteChange(dispatch, effect, change, written);
  if (withNote) effect.noteTried = noteTried;
  if (noted) noteDone(dispatch, effect, noted, decision === 'needs-ticket' ? null : decision);
  if (decision === 'needs-ticket') {
    effect.decided = decision;
    return;
  }
  effect.updateDone = true;
  const plan: EffectPlan | null = decision;
  if (plan === null || effect.noteDone || plan.note === null) dropEffect(dispatch, effect);
  else effect.plan = plan;
}

/** As people read it: its last line, the marker, is for us. */
const noteText = ({ body, marker }: NonNullable<EffectPlan['note']>): string =>
  stripTags(body).replace(/\s+/g, ' ').replace(`Deskbridge ${marker}`, '').trim();

function noteDone(dispatch: Dispatch, effect: PendingEffect, noted: WrittenNote, plan: EffectPlan | null): void {
  wroteNote(dispatch, noted);
  effect.noteDone = true;
  dispatch.note('Private note written', effect.key, plan?.note ? noteText(plan.note) : '');
}

function wroteChange(
  dispatch: Dispatch,
  effect: PendingEffect,
  change: TicketChange,
  { updatedAt, statusSetAt, write }: TicketWritten,
): void {
  const { memory } = dispatch;
  memory.lastWriteAt = updatedAt ?? memory.lastWriteAt;
  memory.statusSetAt = statusSetAt ?? memory.statusSetAt;
  // What Freshdesk answered is the level after the work was done: an edge against it is of that time, too.
  if (dispatch.phase() === 'over' && showsNoTrigger(memory.known, write)) memory.look.whileOpen = false;
  if (memory.known) memory.known = knownAfterWrite(memory.known, write);
  for (const thing of thingsIn(change)) memory.written[thing] = effect.seq;
  effect.updateDone = true;
  dispatch.note('Ticket updated', change.status === null ? effect.key : `${effect.key}: ${change.status}`);
}
