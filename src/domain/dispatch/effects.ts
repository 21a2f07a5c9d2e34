/**
 * What a status does to the ticket: the next call. Promise: update and note are written once each; a status that another one
 * has overtaken is not written any more; what needs a person stays in line while later effects go on.
 */
import type { EffectInput } from '../../contract/effect-calls';
import type { DispatchMemory, PendingEffect } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import { sparing, type Spared } from '../ticket-change';
import { isBlocked } from './blocks';
import type { Dispatch } from './dispatch';
import { changeName, dropEffect, noteName } from './effects-queue';
import type { Step, StepKind } from './steps';
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
