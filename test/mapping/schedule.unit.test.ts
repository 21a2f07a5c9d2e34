/** When the visit is: what the ticket says, what goes out, and what nobody could keep. */
import { DEFAULT_WORK_ORDER } from '../../src/config/defaults';
import { mapWorkOrder, NO_RULES, type MappingAction, type ScheduleRules } from '../../src/domain/mapping';
import { NO_FIELDS, SITE, sourcesOf } from './ticket';

const NOW = '2027-03-01T12:00:00.000Z';
const WINDOW = 'schedule.service_window';
const field = (name: string): string => `ticket.custom_fields.${name}`;

const EDGES: Record<string, MappingAction> = {
  [`${WINDOW}.mode`]: { static: 'between' },
  [`${WINDOW}.start.utc`]: { from: field('cf_start') },
  [`${WINDOW}.end.utc`]: { from: field('cf_end') },
};
const LOCAL: Record<string, MappingAction> = {
  [`${WINDOW}.mode`]: { static: 'between' },
  [`${WINDOW}.start.local.date`]: { from: field('cf_date') },
  [`${WINDOW}.start.local.time`]: { from: field('cf_start') },
  [`${WINDOW}.end.local.date`]: { from: field('cf_date') },
  [`${WINDOW}.end.local.time`]: { from: field('cf_end') },
};

