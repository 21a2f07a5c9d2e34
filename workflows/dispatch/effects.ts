/**
 * Step: what a status does to the ticket. Promise: update and note are written once each; a status that another one has
 * overtaken is not written any more; what needs a person stays in line while later effects go on.
 */
import type { EffectInput, EffectPlan, EffectVisit } from '../../activities/effects';
import { knownAfterWrite, showsNoTrigger } from '../../src/domain/trigger';
import { freshdesk, rules } from '../proxies';
import { effectStep, type Dispatch, type PendingEffect, type Visit } from './state';
import { stepFailure } from '../step-failure';
import { wroteNote } from './talk-in';
import { unlessCalledOff } from './waiting';

/** The first effect that nobody has to be waited for. */
export const nextEffect = (dispatch: Dispatch): PendingEffect | null =>
  dispatch.memory.effects.find((effect) => dispatch.memory.known?.gone || !dispatch.isBlocked(effectStep(effect))) ??
  null;

type Update = NonNullable<EffectPlan['update']>;

/** What an update writes, thing by thing: of two effects on the same thing the later one counts. */
const thingsIn = ({ status, fields, addTags, removeTags }: Update): string[] => [
  ...(status === null ? [] : ['status']),
  ...Object.keys(fields).map(fieldThing),
  ...[...addTags, ...removeTags].map(tagThing),
];
const fieldThing = (name: string): string => `field ${name}`;
const tagThing = (tag: string): string => `tag ${tag.trim().toLowerCase()}`;

/**
 * What may still be written: nothing for an earlier visit; nothing that a later effect wrote already, since that would put
 * the ticket back; no status on a ticket that a person closed, until the work is done.
 */
function stillDue({ memory, newest }: Dispatch, effect: PendingEffect, update: Update): Update | null {
  if (effect.visit !== newest?.number) return null;
  const isFree = (thing: string): boolean => (memory.written[thing] ?? 0) <= effect.seq;
  const staysClosed = memory.known?.closedByPerson && effect.key !== 'work-done';
  return {
    status: effect.keepStatus || staysClosed || !isFree('status') ? null : update.status,
    fields: Object.fromEntries(Object.entries(update.fields).filter(([name]) => isFree(fieldThing(name)))),
    addTags: update.addTags.filter((tag) => isFree(tagThing(tag))),
    removeTags: update.removeTags.filter((tag) => isFree(tagThing(tag))),
  };
}

const writesNothing = ({ status, fields, addTags, removeTags }: Update): boolean =>
  status === null && Object.keys(fields).length + addTags.length + removeTags.length === 0;

export async function applyEffect(dispatch: Dispatch, effect: PendingEffect): Promise<void> {
  const { memory, ticketId } = dispatch;
  const visit = memory.visits.find((v) => v.number === effect.visit);
  if (!visit || memory.known?.gone) {
    dispatch.note('Not written', `The ticket is gone: ${effect.key}`);
    dispatch.dropEffect(effect);
    return;
  }
  const refused = (error: unknown, part: string): void => {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.wantsLook = true;
    dispatch.block(
      effectStep(effect),
      failure,
      `${part} for ${effect.key} was refused (${failure.status ?? 'no answer'})`,
    );
  };

  const plan = await decide(dispatch, effect, visit).catch((error: unknown) => {
    refused(error, 'Reading the ticket');
    return 'interrupted' as const;
  });
  if (plan === 'interrupted') return;
  if (plan === null) {
    dispatch.dropEffect(effect);
    return;
  }
  const { update, note } = plan;
  const due = update && stillDue(dispatch, effect, update);
  if (!due || writesNothing(due)) effect.updateDone = true;
  if (due && !effect.updateDone) {
    const { status } = due;
    try {
      // Not let go of for a new run: the next look would take what was written unseen for a person's change.
      const seen = { status: memory.known?.status ?? null, at: seenAt(dispatch) };
      const call = () => freshdesk.updateTicket({ ticketId, seen, ...due });
      const written = await unlessCalledOff(dispatch, call, false);
      if (written === 'interrupted') return;
      memory.lastWriteAt = written.updatedAt ?? memory.lastWriteAt;
      memory.statusSetAt = written.statusSetAt ?? memory.statusSetAt ?? null;
      // What Freshdesk answered is the level after the work was done: an edge against it is of that time, too.
      if (dispatch.phase() === 'over' && showsNoTrigger(memory.known, written.write)) memory.askedWhileOpen = false;
      if (memory.known) memory.known = knownAfterWrite(memory.known, written.write);
      for (const thing of thingsIn(due)) memory.written[thing] = effect.seq;
      effect.updateDone = true;
      dispatch.unblock(effectStep(effect));
      dispatch.note('Ticket updated', status === null ? effect.key : `${effect.key}: ${status}`);
    } catch (error) {
      // The note does not depend on it and goes on.
      refused(error, 'Updating the ticket');
    }
  }
  if (note && !effect.noteDone) {
    const lookFirst = effect.noteTried;
    effect.noteTried = true;
    try {
      const noted = await unlessCalledOff(dispatch, () => freshdesk.addNote({ ticketId, ...note, lookFirst }));
      if (noted === 'interrupted') return;
      wroteNote(dispatch, noted);
      effect.noteDone = true;
      dispatch.note('Private note written', effect.key);
    } catch (error) {
      refused(error, 'Writing the note');
    }
  }
  if (effect.updateDone && (effect.noteDone || !note)) dispatch.dropEffect(effect);
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

/** What the config of today makes of the status. */
async function decide(
  dispatch: Dispatch,
  effect: PendingEffect,
  visit: Visit,
): Promise<EffectPlan | null | 'interrupted'> {
  const { key, at, event, decided } = effect;
  const input: EffectInput = { ...effectVisit(dispatch, visit), key, at, event };
  // A person may have mended the config before a second try.
  delete effect.decided;
  const decision = decided === undefined ? await rules.planEffect(input) : decided;
  if (decision !== 'needs-ticket') return decision;
  return unlessCalledOff(dispatch, () => freshdesk.planEffectWithTicket(input));
}
