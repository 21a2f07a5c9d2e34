/**
 * When the visit is: start and end put together from their lines. Promise: what nobody can keep is named before anything
 * is created, and nothing is made up: no zone, no time of day. Source: interface, section 7.
 */
import { inZone, isFault, isInstant, formatMoment } from './dates';
import type { Instant, LocalTime, Moment } from './dates';

/** How the config and the moment of the mapping bear on the schedule. */
export interface ScheduleRules {
  /** ISO 8601; null: whether a start is over is not asked. */
  now: string | null;
  /** IANA zone of times without one; null: they stay times at the site. */
  timeZone: string | null;
  /** `HH:MM`, for days without a time; null: they are a problem. */
  startOfDay: string | null;
  /** A start from `due_by` that is over or nearer than these milliseconds becomes now plus them; null: never. */
  earliestStart: number | null;
  /** The start that the order got before; null at a create, and where nobody knows. */
  previous: MappedStart | null;
}

export const NO_RULES: ScheduleRules = {
  ...{ now: null, timeZone: null, startOfDay: null, earliestStart: null, previous: null },
};

/** The start of an order. With the same `dueBy` it stays as it is, however near it has come. */
export interface MappedStart {
  /** `due_by` of the ticket, when the start was taken from it; null for a start that somebody named. */
  dueBy: string | null;
  /** As it was sent: `2027-03-02 15:00:00` in UTC, or `local 2027-03-02 09:00:00`. */
  start: string;
}

export type EdgeName = 'start' | 'end';

/** What the lines of one edge said. */
export interface Edge {
  /** The line to name when something is wrong. */
  target: string;
  moment: Moment;
  /** The value as the ticket has it. */
  said: string;
  /** The value of `ticket.due_by`, when that is where it came from. */
  dueBy: string | null;
}

export interface ScheduleFault {
  target: string;
  message: string;
  remedy: string;
  value: string | null;
  /** Only a start that changes has to lie ahead. */
  past?: true;
}

/** `{ utc }` or `{ local: { date, time } }`, as Field Nation takes it. */
export type SentTime = { utc: string } | { local: { date: string; time: string } };

export interface PlacedSchedule {
  start?: SentTime;
  end?: SentTime;
  mappedStart: MappedStart | null;
  faults: ScheduleFault[];
}

const MINUTE = 60_000;
/** An arrival window that is shorter is refused. */
const LEAST_WINDOW = 45 * MINUTE;
/** The clocks of the earth's last zone are this far behind UTC. */
const LAST_ZONE = 12 * 60 * MINUTE;

type Whole = Instant | { date: string; time: string };

export function placeSchedule(
  edges: Readonly<Partial<Record<EdgeName, Edge>>>,
  mode: unknown,
  rules: ScheduleRules,
): PlacedSchedule {
  const faults: ScheduleFault[] = [];
  const whole = (name: EdgeName): Whole | null => {
    const edge = edges[name];
    return edge === undefined ? null : wholeTime(edge, rules, faults);
  };
  const named = whole('start');
  const end = whole('end');
  const start = named && edges.start ? moved(named, edges.start, rules) : named;
  if (start && edges.start && isOver(start, edges.start, rules)) {
    const what = isInstant(start) ? 'is over' : 'is over in every time zone';
    faults.push({ ...faultOf(edges.start, `the start ${what}`, 'Give the visit a start that lies ahead'), past: true });
  }
  if (start && end && edges.end) faults.push(...windowFaults(start, end, edges.end, mode));
  return {
    ...(start ? { start: sent(start) } : {}),
    ...(end ? { end: sent(end) } : {}),
    mappedStart: start && edges.start ? { dueBy: edges.start.dueBy, start: asSent(start) } : null,
    faults,
  };
}

const faultOf = ({ target, said }: Edge, message: string, remedy: string): ScheduleFault => ({
  target,
  message: `"${said}": ${message}`,
  remedy,
  value: said,
});

/** The moment with its time of day and, where the config names one, in its zone; null when it cannot be told. */
function wholeTime(edge: Edge, { timeZone, startOfDay }: ScheduleRules, faults: ScheduleFault[]): Whole | null {
  const { moment } = edge;
  if (isInstant(moment)) return moment;
  const time = moment.time ?? (startOfDay === null ? null : `${startOfDay}:00`);
  if (time === null) {
    const remedy = 'Write the time behind the date, or set dispatch.startOfDay in the config';
    faults.push(faultOf(edge, 'the date has no time', remedy));
    return null;
  }
  const local = { date: moment.date, time };
  if (timeZone === null) return local;
  const instant = inZone(local, timeZone);
  if (!isFault(instant)) return instant;
  faults.push(
    faultOf(edge, `the time ${instant.fault}`, `${instant.remedy[0]?.toUpperCase()}${instant.remedy.slice(1)}`),
  );
  return null;
}

/** A start that only `due_by` named is moved when it is over or too near; one that somebody named never. */
function moved(start: Whole, { dueBy }: Edge, { now, earliestStart, previous }: ScheduleRules): Whole {
  if (dueBy === null || !isInstant(start)) return start;
  if (previous?.dueBy === dueBy && !previous.start.startsWith(LOCAL)) {
    return { at: Date.parse(`${previous.start.replace(' ', 'T')}Z`) };
  }
  if (now === null || earliestStart === null) return start;
  const earliest = Date.parse(now) + earliestStart;
  // To the next whole minute: nobody arrives to the second.
  return start.at >= earliest ? start : { at: Math.ceil(earliest / MINUTE) * MINUTE };
}

function isOver(start: Whole, { dueBy }: Edge, { now, previous }: ScheduleRules): boolean {
  if (now === null) return false;
  const isKept = dueBy === null ? previous?.start === asSent(start) : previous?.dueBy === dueBy;
  if (isKept) return false;
  return isInstant(start) ? start.at < Date.parse(now) : clock(start) + LAST_ZONE < Date.parse(now);
}

/** What the clock shows, as if it were the clock of UTC: good for comparing times of one place. */
const clock = ({ date, time }: LocalTime): number => Date.parse(`${date}T${time}Z`);

function windowFaults(start: Whole, end: Whole, edge: Edge, mode: unknown): ScheduleFault[] {
  if (isInstant(start) !== isInstant(end)) {
    const remedy = 'Write both with a zone or both without, or set dispatch.timeZone in the config';
    return [faultOf(edge, 'one of start and end names a time zone, the other does not', remedy)];
  }
  const at = (time: Whole): number => (isInstant(time) ? time.at : clock(time));
  const length = at(end) - at(start);
  const shown = asSent(start).replace(LOCAL, '');
  if (length < 0) return [faultOf(edge, `the end is before the start (${shown})`, 'Correct the end or the start')];
  if ((mode !== 'between' && mode !== 'hours') || length >= LEAST_WINDOW) return [];
  const message = `the arrival window is ${length / MINUTE} minutes long; Field Nation's shortest is 45`;
  return [faultOf(edge, message, 'Move the end of the window, or use mode exact')];
}

const sent = (time: Whole): SentTime =>
  isInstant(time) ? { utc: formatMoment(time, 'field-nation') } : { local: { date: time.date, time: time.time } };

const LOCAL = 'local ';
const asSent = (time: Whole): string => (isInstant(time) ? '' : LOCAL) + formatMoment(time, 'field-nation');