function scheduleOf(
  mapping: Record<string, MappingAction>,
  fields: Record<string, unknown>,
  rules: Partial<ScheduleRules> = {},
  changes: object = {},
) {
  const sources = sourcesOf({ custom_fields: { ...SITE, ...fields }, ...changes });
  const {
    payload,
    problems,
    fields: lines,
    start,
  } = mapWorkOrder(mapping, sources, {
    ...NO_FIELDS,
    schedule: { ...NO_RULES, now: NOW, ...rules },
  });
  const { service_window: window = {} } = (payload['schedule'] ?? {}) as { service_window?: Record<string, unknown> };
  return {
    window,
    start,
    lines,
    faults: problems.flatMap(({ target, message }) =>
      target.startsWith(WINDOW) ? [message.replace(/^[^"]*: "/, '"')] : [],
    ),
  };
}

describe('a time without a zone', () => {
  it.each([
    ['2027-03-02 15:00', { date: '2027-03-02', time: '15:00:00' }],
    ['2027-03-02T15:00:30', { date: '2027-03-02', time: '15:00:30' }],
    ['2027-03-02 3:00 pm', { date: '2027-03-02', time: '15:00:00' }],
    ['2027-03-02, 3 p.m.', { date: '2027-03-02', time: '15:00:00' }],
  ])('%s is a time at the site, whichever target names it', (cf_start, local) => {
    const { window, faults } = scheduleOf(EDGES, { cf_start, cf_end: '2027-03-02 18:00' });
    expect(window).toEqual({
      mode: 'between',
      start: { local },
      end: { local: { date: '2027-03-02', time: '18:00:00' } },
    });
    expect(faults).toEqual([]);
  });

  it('is previewed in the form that goes out', () => {
    const { lines } = scheduleOf(DEFAULT_WORK_ORDER, { cf_visit_date: '2027-03-02', cf_visit_time: '9:30' });
    expect(lines.find(({ target }) => target === `${WINDOW}.start.local`)).toMatchObject({
      source:
        'ticket.custom_fields.cf_visit_date, ticket.custom_fields.cf_visit_time, ' +
        'ticket.custom_fields.cf_fsm_appointment_start_time, ticket.due_by',
      value: { date: '2027-03-02', time: '09:30:00' },
    });
  });

  it('is read from lines of its own', () => {
    const { window } = scheduleOf(LOCAL, { cf_date: '2027-03-02', cf_start: '3:00 pm', cf_end: '16:00' });
    expect(window).toMatchObject({
      start: { local: { date: '2027-03-02', time: '15:00:00' } },
      end: { local: { date: '2027-03-02', time: '16:00:00' } },
    });
  });

  it('is converted with dispatch.timeZone', () => {
    const rules = { timeZone: 'America/Chicago' };
    const { window } = scheduleOf(EDGES, { cf_start: '2027-03-02 09:00', cf_end: '2027-03-02T16:30:00Z' }, rules);
    expect(window).toMatchObject({ start: { utc: '2027-03-02 15:00:00' }, end: { utc: '2027-03-02 16:30:00' } });
  });

  it.each([
    ['2027-03-14 02:30', 'is skipped by daylight saving in America/Chicago'],
    ['2027-11-07 01:30', 'comes twice by daylight saving in America/Chicago'],
  ])('%s %s', (cf_start, what) => {
    const { faults } = scheduleOf(EDGES, { cf_start, cf_end: '2027-12-01 10:00' }, { timeZone: 'America/Chicago' });
    expect(faults).toEqual([`"${cf_start}": the time ${what}`]);
  });
});

describe('a schedule that nobody can keep is named', () => {
  it.each([
    ['a date without a time', { cf_start: '2027-03-02' }, '"2027-03-02": the date has no time'],
    [
      'an end before its start',
      { cf_end: '2027-03-02 13:00' },
      '"2027-03-02 13:00": the end is before the start (2027-03-02 15:00:00)',
    ],
    [
      'a short window',
      { cf_end: '2027-03-02 15:30' },
      '"2027-03-02 15:30": the arrival window is 30 minutes long; Field Nation\'s shortest is 45',
    ],
    [
      'one zone for two times',
      { cf_end: '2027-03-02T18:00:00Z' },
      '"2027-03-02T18:00:00Z": one of start and end names a time zone, the other does not',
    ],
    [
      'a start that is over everywhere',
      { cf_start: '2027-02-28 23:00', cf_end: '2027-03-02 18:00' },
      '"2027-02-28 23:00": the start is over in every time zone',
    ],
    [
      'a start that is over',
      { cf_start: '2027-03-01T11:00:00Z', cf_end: '2027-03-02T18:00:00Z' },
      '"2027-03-01T11:00:00Z": the start is over',
    ],
    ['no date', { cf_start: 'Tuesday' }, '"Tuesday" is not a date'],
    ['an hour that is none', { cf_start: '2027-03-02 25:00' }, '"2027-03-02 25:00" is not a date'],
  ])('%s', (_, fields, message) => {
    const { faults } = scheduleOf(EDGES, { cf_start: '2027-03-02 15:00', cf_end: '2027-03-02 18:00', ...fields });
    expect(faults).toEqual([message]);
  });

  it.each([
    ['hours', 1],
    ['exact', 0],
  ])('a short window of mode %s', (mode, count) => {
    const mapping = { ...EDGES, [`${WINDOW}.mode`]: { static: mode } };
    const { faults } = scheduleOf(mapping, { cf_start: '2027-03-02 15:00', cf_end: '2027-03-02 15:30' });
    expect(faults).toHaveLength(count);
  });

  it('a local time that is none, and an end before its start of the same day', () => {
    const date = { cf_date: '2027-03-02' };
    expect(scheduleOf(LOCAL, { ...date, cf_start: '3:00 pm', cf_end: '1:00 pm' }).faults).toEqual([
      '"2027-03-02 13:00:00": the end is before the start (2027-03-02 15:00:00)',
    ]);
    expect(scheduleOf(LOCAL, { ...date, cf_start: 'noon', cf_end: '13:00' }).faults).toContain(
      '"noon" is not a time of day',
    );
  });
});

it('may still be coming somewhere on earth', () => {
  const { faults } = scheduleOf(EDGES, { cf_start: '2027-03-01 01:00', cf_end: '2027-03-02 18:00' });
  expect(faults).toEqual([]);
});

it('a date without a time takes dispatch.startOfDay', () => {
  const { window, faults } = scheduleOf(
    DEFAULT_WORK_ORDER,
    { cf_visit_date: '2027-03-02', cf_visit_time: null },
    { startOfDay: '09:00' },
  );
  expect(window).toEqual({ mode: 'exact', start: { local: { date: '2027-03-02', time: '09:00:00' } } });
  expect(faults).toEqual([]);
});

describe('a start from due_by', () => {
  const rules = { earliestStart: 4 * 3_600_000 };
  const due = (due_by: string, more: Partial<ScheduleRules> = {}) =>
    scheduleOf(DEFAULT_WORK_ORDER, { cf_visit_date: null }, { ...rules, ...more }, { due_by });

  it.each([
    ['is over', '2027-02-27T10:00:00Z', '2027-03-01 16:00:00'],
    ['is too near', '2027-03-01T15:59:00Z', '2027-03-01 16:00:00'],
    ['lies ahead', '2027-03-01T16:01:00Z', '2027-03-01 16:01:00'],
  ])('that %s becomes now plus earliestStart at most', (_, dueBy, utc) => {
    const { window, start, faults } = due(dueBy);
    expect(window).toMatchObject({ start: { utc } });
    expect(start).toEqual({ dueBy, start: utc });
    expect(faults).toEqual([]);
  });

  it('stays where it was put while due_by is the same', () => {
    const dueBy = '2027-02-27T10:00:00Z';
    const previous = { dueBy, start: '2027-02-27 14:00:00' };
    expect(due(dueBy, { previous })).toMatchObject({ window: { start: { utc: '2027-02-27 14:00:00' } }, faults: [] });
    expect(due('2027-03-05T10:00:00Z', { previous }).window).toMatchObject({ start: { utc: '2027-03-05 10:00:00' } });
  });

  it('is a problem when it is over and earliestStart is off', () => {
    expect(due('2027-02-27T10:00:00Z', { earliestStart: null }).faults).toEqual([
      '"2027-02-27 10:00:00": the start is over',
    ]);
  });

  it('is never meant when somebody named the start', () => {
    const fields = { cf_visit_date: '2027-02-20', cf_visit_time: '9:00' };
    expect(scheduleOf(DEFAULT_WORK_ORDER, fields, rules).faults).toEqual([
      '"2027-02-20 09:00:00": the start is over in every time zone',
    ]);
    // Of an order that has this start already nobody asks again.
    const previous = { dueBy: null, start: 'local 2027-02-20 09:00:00' };
    expect(scheduleOf(DEFAULT_WORK_ORDER, fields, { ...rules, previous }).faults).toEqual([]);
  });
});

describe('the date action', () => {
  const dated = (value: unknown, date: MappingAction['date']) => {
    const { payload, problems } = mapWorkOrder(
      { 'custom_fields.5': { from: field('cf_when'), date } },
      sourcesOf({ custom_fields: { cf_when: value } }),
      NO_FIELDS,
    );
    const { results = [] } = (payload['custom_fields'] ?? {}) as { results?: { results: { value: string }[] }[] };
    return (
      results[0]?.results[0]?.value ??
      problems.find(({ target }) => target === 'custom_fields.5')?.message.replace('cf_when: ', '')
    );
  };

  it.each([
    ['a format of its own', '03/02/2027 3:05 PM', { from: 'MM/dd/yyyy h:mm a', to: 'iso' }, '2027-03-02T15:05:00'],
    ['a zone of its own', '2027-03-02 09:00', { zone: 'America/Chicago' }, '2027-03-02 15:00:00'],
    ['another zone', '2027-03-02T15:00:00Z', { toZone: 'Europe/Berlin', to: 'dd.MM.yyyy HH:mm' }, '02.03.2027 16:00'],
    ['seconds', 1803999600, { from: 'epoch', to: 'iso' }, '2027-03-02T15:00:00Z'],
    ['seconds that go out', '2027-03-02T15:00:00Z', { to: 'epoch' }, '1803999600'],
    ['a day more', '2027-02-28', { addDays: 1, to: 'date' }, '2027-03-01'],
    [
      'a day less over daylight saving',
      '2027-03-14T15:00:00Z',
      { addDays: -1, toZone: 'America/Chicago', to: 'iso' },
      '2027-03-13T10:00:00',
    ],
    ['another form', '2 March', { from: 'd.M.yyyy' }, '"2 March" is not a date such as d.M.yyyy'],
    [
      'no zone to start from',
      '2027-03-02 09:00',
      { toZone: 'Europe/Berlin' },
      '"2027-03-02 09:00" has no zone to convert from',
    ],
    [
      'a skipped time',
      '2027-03-14 02:30',
      { zone: 'America/Chicago' },
      '"2027-03-14 02:30" is skipped by daylight saving in America/Chicago',
    ],
  ])('reads and writes %s', (_, value, date, expected) => {
    expect(dated(value, date)).toBe(expected);
  });
});
