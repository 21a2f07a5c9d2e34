/**
 * Private notes that tell the ticket's agent what went wrong. Promise: each is written once, whatever the run has forgotten:
 * each is looked for before it is written. When one is refused, only it waits.
 */
import type { WrittenNote } from '../../contract/ticket-calls';
import type { Visit } from '../../contract/visit';
import { failed, isBlocked, unblock } from './blocks';
import { wroteNote } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { KINDS, type Outcome, type Step, type StepOf } from './steps';

/** So many wait to be written at most; the newest count. */
const MOST_NOTES = 3;

/** Puts a note in line. `about`: for the timeline. The last line of `body` holds the marker. */
export function tellAgent({ sync }: Visit, note: { marker: string; body: string; about: string }): void {
  sync.notes.push(note);
  sync.notes.splice(0, Math.max(0, sync.notes.length - MOST_NOTES));
}

/** The next note to write; null when there is none that can be written. */
export function decideAgentNote(dispatch: Dispatch): Step | null {
  const { newest: visit, memory, ticketId } = dispatch;
  const note = visit?.sync.notes[0];
  if (!visit || !note) return null;
  if (memory.known?.gone) {
    visit.sync.notes = [];
    unblock(dispatch, 'agent-note');
    return null;
  }
  if (isBlocked(dispatch, 'agent-note') || !dispatch.mayWrite()) return null;
  const { body, marker } = note;
  const input = { ticketId, body, marker, lookFirst: true };
  return { kind: 'agent-note', name: 'agent-note', input, visit: visit.number };
}

export function evolveAgentNote(dispatch: Dispatch, step: StepOf<'agent-note'>, outcome: Outcome<WrittenNote>): void {
  const { memory } = dispatch;
  const visit = memory.visits.find(({ number }) => number === step.visit);
  if (outcome.kind === 'let go' || !visit) return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') memory.look.wanted = true;
    failed(dispatch, 'agent-note', outcome.failure, KINDS['agent-note']);
    return;
  }
  unblock(dispatch, 'agent-note');
  wroteNote(dispatch, outcome.answer);
  const isIt = ({ marker }: { marker: string }): boolean => marker === step.input.marker;
  dispatch.note('Private note written', visit.sync.notes.find(isIt)?.about ?? null);
  visit.sync.notes = visit.sync.notes.filter((note) => !isIt(note));
}
