/** Step: a private note about what Field Nation did not take. Promise: written once; when refused, only it waits. */
import { freshdesk } from '../proxies';
import { stepFailure } from '../step-failure';
import type { Dispatch } from './state';

import { wroteNote } from './talk-in';
import { writeUnlessCalledOff } from './waiting';
import type { Visit, Untold } from '../../src/contract/memory';

const STEP = 'tell';

/** The next note to write; null when there is none that can be written. */
export function nextTelling(dispatch: Dispatch): { name: string; run: () => Promise<void> } | null {
  const visit = dispatch.newest;
  const untold = visit?.sync.untold[0];
  if (!visit || !untold || dispatch.isBlocked(STEP) || !dispatch.mayWrite()) return null;
  return { name: STEP, run: () => tell(dispatch, visit, untold) };
}

async function tell(dispatch: Dispatch, visit: Visit, untold: Untold): Promise<void> {
  const { ticketId, memory } = dispatch;
  const { body, marker } = untold;
  const done = (): void => {
    visit.sync.untold = visit.sync.untold.filter((other) => other !== untold);
    dispatch.unblock(STEP);
  };
  if (memory.known?.gone) {
    done();
    return;
  }
  const lookFirst = untold.tried;
  untold.tried = true;
  try {
    const noted = await writeUnlessCalledOff(dispatch, () => freshdesk.addNote({ ticketId, body, marker, lookFirst }));
    if (noted === 'interrupted') return;
    wroteNote(dispatch, noted);
    done();
    dispatch.note('Private note written', 'A change was refused by Field Nation');
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.wantsLook = true;
    dispatch.block(STEP, failure, `Writing the note was refused (${failure.status ?? 'no answer'})`);
  }
}
