/** Every kind of entry, as a help desk reads it. */
import { STATUS_EVENTS } from '../../src/domain/status-of-event';
import { told } from '../../src/domain/timeline/words';

const at = '2026-11-29T18:17:30.000Z';
const say = (what: string, detail: string | null = null) => told({ at, what, detail });
const HAPPENED = '2026-11-29T18:17:27.000Z';

it.each<[string, string | null, string]>([
  ['Begun', 'A webhook reported the ticket', 'A webhook reported the ticket'],
  ['Mapped', 'FD-acme-3-1: title, types_of_work', 'Deskbridge prepared the work order from the ticket'],
  ['Work order created', 'Work order 901234 for FD-acme-3-1', 'Deskbridge created work order 901234 in Field Nation'],
  ['Linked', 'Ticket 3 names work order 901234', 'Deskbridge saved the work order number on the ticket'],
  ['Published', 'Work order 901234', 'Deskbridge published the work order'],
  ['Ticket updated', 'work-done: 4', 'Deskbridge updated the ticket: work done'],
  ['Private note written', 'work-done', 'Deskbridge wrote a private note on the ticket: work done'],
  ['Retry', 'ann asked for it', 'ann asked Deskbridge to try again'],
  ['Retry', 'A person asked for it', 'A person asked Deskbridge to try again'],
])('%s – %s: %s', (what, detail, text) => {
  expect(say(what, detail)).toMatchObject({ text, detail: null, folded: false });
});

it('shows what a note says', () => {
  const written = { at, what: 'Private note written', detail: 'work-done', said: 'Done by Ann: all well' };
  expect(told(written)).toMatchObject({
    ...{ text: 'Deskbridge wrote a private note on the ticket: work done', detail: 'Done by Ann: all well' },
  });
});

it('names the technician and when it happened, by Field Nation’s clock', () => {
  expect(say('Event', `workorder.status.checked_in of ${HAPPENED}, Ann Lee`)).toEqual({
    ...{ at, text: 'Ann Lee checked in', detail: null, happened: HAPPENED, tone: '', folded: false },
  });
  expect(say('Event', 'workorder.status.checked_in').text).toBe('The technician checked in');
});

it.each([
  ['Event of our own call', 'Field Nation confirmed our change: The work order is published'],
  ['Event, told already', 'Repeated news: The work order is published'],
  ['Event, older than what is known', 'Late news, ignored: The work order is published'],
])('folds what is no news: %s', (what, text) => {
  expect(say(what, `workorder.status.published of ${HAPPENED}`)).toMatchObject({
    text,
    folded: true,
    happened: HAPPENED,
  });
});

it('folds the event of our own create', () => {
  expect(say('Event', `workorder.created of ${HAPPENED}`)).toMatchObject({
    ...{ text: 'Field Nation confirmed our change: The work order is created', folded: true },
  });
});

it('says what the settings make of a closed ticket', () => {
  const closed = say('Ticket 17 was closed or resolved', 'By the config: ask');
  expect([closed.text, closed.detail]).toEqual([
    'The ticket was closed or resolved',
    'Your settings say: ask a person.',
  ]);
});

it('has words for each status that Field Nation tells, none of them its own name', () => {
  for (const name of STATUS_EVENTS) expect(say('Event', name).text).not.toMatch(/workorder|_/);
});

it('tells what it does not know as it is', () => {
  expect(say('Something else', 'with a detail')).toMatchObject({ text: 'Something else', detail: 'with a detail' });
  expect(say('Event', 'workorder.new_thing').text).toBe('Field Nation reported: new thing');
  expect(say('Event', 'a detail of many words')).toMatchObject({ text: 'Event', detail: 'a detail of many words' });
});
