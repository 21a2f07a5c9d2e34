/**
 * Step: what a status does to the ticket. Promise: update and note are written once each; a status that another one has
 * overtaken is not written any more; what needs a person stays in line while later effects go on.
 */

import { sparing, thingsIn, type Spared, type TicketChange } from '../../src/domain/ticket-change';
import { knownAfterWrite, showsNoTrigger } from '../../src/domain/trigger';
import { freshdesk, rules } from '../proxies';
import { effectStep, type Dispatch } from './state';
import { stepFailure } from '../step-failure';
import { wroteNote } from './talk-in';
import { unlessPersonSpeaks, writeUnlessCalledOff } from './waiting';
import type { EffectInput, EffectPlan, EffectVisit } from '../../src/contract/effect-calls';
import type { TicketWritten, WrittenNote } from '../../src/contract/ticket-calls';
import type { PendingEffect, Visit } from '../../src/contract/memory';

/**
 * The first effect that nobody has to be waited for. While a change that was let go of may still arrive, only that very
 * change is made again: what it sets is then known, and no person's word can come in between.
 */
export function nextEffect(dispatch: Dispatch): PendingEffect | null {
  const { effects, known } = dispatch.memory;
  const mayBegin = (effect: PendingEffect): boolean =>
    dispatch.mayWrite() || (effect.letGo === true && !effect.updateDone);
  const isFree = (effect: PendingEffect): boolean => known?.gone === true || !dispatch.isBlocked(effectStep(effect));
  return effects.find((effect) => mayBegin(effect) && isFree(effect)) ?? null;
}

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

export async function applyEffect(dispatch: Dispatch, effect: PendingEffect): Promise<void> {
  const { memory, ticketId } = dispatch;
  const visit = memory.visits.find((v) => v.number === effect.visit);
  if (!visit || memory.known?.gone) {
    dispatch.note('Not written', `The ticket is gone: ${effect.key}`);
    dispatch.dropEffect(effect);
    return;
  }
  const plan = await changeTicket(dispatch, effect, visit);
  if (plan === 'interrupted') return;
  if (plan === null) {
    dispatch.dropEffect(effect);
    return;
  }
  const { note } = plan;
  if (note && !effect.noteDone) {
    if (!dispatch.mayWrite()) return;
    const lookFirst = effect.noteTried;
    effect.noteTried = true;
    try {
      const noted = await writeUnlessCalledOff(dispatch, () => freshdesk.addNote({ ticketId, ...note, lookFirst }));
      if (noted === 'interrupted') return;
      noteDone(dispatch, effect, noted);
    } catch (error) {
      refused(dispatch, effect, error, 'Writing the note');
    }
  }
  if (effect.updateDone && (effect.noteDone || !note)) dispatch.dropEffect(effect);
}

function noteDone(dispatch: Dispatch, effect: PendingEffect, noted: WrittenNote): void {
  wroteNote(dispatch, noted);
  effect.noteDone = true;
  dispatch.note('Private note written', effect.key);
}

function refused(dispatch: Dispatch, effect: PendingEffect, error: unknown, part: string): void {
  const failure = stepFailure(error);
  if (failure.type === 'NotFound') dispatch.memory.wantsLook = true;
  dispatch.block(
    effectStep(effect),
    failure,
    `${part} for ${effect.key} was refused (${failure.status ?? 'no answer'})`,
  );
}

type Outcome = EffectPlan | null | 'interrupted';

