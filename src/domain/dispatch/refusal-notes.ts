/** A private note about what Field Nation did not take. Promise: written once; when refused, only it waits. */
import type { WrittenNote } from '../../contract/ticket-calls';
import { failed, isBlocked, unblock } from './blocks';
import { wroteNote } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { KINDS, type Outcome, type Step, type StepOf } from './steps';

/** The next note to write; null when there is none that can be written. */
export function decideRefusalNote(dispatch: Dispatch): Step | null {
  const { newest: visit, memory, ticketId } = dispatch;
  const note = visit?.sync.notes[0];
  if (!visit || !note) return null;
  if (memory.known?.gone) {
    visit.sync.notes = [];
    unblock(dispatch, 'refusal-note');
    return null;
  }
  if (isBlocked(dispatch, 'refusal-note') || !dispatch.mayWrite()) return null;
  const { body, marker, tried } = note;
  const input = { ticketId, body, marker, lookFirst: tried };
  return { kind: 'refusal-note', name: 'refusal-note', input, visit: visit.number };
}

export function beginRefusalNote({ memory }: Dispatch, step: StepOf<'refusal-note'>): void {
  const visit = memory.visits.find(({ number }) => number === step.visit);
  const note = visit?.sync.notes.find(({ marker }) => marker === step.input.marker);
  if (note) note.tried = true;
}

export function evolveRefusalNote(
  dispatch: Dispatch,
  step: StepOf<'refusal-note'>,
  outcome: Outcome<WrittenNote>,
): void {
  const { memory } = dispatch;
  const visit = memory.visits.find(({ number }) => number === step.visit);
  if (outcome.kind === 'let go' || !visit) return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') memory.look.wanted = true;
    failed(dispatch, 'refusal-note', outcome.failure, KINDS['refusal-note']);
    return;
  }
  unblock(dispatch, 'refusal-note');
  wroteNote(dispatch, outcome.answer);
  visit.sync.notes = visit.sync.notes.filter(({ marker }) => marker !== step.input.marker);
  dispatch.note('Private note written', 'A change was refused by Field Nation');
}
