/**
 * Which step of the conversation comes next. Promise: pure; one step, or null when everything waits. The oldest visit goes
 * first; within one its lanes do so in their order, and in a lane what is known goes before more is read.
 */
import type { Visit } from '../../contract/visit';
import { isBlocked } from '../dispatch/blocks';
import type { Dispatch } from '../dispatch/dispatch';
import { shareWait } from '../dispatch/share';
import { isOrderOver } from '../dispatch/stages';
import { bringFilesStep, readDeliverablesStep } from './bring';
import { leftOutIsDue, noteLeftOutStep, uploadFileStep } from './files';
import { readMessagesStep, writeMessageStep } from './in';
import { hasOut, postEntryStep, readEntriesStep } from './out';
import { hasRoom, hasRoomForFiles } from './state';
import {
  bringStep,
  deliverablesStep,
  entryStep,
  fileStep,
  messagesStep,
  messageStep,
  NOTE_LEFT_OUT,
  READ_ENTRIES,
  type Step,
} from './steps';
import { laneIsReady, type Place } from './waits';

export function decide(dispatch: Dispatch): Step | null {
  if (shareWait(dispatch, 'conversation') !== null) return null;
  for (const visit of dispatch.memory.visits) {
    const { conversation } = visit;
    const step = conversation && decideVisit({ dispatch, visit, conversation });
    if (step) return step;
  }
  return null;
}

function decideVisit(place: Place): Step | null {
  const { visit, conversation } = place;
  if (isOrderOver(visit) && hasOut(conversation)) return { kind: 'order-over', visit: visit.number, input: null };
  if (!isConnected(visit)) return null;
  return decideOut(place) ?? decideIn(place) ?? decideFiles(place) ?? decideBring(place);
}

/** The order exists and its first steps are done. */
const isConnected = ({ stage, workOrderId }: Visit): boolean =>
  (stage === 'open' && workOrderId !== null) || stage === 'ended';

function decideOut(place: Place): Step | null {
  const { visit, conversation } = place;
  if (!laneIsReady(place, 'out')) return null;
  const entry = conversation.out.find((it) => isFree(place, entryStep(visit, it)));
  if (entry) return postEntryStep(place, entry);
  const mayRead = hasRoom(conversation.out) && hasRoomForFiles(conversation.files);
  return mayRead && isReadDue(place, conversation.outDue, READ_ENTRIES) ? readEntriesStep(place) : null;
}

function decideIn(place: Place): Step | null {
  const { visit, conversation } = place;
  if (!laneIsReady(place, 'in')) return null;
  const message = conversation.in.find((it) => isFreeForTicket(place, messageStep(visit, it)));
  if (message) return writeMessageStep(place, message);
  return hasRoom(conversation.in) && isReadDue(place, conversation.inDue, messagesStep(visit))
    ? readMessagesStep(place)
    : null;
}

function decideFiles(place: Place): Step | null {
  const { visit, conversation } = place;
  if (!laneIsReady(place, 'files')) return null;
  const file = conversation.files.find((it) => isFree(place, fileStep(visit, it)));
  if (file) return uploadFileStep(place, file);
  return leftOutIsDue(conversation) && isFreeForTicket(place, NOTE_LEFT_OUT) ? noteLeftOutStep(place) : null;
}

function decideBring(place: Place): Step | null {
  const { visit, conversation } = place;
  if (!laneIsReady(place, 'bring')) return null;
  const file = conversation.bring.find((it) => isFreeForTicket(place, bringStep(visit, it)));
  if (file) return bringFilesStep(place, file);
  const mayRead = hasRoomForFiles(conversation.bring);
  return mayRead && isReadDue(place, conversation.bringDue, deliverablesStep(visit))
    ? readDeliverablesStep(place)
    : null;
}

const isFree = ({ dispatch }: Place, name: string): boolean => !isBlocked(dispatch, name);

/** What goes to a ticket that is gone waits for nobody: it is dropped. */
const isFreeForTicket = (place: Place, name: string): boolean =>
  place.dispatch.memory.known?.gone === true || isFree(place, name);

/** Of an order that is over it is tried once more, and then dropped. */
const isReadDue = (place: Place, at: string | null, name: string): boolean =>
  at !== null && place.dispatch.isDue(at) && (place.visit.stage === 'ended' || isFree(place, name));
