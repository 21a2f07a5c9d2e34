/** How many messages and files an order says it has, whatever shape it comes in. */
import { readOrderEvent } from '../../src/domain/read-order-event';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import { hasUnread, conversationCounts } from '../../src/domain/conversation/counts';

const FOLDERS = [
  { name: 'Documents', type: 'document', results: [{ id: 1 }] },
  { name: 'Misc', type: 'slot', results: [{ id: 2 }, { id: 3 }] },
  { name: 'Photos', type: 'slot', metadata: { total: '4' } },
];

test.each([
  [
    { messages: { metadata: { total: 3 } }, attachments: { results: FOLDERS } },
    { messages: 3, files: 6 },
  ],
  [
    { messages: { metadata: { total: '3' } }, attachments: [] },
    { messages: 3, files: null },
  ],
  [
    { messages: '', attachments: '' },
    { messages: null, files: null },
  ],
  [
    { messages: { metadata: { total: -1 } }, attachments: { results: [null, 7, 'x'] } },
    { messages: null, files: 0 },
  ],
  [null, { messages: null, files: null }],
  ['order', { messages: null, files: null }],
])('%j has %j', (order, counts) => {
  expect(conversationCounts(order)).toEqual(counts);
});

test('a reduced event says the same as the full one', () => {
  const body = {
    event: { name: 'workorder.status.checked_in', params: { work_order_id: 7 } },
    workorder: { id: 7, messages: { metadata: { total: 3 } }, attachments: { results: FOLDERS } },
  };
  const event = readOrderEvent(body);
  expect(event?.counts).toEqual({ messages: 3, files: 6 });
  expect(event && readOrderEvent(reduceEvent(event))).toEqual(event);
});

test('only more than what was read is news, and only of what anybody reads', () => {
  const told = { messages: 3, files: 1 };
  expect(hasUnread({ messages: 2, files: 1 }, told)).toBe(true);
  expect(hasUnread({ messages: 3, files: 0 }, told)).toBe(true);
  expect(hasUnread({ messages: 3 }, told)).toBe(false);
  expect(hasUnread({ messages: 4, files: 1 }, told)).toBe(false);
  expect(hasUnread({}, told)).toBe(false);
  expect(hasUnread({ messages: 0, files: 0 }, { messages: null, files: null })).toBe(false);
});
