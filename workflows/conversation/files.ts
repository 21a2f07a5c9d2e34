/**
 * Steps: files of the ticket go to the work order's documents, files of the provider to the ticket. Promise: each once,
 * a file that does not pass holds up no other, and what was left out is told in one note a batch.
 */
import type { FileRef } from '../../src/domain/files';
import { TICKET_LIMIT, whyLeftOut } from '../../src/domain/files';
import { fieldNationOnce, filesFromOrder, filesToOrder, freshdeskOnce, inTurn } from '../proxies';
import { stepFailure } from '../step-failure';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { wroteNote } from '../../src/domain/conversation/notice';
import {
  bringStep,
  deliverablesStep,
  fileStep,
  isRefused,
  laneFailed,
  laneWaits,
  laneWent,
  NOTE_LEFT_OUT,
  soon,
  withSeen,
} from '../../src/domain/conversation/state';
import type { Visit } from '../../src/contract/memory';
import type { Talk } from '../../src/contract/conversation';

/** Named in one note at most; more would be no help to anybody. */
const MOST_NAMED = 50;
const BATCH = 5;

/** The last of a batch tells what was left out; so does one that has grown long. */
export const leftOutIsDue = (talk: Talk): boolean =>
  talk.leftOut.length > 0 && (talk.files.length === 0 || talk.leftOut.length >= MOST_NAMED);

function leaveOut(dispatch: Dispatch, talk: Talk, { id, name }: FileRef, why: string): void {
  talk.leftOut.push({ id, name: name.slice(0, 200), why });
  dispatch.note('File left out', `${id}: ${why}`);
}

export async function uploadFile(
  dispatch: Dispatch,
  visit: Visit,
  talk: Talk,
  file: Talk['files'][number],
): Promise<void> {
  const { workOrderId, correlationId } = visit;
  if (workOrderId === null) return;
  const step = fileStep(visit, file);
  const done = (): void => {
    talk.files = talk.files.filter((other) => other !== file);
    laneWent(dispatch, talk, { lane: 'files', step });
  };
  const why = whyLeftOut(file);
  if (why !== null) {
    done();
    leaveOut(dispatch, talk, file, why);
    return;
  }
  const { tried, from: _from, unfetched = 0, ...carried } = file;
  // One that is slow for itself must not keep the others.
  const putLast = (): void => void (talk.files = [...talk.files.filter((other) => other !== file), file]);
  try {
    const uploaded = await inTurn(filesToOrder, dispatch.memory.group).uploadFile({
      ...{ ticketId: dispatch.ticketId, workOrderId, correlationId, file: carried },
      ...{ folderId: talk.folderId, lookFirst: tried },
    });
    if (uploaded === 'unfetched' && unfetched + 1 < dispatch.policy.talk.fetches) {
      file.unfetched = unfetched + 1;
      laneWaits(dispatch, talk, 'files', null);
      putLast();
      return;
    }
    done();
    if (uploaded === 'off') return;
    if (uploaded === 'unfetched')
      return leaveOut(dispatch, talk, file, 'it could not be fetched, however often it was tried');
    talk.folderId = uploaded.folderId;
    if (uploaded.leftOut === null) dispatch.note('File uploaded', `${file.id}`);
    else leaveOut(dispatch, talk, file, uploaded.leftOut);
  } catch (error) {
    const summary = `Uploading file ${file.id} was refused`;
    const failure = stepFailure(error);
    // The folder may be what is gone: it is looked for anew.
    if (isRefused(failure)) talk.folderId = null;
    if (laneFailed(dispatch, talk, { lane: 'files', step, summary }, failure)) file.tried = true;
    file.unfetched = unfetched + 1;
    if (isRefused(failure) || file.unfetched < dispatch.policy.talk.fetches) return putLast();
    done();
    leaveOut(dispatch, talk, file, 'Field Nation did not take it, however often it was tried');
  }
}

export async function noteLeftOut(dispatch: Dispatch, visit: Visit, talk: Talk): Promise<void> {
  // A second try is for the same files: its note may be there already.
  const files = talk.leftOut.slice(0, talk.leftOutTried || MOST_NAMED);
  const from = talk.leftOutTried > 0 ? talk.leftOutFrom : talk.position.page;
  const { ticketId, memory } = dispatch;
  const { correlationId, workOrderId } = visit;
  const done = (): void => {
    talk.leftOut = talk.leftOut.slice(files.length);
    talk.leftOutTried = 0;
    laneWent(dispatch, talk, { lane: 'files', step: NOTE_LEFT_OUT });
  };
  if (memory.known?.gone || workOrderId === null) return done();
  try {
    const look = { lookFirst: talk.leftOutTried > 0, from };
    const written = await inTurn(freshdeskOnce, dispatch.memory.group).noteLeftOut({
      ticketId,
      correlationId,
      workOrderId,
      files,
      ...look,
    });
    done();
    wroteNote(dispatch, written);
    dispatch.note('Private note written', `${files.length} files were left out`);
  } catch (error) {
    const summary = 'Writing which files were left out was refused';
    const failed = laneFailed(dispatch, talk, { lane: 'files', step: NOTE_LEFT_OUT, summary }, stepFailure(error));
    if (failed) Object.assign(talk, { leftOutTried: files.length, leftOutFrom: from });
  }
}

