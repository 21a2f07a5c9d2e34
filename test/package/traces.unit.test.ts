import { timesAfter, tracesIn } from '../../bench/phases/webhooks';
import type { HistoryEntry } from '../../bench/sandbox';

const entry = (second: number, route: string, path: string, body: HistoryEntry['body'] = null): HistoryEntry => ({
  ...{ at: `2030-01-01T00:00:0${second}.000Z`, system: 'freshdesk', route, path, status: 200, credits: 1, body },
});
const at = (second: number): number => Date.parse(`2030-01-01T00:00:0${second}.000Z`);

const HISTORY = [
  entry(1, 'PUT /tickets/:id', '/tickets/7', { custom_fields: { cf_work_order_id: '90' } }),
  entry(2, 'POST /workorders/:id/publish', '/workorders/90/publish'),
  entry(4, 'POST /tickets/:id/notes', '/tickets/7/notes', { body: 'done' }),
  entry(3, 'PUT /tickets/:id', '/tickets/7', { status: 4 }),
];

test('the link tells which order a ticket has, and is no resolution', () => {
  const { orderOf, publishedAt, resolvedAt } = tracesIn(HISTORY.slice(0, 2));
  expect([...orderOf]).toEqual([[7, 90]]);
  expect([...publishedAt]).toEqual([[90, at(2)]]);
  expect(resolvedAt.size).toBe(0);
});

test('a ticket is resolved once both status and note were sent', () => {
  expect(tracesIn(HISTORY).resolvedAt.get(7)).toBe(at(4));
});

test('a webhook that nothing came of fails the bench instead of missing in its quantiles', () => {
  const sent = { begunAt: 0, seconds: 1, ackMs: [1], sentAt: [at(0)], refused: 0 };
  expect(timesAfter(sent, [7], tracesIn(HISTORY).resolvedAt, 100)).toEqual([4100]);
  expect(() => timesAfter(sent, [8], tracesIn(HISTORY).resolvedAt, 100)).toThrow('Nothing came of the webhook of 8.');
});
