/** The line of effects on the ticket. Promise: bounded; one that a later word of its kind replaces goes first. */
import type { PendingEffect } from '../../contract/memory';
import { unblock } from './blocks';
import { BOUNDS, type Dispatch } from './dispatch';
import type { StepName } from './steps';

export const changeName = ({ id }: Pick<PendingEffect, 'id'>): StepName => `change ${id}`;
export const noteName = ({ id }: Pick<PendingEffect, 'id'>): StepName => `note ${id}`;

type NewEffect = Pick<PendingEffect, 'visit' | 'key' | 'at' | 'event'> &
  Partial<Pick<PendingEffect, 'keepStatus' | 'takenOver' | 'decided'>>;

export function addEffect(dispatch: Dispatch, { keepStatus = false, takenOver = false, ...effect }: NewEffect): void {
  const { memory } = dispatch;
  memory.effectSeq += 1;
  // Of a visit that was taken over, the run before may have written the note.
  const noteTried = takenOver || memory.visits.some(({ number, takenOver: was }) => was && number === effect.visit);
  memory.effects.push({
    ...effect,
    id: `${effect.visit} ${effect.key} ${effect.event?.key ?? effect.at ?? 'own'}`,
    seq: memory.effectSeq,
    ...{ updateDone: false, noteDone: false, noteTried, written: takenOver, plan: null, letGo: false },
    ...{ keepStatus, takenOver },
  });
  if (memory.effects.length <= BOUNDS.effects) return;
  const isReplaced = ({ visit, key }: PendingEffect, index: number): boolean =>
    memory.effects.slice(index + 1).some((later) => later.visit === visit && later.key === key);
  const spare = memory.effects.find(isReplaced) ?? memory.effects[0];
  if (!spare) return;
  dropEffect(dispatch, spare);
  dispatch.note('Not written', `${spare.key}${spare.at ? ` of ${spare.at}` : ''}: more than ${BOUNDS.effects} wait`);
}

export function dropEffect(dispatch: Dispatch, effect: PendingEffect): void {
  dispatch.memory.effects = dispatch.memory.effects.filter((other) => other !== effect);
  unblock(dispatch, changeName(effect), noteName(effect));
}
