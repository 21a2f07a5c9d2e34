/** How many calls one ticket may cause by what others write on it. */
import { decide } from '../../src/domain/dispatch/decide';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';
import { begin } from '../../src/domain/dispatch/evolve';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { shareWait, spendShare } from '../../src/domain/dispatch/share';
import { nextDue } from '../../src/domain/dispatch/times';
import { waitingFor } from '../../src/domain/dispatch/waiting-for';
import { emptyConversation } from '../../src/domain/conversation/state';
import { INPUT } from '../simulation/core-world';

const { looks, conversation } = new Dispatch(INPUT, emptyMemory(), () => 0).policy.share;

let now: number;
let dispatch: Dispatch;
beforeEach(() => {
  now = Date.UTC(2027, 0, 1);
  dispatch = new Dispatch(INPUT, emptyMemory(), () => now);
  Object.assign(startVisit(dispatch, 1), { stage: 'open', workOrderId: 901 });
});

/** Reads of the ticket that are made when a webhook asks for one as soon as the last is done. */
function reads(most: number): number {
  for (let made = 0; made < most; made++) {
    askForLook(dispatch, null);
    const step = decide(dispatch);
    if (step?.kind !== 'fetch-ticket') return made;
    begin(dispatch, step);
  }
  return most;
}

const slowed = (): number => dispatch.memory.timeline.filter(({ what }) => what === 'Slowed down').length;

test('webhooks without end cause a burst of reads, then one at a time, and the timeline says so once', () => {
  expect(reads(1000)).toBe(looks.burst);
  expect(nextDue(dispatch)).toBe(now + looks.every);
  now += looks.every;
  expect(reads(1000)).toBe(1);
  expect(slowed()).toBe(1);
  now += looks.every * looks.burst;
  expect(reads(1000)).toBe(looks.burst);
  expect(slowed()).toBe(2);
});

test('what makes an order, or a person asks for, waits for no share', () => {
  Object.assign(dispatch.newest!, { stage: 'publish' });
  expect(reads(100)).toBe(100);
  Object.assign(dispatch.newest!, { stage: 'open' });
  reads(100);
  dispatch.memory.commands.visit = { by: 'ann' };
  expect(reads(10)).toBe(10);
});

test('a ticket whose conversation has used its share says until when its notes and files wait', () => {
  for (let i = 0; i < conversation.burst; i++) spendShare(dispatch, 'conversation');
  expect(shareWait(dispatch, 'conversation')).toBe(dispatch.at(conversation.every));
  expect(waitingFor(dispatch)).toBe('a technician in Field Nation');
  Object.assign(dispatch.newest!, { conversation: { ...emptyConversation(dispatch.at()), outDue: dispatch.at() } });
  expect(waitingFor(dispatch)).toBe(
    "this ticket's share of calls: the next note, message or file goes at 2027-01-01 00:00 UTC",
  );
  expect(nextDue(dispatch)).toBe(now + conversation.every);
});
