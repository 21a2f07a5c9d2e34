/**
 * What became of an effect's call. Promise: what may have been written is never taken for unwritten, and a failure of the
 * change holds up no note.
 */
import type { EffectDecision, EffectPlan } from '../../contract/effect-calls';
import type { PendingEffect } from '../../contract/memory';
import type { EffectWritten, OwnEffectRead, TicketWritten, WrittenNote } from '../../contract/ticket-calls';
import { wroteNote } from '../conversation/notice';
import { knownAfterWrite, showsNoTrigger } from '../known-ticket';
import { stripTags } from '../text/strip-tags';
import { thingsIn, type TicketChange } from '../ticket-change';
import { failed, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { dropEffect } from './effects-queue';
import { KINDS, type Outcome, type Step } from './steps';

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
