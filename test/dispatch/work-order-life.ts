/** Valid lives of a Field Nation work order (Field Nation contract 7, 14 and 15.1), for properties. */
import fc from 'fast-check';
import { bearsOut, judge } from '../../src/domain/status-order';
import { isStage, type KnownStatus, type OrderStatus } from '../../src/domain/status';

/** What may follow what; a life begins as a draft. `assigned` after `work-done` is "marked incomplete". */
const NEXT: Partial<Record<OrderStatus, OrderStatus[]>> = {
  draft: ['published', 'routed', 'assigned', 'postponed', 'cancelled'],
  published: ['draft', 'routed', 'assigned', 'postponed', 'cancelled'],
  routed: ['draft', 'published', 'assigned', 'postponed', 'cancelled'],
  postponed: ['draft', 'published', 'cancelled'],
  assigned: ['confirmed', 'at-risk', 'delayed', 'on-my-way', 'checked-in', 'postponed', 'work-done', 'cancelled'],
  confirmed: ['assignment-cancelled', 'at-risk', 'delayed', 'on-my-way', 'checked-in', 'work-done', 'cancelled'],
  'at-risk': ['confirmed', 'delayed', 'on-my-way', 'checked-in', 'assignment-cancelled', 'cancelled'],
  delayed: ['on-my-way', 'checked-in', 'work-done', 'cancelled'],
  'on-my-way': ['checked-in', 'delayed', 'assignment-cancelled', 'cancelled'],
  'checked-in': ['checked-out', 'work-done', 'assignment-cancelled', 'cancelled'],
  'checked-out': ['checked-in', 'on-my-way', 'work-done', 'assignment-cancelled', 'cancelled'],
  'assignment-cancelled': ['published', 'routed'],
  'work-done': ['assigned', 'approved', 'cancelled'],
  approved: ['paid'],
};

/** `gap` seconds between one status and the next; 0 gives equal seconds. */
export const lives = (gap: number, longest = 25): fc.Arbitrary<KnownStatus[]> =>
  fc.array(fc.nat(), { minLength: 1, maxLength: longest }).map((choices) => {
    let key: OrderStatus = 'draft';
    const life: OrderStatus[] = [key];
    for (const choice of choices) {
      const next: OrderStatus[] = NEXT[key] ?? [];
      if (next.length === 0) break;
      key = next[choice % next.length] ?? key;
      life.push(key);
    }
    return life.map((status, index) => ({ key: status, at: timeOf(index * gap) }));
  });

export const timeOf = (seconds: number): string => new Date(Date.UTC(2027, 1, 27, 9) + seconds * 1000).toISOString();

/** Each event at least once, in any order, some of them again. */
export const deliveriesOf = (life: KnownStatus[]): fc.Arbitrary<KnownStatus[]> =>
  fc.array(fc.constantFrom(...life), { maxLength: life.length }).chain((again) =>
    fc.shuffledSubarray([...life, ...again], {
      minLength: life.length + again.length,
      maxLength: life.length + again.length,
    }),
  );

/** What is known after all deliveries, when a doubtful one is settled by a work order that is in status `truth`. */
export function knownAfter(deliveries: KnownStatus[], truth: OrderStatus): KnownStatus | null {
  let known: KnownStatus | null = null;
  for (const event of deliveries) {
    const verdict = judge(known, event);
    const believed = verdict === 'apply' || (verdict === 'check' && bearsOut(truth, event, known));
    if (believed && isStage(event.key)) known = event;
  }
  return known;
}
