/** How visits went: what counts as on time, as a back-out and as a problem, and how the page says it. */
import type { DispatchMemo } from '../../src/contract/memo';
import type { Visit } from '../../src/contract/visit';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';
import { countSetback, noticeCourse } from '../../src/domain/dispatch/course';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { punctualityOf } from '../../src/domain/lateness';
import { readOrderEvent } from '../../src/domain/read-order-event';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import type { OrderEvent } from '../../src/domain/order-event';
import { monthChart } from '../../src/http/status/month-chart';
import type { MonthDay } from '../../src/temporal/month';

const START = '2027-03-02T15:00:00.000Z';
const START_MS = Date.parse(START);
const MINUTE = 60_000;
const after = (minutes: number): string => new Date(START_MS + minutes * MINUTE).toISOString();

const newVisit = (): Visit => startVisit(new Dispatch({ account: 'acme', ticketId: 7 }, emptyMemory(), () => 0), 1);

/** As the web process passes it on, of an order whose schedule is given. */
function eventOf(name: string, timestamp: string, window?: object): OrderEvent {
  const schedule = { service_window: { mode: 'exact', start: { utc: START }, ...window } };
  const read = readOrderEvent({ event: { name }, timestamp, workorder: { id: 5, schedule } });
  const passedOn = read && readOrderEvent(reduceEvent(read));
  if (!passedOn) throw new Error('an event of a known form');
  return passedOn;
}
const checkIn = (minutes: number, window?: object): OrderEvent =>
  eventOf('workorder.status.checked_in', after(minutes), window);

const memoOf = ({ course }: Visit, more: Partial<DispatchMemo> = {}) => ({
  ...{ state: 'on-site' as const, workOrderStatus: 'checked-in', ...more },
  ...(course === undefined ? {} : { course }),
});
const judged = (visit: Visit, more: Partial<DispatchMemo> = {}, now = START_MS + 600 * MINUTE): string =>
  punctualityOf(memoOf(visit, more), START_MS, now);

it.each([
  [-20, 'onTime'],
  [15, 'onTime'],
  [16, 'late'],
])('a check-in %d minutes after an exact start is %s', (minutes, expected) => {
  const visit = newVisit();
  noticeCourse(visit, checkIn(minutes));
  expect(judged(visit)).toBe(expected);
});

it('within an arrival window its end counts; an end without a window does not', () => {
  const window = { end: { utc: after(180) } };
  const [within, exact] = [newVisit(), newVisit()];
  noticeCourse(within, checkIn(170, { mode: 'between', ...window }));
  noticeCourse(exact, checkIn(170, window));
  expect([judged(within), judged(exact)]).toEqual(['onTime', 'late']);
});

it('the first check-in counts, against the time that stood then, though the visit is moved afterwards', () => {
  const visit = newVisit();
  noticeCourse(visit, checkIn(60));
  noticeCourse(visit, checkIn(600));
  noticeCourse(visit, checkIn(40));
  noticeCourse(visit, eventOf('workorder.schedule_updated', after(700), { start: { utc: after(5000) } }));
  expect(visit.course).toMatchObject({ arrivedAt: after(40), dueAt: START });
  expect(visit.start).toBe(after(5000));
});

it.each<[string, Partial<DispatchMemo>, number, string]>([
  ['nobody has come an hour after the start', { state: 'assigned', workOrderStatus: 'confirmed' }, 60, 'late'],
  ['nobody has come, and a step waits for a person', { state: 'attention', workOrderStatus: 'published' }, 60, 'late'],
  ['the start was a moment ago', { state: 'assigned', workOrderStatus: 'assigned' }, 10, 'open'],
  ['the visit was cancelled', { state: 'cancelled', workOrderStatus: 'assigned' }, 60, 'open'],
  ['the work is done and no check-in was told', { state: 'work-done', workOrderStatus: 'work-done' }, 60, 'open'],
])('when %s', (_, more, minutes, expected) => {
  expect(judged(newVisit(), more, START_MS + minutes * MINUTE)).toBe(expected);
});

it('counts each assignment that was called off, and each problem', () => {
  const visit = newVisit();
  for (const key of [
    'assigned',
    'assignment-cancelled',
    'assigned',
    'assignment-cancelled',
    'problem-reported',
  ] as const)
    countSetback(visit, { key, at: START });
  expect(visit.course).toMatchObject({ backOuts: 2, problems: 1, arrivedAt: null });
});

describe('the picture', () => {
  const day = (from: string, counts: Partial<MonthDay>): MonthDay => ({
    ...{ from, onTime: 0, late: 0, open: 0, backOuts: 0, problems: 0, ...counts },
  });
  const words = (days: MonthDay[], more = false): string =>
    monthChart({ days, more })
      .text.replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');

  it('says in words and as a table what its bars show, and of which visits', () => {
    const days = [
      day('2027-03-01T00:00:00.000Z', {}),
      day('2027-03-02T00:00:00.000Z', { onTime: 199, late: 1, open: 2, backOuts: 3, problems: 4 }),
    ];
    expect(words(days)).toContain('On time: 99 %, 199 of 200; 2 others not judged');
    expect(words(days)).toMatch(/Back-outs 3 Problems 4 .*newest visit of each ticket/);
    expect(words(days)).toMatch(/2027-03-02 199 1 3 4 2/);
    expect(words(days)).not.toContain('2027-03-01');
    expect(words(days, true)).toContain('Only the 1000 tickets');
  });

  it('claims nothing when nothing could be judged', () => {
    expect(words([day('2027-03-01T00:00:00.000Z', { open: 1 })])).toContain('No visit has begun that could be judged');
  });
});
