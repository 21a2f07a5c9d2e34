/**
 * Steps: what people write on the ticket becomes messages of the work order. Promise: read only when the ticket has
 * changed, each entry once, an entry that needs a person holds up no other.
 */

import { isAssigned } from '../../src/domain/status';
import { fieldNationOnce, freshdeskOnce, inTurn } from '../proxies';
import { stepFailure } from '../step-failure';
import { unblock } from '../../src/domain/dispatch/blocks';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { takeHeard } from './in';
import {
  entryStep,
  laneFailed,
  laneWent,
  READ_ENTRIES,
  soon,
  takeEntryFiles,
} from '../../src/domain/conversation/state';
import type { TicketEntry, Pending, Talk } from '../../src/contract/conversation';
import type { Visit } from '../../src/contract/memory';

/** Reads what is new on the ticket; once nothing is left, the ticket is known up to the last look at it. */
export async function readEntries(dispatch: Dispatch, talk: Talk): Promise<void> {
  const { account, ticketId, policy } = dispatch;
  const began = dispatch.now();
  try {
    const own = talk.ownNotes;
    const read = await inTurn(freshdeskOnce, dispatch.memory.group).readEntries({
      account,
      ticketId,
      since: talk.since,
      own,
      ...talk.position,
    });
    const { entries, files, more, ...position } = read;
    laneWent(dispatch, talk, { lane: 'out', step: READ_ENTRIES });
    talk.position = position;
    talk.out.push(...entries.map((entry) => ({ ...entry, tried: false, staffOnly: false })));
    takeEntryFiles(talk, files);
    // Notes that were read back will not be looked at again.
    talk.ownNotes = talk.ownNotes.filter((id) => id > position.lastId);
    // Freshdesk's times have whole seconds: only a read after the second has ended has seen all of it.
    const settled = Date.parse(talk.sightedOn) + policy.talk.gather;
    if (more) talk.outDue = soon(dispatch, null, 0);
    else if (began < settled) talk.outDue = new Date(settled).toISOString();
    else {
      talk.outDue = null;
      talk.through = talk.sightedAt;
    }
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') {
      talk.outDue = null;
      unblock(dispatch, READ_ENTRIES);
      dispatch.memory.look.wanted = true;
      return;
    }
    const summary = 'Reading notes and replies failed';
    laneFailed(dispatch, talk, { lane: 'out', step: READ_ENTRIES, summary }, failure);
  }
}

export async function postEntry(
  dispatch: Dispatch,
  visit: Visit,
  talk: Talk,
  entry: Pending<TicketEntry & { staffOnly: boolean }>,
): Promise<void> {
  const { workOrderId, correlationId } = visit;
  if (workOrderId === null) return;
  const { tried, staffOnly, from: _from, ...carried } = entry;
  const done = (): void => {
    talk.out = talk.out.filter((other) => other !== entry);
    laneWent(dispatch, talk, { lane: 'out', step: entryStep(visit, entry) });
  };
  try {
    const posted = await inTurn(fieldNationOnce, dispatch.memory.group).postEntry({
      ...{ correlationId, workOrderId, entry: carried, staffOnly, lookFirst: tried },
      assigned: visit.status !== null && isAssigned(visit.status.key),
      heard: talk.heard,
    });
    done();
    if (posted === 'off') return;
    dispatch.note('Message posted', `${entry.kind} ${entry.id}, for the ${posted.audience}`, entry.text);
    talk.known.messages = Math.max(posted.count ?? 0, talk.known.messages + 1);
    takeHeard(dispatch, visit, talk, posted);
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'InvalidRequest' && !staffOnly) {
      // Nobody may be assigned any more: the staff at least shall read it.
      entry.staffOnly = true;
      return;
    }
    const summary = `Posting ${entry.kind} ${entry.id} was refused`;
    const step = entryStep(visit, entry);
    if (laneFailed(dispatch, talk, { lane: 'out', step, summary }, failure)) entry.tried = true;
  }
}