export async function readDeliverables(dispatch: Dispatch, visit: Visit, talk: Talk): Promise<void> {
  const { workOrderId } = visit;
  const step = deliverablesStep(visit);
  const done = (): void => {
    laneWent(dispatch, talk, { lane: 'bring', step });
    talk.bringDue = null;
  };
  if (workOrderId === null) return done();
  const { told } = talk;
  try {
    const read = await inTurn(fieldNationOnce, dispatch.memory.group).readDeliverables({
      workOrderId,
      brought: talk.brought,
    });
    done();
    talk.known.files = told.files;
    if (read === 'off') return;
    const { files, count, more } = read;
    talk.known.files = Math.max(count, told.files);
    talk.brought = {
      ...withSeen(
        talk.brought,
        files.map(({ id }) => id),
      ),
    };
    talk.bring.push(...files.map((file) => ({ ...file, tried: false, linksOnly: false, batch: null })));
    if (more) talk.bringDue = soon(dispatch, null, 0);
  } catch (error) {
    const failure = stepFailure(error);
    if (isRefused(failure) && visit.stage === 'ended') {
      done();
      dispatch.note('Files not read', 'The work order is over and cannot be read');
      return;
    }
    const summary = 'Reading the files of the work order failed';
    laneFailed(dispatch, talk, { lane: 'bring', step, summary }, failure);
  }
}

/** The files that go into one note: so many that the ticket may take them, and on a second try the same ones. */
function batchOf(talk: Talk, first: Talk['bring'][number]): Talk['bring'] {
  if (first.batch !== null) return talk.bring.filter(({ batch }) => batch === first.batch);
  let sum = 0;
  const batch = talk.bring
    .filter((file) => file === first || (file.batch === null && !file.unfetched && !first.unfetched))
    .slice(0, BATCH)
    .filter((file) => {
      sum += file.size ?? TICKET_LIMIT;
      return file === first || sum <= TICKET_LIMIT;
    });
  for (const file of batch) file.batch = first.id;
  return batch;
}

export async function bringFiles(
  dispatch: Dispatch,
  visit: Visit,
  talk: Talk,
  first: Talk['bring'][number],
): Promise<void> {
  const { workOrderId, correlationId, href } = visit;
  const { ticketId, memory } = dispatch;
  const batch = batchOf(talk, first);
  const step = bringStep(visit, first);
  const from = first.from ?? talk.position.page;
  const done = (): void => {
    talk.bring = talk.bring.filter((file) => !batch.includes(file));
    laneWent(dispatch, talk, { lane: 'bring', step });
  };
  if (memory.known?.gone || workOrderId === null) return done();
  try {
    const brought = await inTurn(filesFromOrder, dispatch.memory.group).bringFiles({
      ...{ ticketId, workOrderId, correlationId, href },
      ...{ files: batch.map(({ id, name, size, type }) => ({ id, name, size, type })), linksOnly: first.linksOnly },
      ...{ lookFirst: first.tried, from },
    });
    if (brought === 'refused') {
      for (const file of batch) file.linksOnly = true;
      return;
    }
    if (brought === 'unfetched') {
      for (const file of batch) {
        file.batch = null;
        file.unfetched = (file.unfetched ?? 0) + 1;
        file.linksOnly = file.unfetched >= dispatch.policy.talk.fetches;
      }
      talk.bring = [...talk.bring.filter((file) => !batch.includes(file)), ...batch.slice(1), first];
      laneWaits(dispatch, talk, 'bring', null);
      return;
    }
    done();
    if (brought === 'off') return;
    wroteNote(dispatch, brought);
    dispatch.note('Files brought to the ticket', batch.map(({ id }) => id).join(', '));
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.look.wanted = true;
    const summary = `Bringing file ${first.id} to the ticket was refused`;
    if (laneFailed(dispatch, talk, { lane: 'bring', step, summary }, failure))
      for (const file of batch) Object.assign(file, { tried: true, from });
  }
}
