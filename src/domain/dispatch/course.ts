/**
 * How a visit goes in the field: kept for the picture of a month. Promise: what came late or was told by a sweep counts too,
 * and the first check-in is held against the time that stood then, though the visit is moved afterwards.
 */
import type { VisitCourse } from '../../contract/dispatch';
import type { Visit } from '../../contract/visit';
import type { OrderEvent } from '../order-event';
import type { KnownStatus } from '../status';
import { time } from '../wire-values';

const UNTOLD: VisitCourse = { dueAt: null, arrivedAt: null, backOuts: 0, problems: 0 };

/** By when somebody is to come, as Field Nation has it now, and when somebody first came; told twice it is the same. */
export function noticeCourse(visit: Visit, { start, latest, status, at }: OrderEvent): void {
  visit.start = time(start) ?? visit.start;
  const { course = UNTOLD } = visit;
  const { arrivedAt } = course;
  if (status === 'checked-in' && at !== null && (arrivedAt === null || at < arrivedAt)) {
    visit.course = { ...course, dueAt: time(latest) ?? course.dueAt ?? visit.start, arrivedAt: at };
    return;
  }
  // An event that tells of no start tells of no schedule.
  if (arrivedAt !== null || time(start) === null || time(latest) === course.dueAt) return;
  visit.course = { ...course, dueAt: time(latest) };
}

/** News of a visit, believed or older than what is known; copies were left out before. */
export function countSetback(visit: Visit, { key }: KnownStatus): void {
  const { course = UNTOLD } = visit;
  if (key === 'assignment-cancelled') visit.course = { ...course, backOuts: course.backOuts + 1 };
  else if (key === 'problem-reported') visit.course = { ...course, problems: course.problems + 1 };
}
