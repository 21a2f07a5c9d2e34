/** What came of a step of the conversation. Promise: pure but for the memory, which it changes in place; every kind of step has its place here. */
import type { Dispatch } from '../dispatch/dispatch';
import { evolveBringFiles, evolveReadDeliverables } from './bring';
import { evolveNoteLeftOut, evolveUploadFile } from './files';
import { evolveReadMessages, evolveWriteMessage } from './in';
import { dropOut, evolvePostEntry, evolveReadEntries } from './out';
import type { AnswerOf, CallKind, Outcome, Step } from './steps';

/** `begun`: when its call was made, in ms since 1970. */
export function evolve(dispatch: Dispatch, step: Step, given: Outcome<unknown>, begun: number): void {
  const visit = dispatch.memory.visits.find(({ number }) => number === step.visit);
  const conversation = visit?.conversation;
  // A visit that was withdrawn meanwhile has nothing to carry over.
  if (!visit || !conversation) return;
  const place = { dispatch, visit, conversation };
  /** The runner gives each call's own answer. */
  const outcome = <K extends CallKind>(_kind: K): Outcome<AnswerOf<K>> => given as Outcome<AnswerOf<K>>;
  switch (step.kind) {
    case 'order-over':
      return dropOut(place);
    case 'read-entries':
      return evolveReadEntries(place, step, outcome(step.kind), begun);
    case 'post-entry':
      return evolvePostEntry(place, step, outcome(step.kind));
    case 'read-messages':
      return evolveReadMessages(place, step, outcome(step.kind), begun);
    case 'write-message':
      return evolveWriteMessage(place, step, outcome(step.kind));
    case 'upload-file':
      return evolveUploadFile(place, step, outcome(step.kind));
    case 'note-left-out':
      return evolveNoteLeftOut(place, step, outcome(step.kind));
    case 'read-deliverables':
      return evolveReadDeliverables(place, step, outcome(step.kind), begun);
    case 'bring-files':
      return evolveBringFiles(place, step, outcome(step.kind));
  }
}