/** Decides what the status does and changes the ticket; the plan's note does not depend on that and goes on. */
async function changeTicket(dispatch: Dispatch, effect: PendingEffect, visit: Visit): Promise<Outcome> {
  const { ticketId } = dispatch;
  const seen = { status: dispatch.memory.known?.status ?? null, at: seenAt(dispatch) };
  // Not let go of for a new run: the next look would take what was written unseen for a person's change.
  const patiently = async <T>(call: () => Promise<T>): Promise<T | 'interrupted'> => {
    const answer = await writeUnlessCalledOff(dispatch, call, false);
    effect.letGo = answer === 'interrupted';
    return answer;
  };
  let isRefused = false;
  if (probablyWrites(dispatch, effect, visit)) {
    const withNote = !effect.noteDone && !effect.noteTried;
    // Until the answer tells, nobody knows how far it went.
    effect.noteTried = true;
    try {
      const write = { effect: effectInput(dispatch, effect, visit), seen, spared: sparedBy(dispatch, effect) };
      const answer = await patiently(() => freshdesk.writeEffect({ ...write, withNote }));
      if (answer === 'interrupted') return answer;
      const { decision, change, written, noted, noteTried } = answer;
      if (change && written) wroteChange(dispatch, effect, change, written);
      if (withNote) effect.noteTried = noteTried;
      if (noted) noteDone(dispatch, effect, noted);
      if (decision !== 'needs-ticket') {
        effect.updateDone = true;
        return decision;
      }
    } catch (error) {
      refused(dispatch, effect, error, 'Updating the ticket');
      isRefused = true;
    }
  }
  let plan: Outcome;
  try {
    plan = await decide(dispatch, effect, visit);
  } catch (error) {
    refused(dispatch, effect, error, 'Reading the ticket');
    return 'interrupted';
  }
  if (plan === 'interrupted' || plan === null || isRefused) return plan;
  const change = plan.update && mayChange(dispatch, effect) && sparing(plan.update, sparedBy(dispatch, effect));
  if (!change) {
    effect.updateDone = true;
    return plan;
  }
  try {
    const written = await patiently(() => freshdesk.updateTicket({ ticketId, seen, ...change }));
    if (written === 'interrupted') return written;
    wroteChange(dispatch, effect, change, written);
  } catch (error) {
    refused(dispatch, effect, error, 'Updating the ticket');
  }
  return plan;
}

/** By the config of the last look; the config of now decides. Then deciding and writing are one call. */
const probablyWrites = (dispatch: Dispatch, effect: PendingEffect, { rules }: Visit): boolean =>
  effect.decided === undefined &&
  mayChange(dispatch, effect) &&
  effect.key !== 'draft' &&
  rules?.writes?.includes(effect.key) === true;

function wroteChange(
  dispatch: Dispatch,
  effect: PendingEffect,
  change: TicketChange,
  { updatedAt, statusSetAt, write }: TicketWritten,
): void {
  const { memory } = dispatch;
  memory.lastWriteAt = updatedAt ?? memory.lastWriteAt;
  memory.statusSetAt = statusSetAt ?? memory.statusSetAt ?? null;
  // What Freshdesk answered is the level after the work was done: an edge against it is of that time, too.
  if (dispatch.phase() === 'over' && showsNoTrigger(memory.known, write)) memory.askedWhileOpen = false;
  if (memory.known) memory.known = knownAfterWrite(memory.known, write);
  for (const thing of thingsIn(change)) memory.written[thing] = effect.seq;
  effect.updateDone = true;
  dispatch.unblock(effectStep(effect));
  dispatch.note('Ticket updated', change.status === null ? effect.key : `${effect.key}: ${change.status}`);
}

/** When the ticket had changed last, by Freshdesk's clock, as far as we know: at the last look, or by the last write of ours. */
const seenAt = ({ memory: { lookedAt, lastWriteAt, statusSetAt } }: Dispatch): string | null =>
  [lookedAt, lastWriteAt, statusSetAt]
    .flatMap((at) => at ?? [])
    .sort((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1) ?? null;

/** What the config's templates may say of a visit. */
export function effectVisit(dispatch: Dispatch, visit: Visit): EffectVisit {
  const earlier = dispatch.memory.visits.filter((v) => v.number < visit.number && v.workOrderId !== null).at(-1);
  return {
    account: dispatch.account,
    ticketId: dispatch.ticketId,
    correlationId: visit.correlationId,
    visit: visit.number,
    workOrderId: visit.workOrderId,
    workOrderUrl: dispatch.orderUrl(visit),
    previous: earlier ? { id: earlier.workOrderId ?? 0, url: dispatch.orderUrl(earlier) ?? '' } : null,
  };
}

const effectInput = (dispatch: Dispatch, { key, at, event }: PendingEffect, visit: Visit): EffectInput => ({
  ...effectVisit(dispatch, visit),
  ...{ key, at, event },
});

/** What the config of today makes of the status. */
async function decide(dispatch: Dispatch, effect: PendingEffect, visit: Visit): Promise<Outcome> {
  const input = effectInput(dispatch, effect, visit);
  const { decided } = effect;
  // A person may have mended the config before a second try.
  delete effect.decided;
  const decision = decided === undefined ? await rules.planEffect(input) : decided;
  if (decision !== 'needs-ticket') return decision;
  return unlessPersonSpeaks(dispatch, () => freshdesk.planEffectWithTicket(input));
}
