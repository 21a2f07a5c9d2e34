/**
 * Files of the ticket go to the work order's documents. Promise: each once, a file that does not pass holds up no other, and
 * what was left out is told in one note a batch.
 */
import type { VisitConversation } from '../../contract/conversation';
import type { UploadedFile } from '../../contract/conversation-calls';
import type { WrittenNote } from '../../contract/ticket-calls';
import { whyLeftOut, type FileRef } from '../files';
import { wroteNote } from './notice';
import { fileStep, NOTE_LEFT_OUT, type Outcome, type StepOf } from './steps';
import { isRefused, laneWaits, stepFailed, stepWent, type Place } from './waits';

/** Named in one note at most; more would be no help to anybody. */
const MOST_NAMED = 50;

export function uploadFileStep(
  { dispatch, visit, conversation }: Place,
  { tried, from: _from, unfetched: _unfetched, ...file }: VisitConversation['files'][number],
): StepOf<'upload-file'> {
  const { workOrderId, correlationId } = visit;
  const canPass = workOrderId !== null && whyLeftOut(file) === null;
  return {
    ...{ kind: 'upload-file', name: fileStep(visit, file), visit: visit.number, ids: [file.id] },
    input: canPass
      ? {
          ...{ ticketId: dispatch.ticketId, workOrderId, correlationId, file },
          ...{ folderId: conversation.folderId, lookFirst: tried },
        }
      : null,
    trouble: `Uploading file ${file.id} was refused`,
  };
}

export function evolveUploadFile(place: Place, step: StepOf<'upload-file'>, outcome: Outcome<UploadedFile>): void {
  const { dispatch, conversation } = place;
  const file = conversation.files.find(({ id }) => step.ids.includes(id));
  if (!file) return;
  const others = conversation.files.filter((other) => other !== file);
  const ended = (why: string | null): void => {
    conversation.files = others;
    stepWent(place, step);
    if (why !== null) leaveOut(place, file, why);
  };
  if (outcome.kind === 'not called') return ended(whyLeftOut(file));
  if (outcome.kind === 'answered' && outcome.answer !== 'unfetched') {
    if (outcome.answer === 'off') return ended(null);
    const { folderId, leftOut } = outcome.answer;
    ended(leftOut);
    conversation.folderId = folderId;
    if (leftOut === null) dispatch.note('File uploaded', `${file.id}`);
    return;
  }
  file.unfetched = (file.unfetched ?? 0) + 1;
  const isLast = file.unfetched >= dispatch.policy.conversation.fetches;
  if (outcome.kind === 'answered') {
    if (isLast) return ended('it could not be fetched, however often it was tried');
    laneWaits(place, step, null);
  } else {
    // The folder may be what is gone: it is looked for anew.
    if (isRefused(outcome.failure)) conversation.folderId = null;
    if (stepFailed(place, step, outcome.failure)) file.tried = true;
    if (isLast && !isRefused(outcome.failure)) return ended('Field Nation did not take it, however often it was tried');
  }
  // One that is slow for itself must not keep the others.
  conversation.files = [...others, file];
}

function leaveOut({ dispatch, conversation }: Place, { id, name }: FileRef, why: string): void {
  conversation.leftOut.push({ id, name: name.slice(0, 200), why });
  dispatch.note('File left out', `${id}: ${why}`);
}

/** The last of a batch tells what was left out; so does one that has grown long. */
export const leftOutIsDue = (conversation: VisitConversation): boolean =>
  conversation.leftOut.length > 0 && (conversation.files.length === 0 || conversation.leftOut.length >= MOST_NAMED);

export function noteLeftOutStep({ dispatch, visit, conversation }: Place): StepOf<'note-left-out'> {
  const { ticketId, memory } = dispatch;
  const { correlationId, workOrderId } = visit;
  // A second try is for the same files: its note may be there already.
  const lookFirst = conversation.leftOutTried > 0;
  const files = conversation.leftOut.slice(0, conversation.leftOutTried || MOST_NAMED);
  const from = lookFirst ? conversation.leftOutFrom : conversation.position.page;
  return {
    ...{ kind: 'note-left-out', name: NOTE_LEFT_OUT, visit: visit.number, ids: files.map(({ id }) => id) },
    input:
      memory.known?.gone || workOrderId === null
        ? null
        : { ticketId, correlationId, workOrderId, files, lookFirst, from },
    trouble: 'Writing which files were left out was refused',
  };
}

export function evolveNoteLeftOut(place: Place, step: StepOf<'note-left-out'>, outcome: Outcome<WrittenNote>): void {
  const { dispatch, conversation } = place;
  const count = step.ids.length;
  if (outcome.kind === 'failed') {
    if (!stepFailed(place, step, outcome.failure)) return;
    conversation.leftOutTried = count;
    conversation.leftOutFrom = step.input?.from ?? conversation.leftOutFrom;
    return;
  }
  conversation.leftOut = conversation.leftOut.slice(count);
  conversation.leftOutTried = 0;
  stepWent(place, step);
  if (outcome.kind === 'not called') return;
  wroteNote(dispatch, outcome.answer);
  dispatch.note('Private note written', `${count} files were left out`);
}
