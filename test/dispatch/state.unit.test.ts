/** The memory of a dispatch answers from what it holds; nothing here needs a server. */
import { DEFAULT_POLICY } from '../../src/contract/policy';
import {
  closeReading,
  emptyConversation,
  hasRoom,
  markSeen,
  takeTicketFiles,
} from '../../src/domain/conversation/state';
import { block } from '../../src/domain/dispatch/blocks';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';
import { receive } from '../../src/domain/dispatch/inbox';
import { nextDue, updateTimes } from '../../src/domain/dispatch/times';

const DAY = 24 * 60 * 60 * 1000;

const dispatchAt = (now: () => number): Dispatch =>
  new Dispatch({ account: 'acme', ticketId: 4711 }, emptyMemory(), now);

const finalVisit = (dispatch: Dispatch): void => {
  const visit = startVisit(dispatch, 1);
  visit.stage = 'ended';
  updateTimes(dispatch);
};

test('the waits of days are those that the interface promises', () => {
  expect(DEFAULT_POLICY).toMatchObject({ grace: 14 * DAY, longestRun: 30 * DAY });
  expect(DEFAULT_POLICY.lookUpDelays).toEqual([0, 2000, 10_000, 30_000]);
});

test('a final dispatch wakes at the end of its grace, and never again while something still waits for a person', () => {
  let now = 0;
  const dispatch = dispatchAt(() => now);
  finalVisit(dispatch);
  expect(nextDue(dispatch)).toBe(14 * DAY);
  block(dispatch, 'effect 1', { reason: 'rejected', detail: 'refused', remedy: 'mend' }, 'refused');
  now = 14 * DAY;
  expect(nextDue(dispatch)).toBeNull();
});

test('a detail that is too long shows that it was cut', () => {
  const dispatch = dispatchAt(() => 0);
  const long = 'value '.repeat(500);
  block(dispatch, 'plan', { reason: 'mapping', detail: long, remedy: long }, 'cannot be mapped');
  const { blocked, timeline } = dispatch.memory;
  const texts = [blocked[0]?.attention.detail, blocked[0]?.attention.remedy, timeline[0]?.detail];
  expect(texts.map((text) => [text?.length, text?.at(-1)])).toEqual([
    [2000, '…'],
    [2000, '…'],
    [500, '…'],
  ]);
});

test('what an event told is taken in once, whatever its delivery is called', () => {
  const dispatch = dispatchAt(() => 0);
  const event = {
    ...{ key: 'a', name: 'workorder.status.assigned', at: '2030-01-01T00:00:00.000Z', status: 'assigned' as const },
    ...{
      workOrderId: 1,
      correlationId: null,
      title: null,
      closingNotes: null,
      hours: null,
      start: null,
      provider: null,
    },
  };
  expect(receive(dispatch, event)).toBe(true);
  expect(receive(dispatch, event)).toBe(false);
  expect(receive(dispatch, { ...event, key: 'b' })).toBe(false);
  expect(receive(dispatch, { ...event, key: 'c', at: '2030-01-01T00:00:01.000Z' })).toBe(true);
  // Assigned, cancelled and assigned anew within one second: only who looks at the order can tell it from a copy.
  const told = { ...event, key: 'reconcile-1-assigned-2030-01-01T00:00:00.000Z' };
  expect([receive(dispatch, told), receive(dispatch, told)]).toEqual([true, false]);
});

test('what is remembered is bounded: seen events, timeline, words of an attention', () => {
  const dispatch = dispatchAt(() => 0);
  for (let i = 0; i < 5000; i++) {
    dispatch.note('Event', 'x'.repeat(5000));
    receive(dispatch, {
      ...{ key: `delivery-${i}`, name: 'workorder.tag_added', at: null, status: null, workOrderId: 1 },
      ...{ correlationId: null, title: null, closingNotes: null, hours: null, start: null, provider: null },
    });
    dispatch.memory.inbox = [];
  }
  block(dispatch, 'plan', { reason: 'mapping', detail: 'y'.repeat(50_000), remedy: 'z'.repeat(50_000) }, 'words');
  expect(JSON.stringify(dispatch.memory).length).toBeLessThan(256_000);
});

test('a key that is refused again and again is tried at growing waits', () => {
  const dispatch = dispatchAt(() => 0);
  const waits = Array.from({ length: 8 }, () => {
    block(dispatch, 'look', { reason: 'unauthorized', detail: '401', remedy: 'mend the key' }, '401');
    return Date.parse(dispatch.memory.blocked[0]?.nextTry ?? '');
  });
  expect(waits[0]).toBe(15 * 60_000);
  expect(Math.max(...waits)).toBe(6 * 60 * 60_000);
  expect([...waits].sort((a, b) => a - b)).toEqual(waits);
});

test('a year of messages and files leaves a bounded memory, and what was heard once is never new again', () => {
  const conversation = emptyConversation('2027-01-01T00:00:00.000Z');
  for (let id = 1; id <= 5000; id++) {
    markSeen(conversation, [id]);
    takeTicketFiles(conversation, [{ id, name: 'photo.jpg', size: 1, type: null }]);
    conversation.files = [];
    const message = { id, author: 'Lee', role: 'provider', text: 'x'.repeat(9000), isReply: false, tried: true };
    if (hasRoom(conversation.in)) conversation.in.push(message);
  }
  expect(JSON.stringify(conversation).length).toBeLessThan(64_000);
  const isNew = (id: number): boolean =>
    id > conversation.messagesSeen.floor && !conversation.messagesSeen.seen.includes(id);
  expect([1, 2500, 4800, 4801, 5000, 5001].map(isNew)).toEqual([false, false, false, false, false, true]);
});

test('a visit whose successor was withdrawn uploads no file of the ticket again', () => {
  const file = (id: number) => ({ id, name: 'photo.jpg', size: 1, type: null });
  const conversation = emptyConversation('2027-01-01T00:00:00.000Z');
  takeTicketFiles(conversation, [file(7), file(8)]);
  closeReading(conversation);
  conversation.files = [];
  takeTicketFiles(conversation, [file(7), file(8), file(9)]);
  expect(conversation.files.map(({ id }) => id)).toEqual([9]);
});
