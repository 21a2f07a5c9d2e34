/**
 * Notes, messages and files between ticket and work order: which call comes next. Promise: they go their own way beside the
 * order's loop, so that none of them can hold it up, and only the newest visit takes in anything new. Source: interface,
 * section 8.
 */
import { ActivityFailure, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { Talk } from '../../src/contract/conversation';
import type { Visit } from '../../src/contract/memory';
import {
  bringStep,
  canTalk,
  deliverablesStep,
  entryStep,
  fileStep,
  hasRoom,
  hasRoomForFiles,
  laneIsReady,
  messagesStep,
  messageStep,
  NOTE_LEFT_OUT,
  READ_ENTRIES,
} from '../../src/domain/conversation/state';
import { block, isBlocked, unblock } from '../../src/domain/dispatch/blocks';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { shareWait, spendShare } from '../../src/domain/dispatch/share';
import { isOrderOver } from '../../src/domain/dispatch/stages';
import { stepFailure } from '../step-failure';
import { bringFiles, leftOutIsDue, noteLeftOut, readDeliverables, uploadFile } from './files';
import { readMessages, writeMessage } from './in';
import { postEntry, readEntries } from './out';

interface Step {
  name: string;
  run(): Promise<void> | void;
}

/** The loop of the conversation: one call at a time, while the order's loop goes on. */
export class Lanes {
  areBusy = false;
  /** Grows whenever something came of a call: the order's loop looks up then. */
  changes = 0;

  constructor(private readonly dispatch: Dispatch) {}

  /** Goes on with what is due, if anything. */
  begin(): void {
    const step = this.areBusy ? null : nextStep(this.dispatch);
    if (!step) return;
    this.areBusy = true;
    void this.run(step);
  }

  private async run(first: Step): Promise<void> {
    for (let step: Step | null = first; step; step = this.next()) {
      this.dispatch.turns += 1;
      spendShare(this.dispatch, 'talk');
      await take(this.dispatch, step);
      this.changes += 1;
    }
    this.areBusy = false;
    this.changes += 1;
  }

  private next(): Step | null {
    const { turns, policy } = this.dispatch;
    return turns >= policy.turnsPerRun || workflowInfo().continueAsNewSuggested ? null : nextStep(this.dispatch);
  }
}

/** A failure that the step itself did not expect waits for a person instead of failing the dispatch. */
async function take(dispatch: Dispatch, step: Step): Promise<void> {
  try {
    await step.run();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const failure = stepFailure(error);
    log.warn('a step of the conversation failed unexpectedly', { step: step.name, type: failure.type });
    block(dispatch, step.name, failure, `The step ${step.name} failed`);
  }
}

/** The next thing of notes, messages and files that can be done now. */
function nextStep(dispatch: Dispatch): Step | null {
  if (shareWait(dispatch, 'talk') !== null) return null;
  for (const visit of dispatch.memory.visits) {
    const { talk } = visit;
    const step = talk && stepOf(dispatch, visit, talk);
    if (step) return step;
  }
  return null;
}

function stepOf(dispatch: Dispatch, visit: Visit, talk: Talk): Step | null {
  if (isOrderOver(visit) && (talk.out.length + talk.files.length > 0 || talk.outDue !== null)) {
    return { name: 'talk-over', run: () => dropOut(dispatch, visit, talk) };
  }
  if (!canTalk(visit) && visit.stage !== 'ended') return null;
  const isGone = dispatch.memory.known?.gone === true;
  const isEnded = visit.stage === 'ended';
  const free = <T>(items: T[], name: (item: T) => string): T | undefined =>
    items.find((item) => !isBlocked(dispatch, name(item)));
  /** What goes to a ticket that is gone waits for nobody: the step lets go of it. */
  const freeForTicket = <T>(items: T[], name: (item: T) => string): T | undefined =>
    isGone ? items[0] : free(items, name);
  /** Of an order that is over it is tried once more, and then let go of. */
  const due = (at: string | null, name: string): boolean =>
    at !== null && dispatch.isDue(at) && (isEnded || !isBlocked(dispatch, name));

  if (laneIsReady(dispatch, talk, 'out')) {
    const entry = free(talk.out, (item) => entryStep(visit, item));
    if (entry) return { name: entryStep(visit, entry), run: () => postEntry(dispatch, visit, talk, entry) };
    if (due(talk.outDue, READ_ENTRIES) && hasRoom(talk.out) && hasRoomForFiles(talk.files)) {
      return { name: READ_ENTRIES, run: () => readEntries(dispatch, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'in')) {
    const message = freeForTicket(talk.in, (item) => messageStep(visit, item));
    if (message) return { name: messageStep(visit, message), run: () => writeMessage(dispatch, visit, talk, message) };
    if (due(talk.inDue, messagesStep(visit)) && hasRoom(talk.in)) {
      return { name: messagesStep(visit), run: () => readMessages(dispatch, visit, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'files')) {
    const file = free(talk.files, (item) => fileStep(visit, item));
    if (file) return { name: fileStep(visit, file), run: () => uploadFile(dispatch, visit, talk, file) };
    if (leftOutIsDue(talk) && (isGone || !isBlocked(dispatch, NOTE_LEFT_OUT))) {
      return { name: NOTE_LEFT_OUT, run: () => noteLeftOut(dispatch, visit, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'bring')) {
    const file = freeForTicket(talk.bring, (item) => bringStep(visit, item));
    if (file) return { name: bringStep(visit, file), run: () => bringFiles(dispatch, visit, talk, file) };
    if (due(talk.bringDue, deliverablesStep(visit)) && hasRoomForFiles(talk.bring)) {
      return { name: deliverablesStep(visit), run: () => readDeliverables(dispatch, visit, talk) };
    }
  }
  return null;
}

/** Nothing goes to an order that is final. */
function dropOut(dispatch: Dispatch, visit: Visit, talk: Talk): void {
  for (const name of [
    READ_ENTRIES,
    ...talk.out.map((entry) => entryStep(visit, entry)),
    ...talk.files.map((file) => fileStep(visit, file)),
  ]) {
    unblock(dispatch, name);
  }
  const count = talk.out.length + talk.files.length;
  if (count > 0) dispatch.note('Not passed on', `${count} notes and files: the work order is over`);
  talk.out = [];
  talk.files = [];
  talk.outDue = null;
}
