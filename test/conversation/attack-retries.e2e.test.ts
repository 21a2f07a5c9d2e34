/** A second try of a note when much has happened since the first one, and files that can never be fetched. */
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { nextSecond, until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  // So long that reading goes on between two tries of a note.
  stack = await startStack({
    cachedRuns: 0,
    policy: { backoff: { first: 6000, most: 6000 }, conversation: { gather: 1100, doubt: 1100, fetches: 3 } },
  });
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());
afterEach(() => stack.sandbox.control.clearFaults());

const notes = (id: number): string[] => stack.sandbox.control.conversations(id).map((note) => String(note.body_text));
const having = (texts: string[], part: string): string[] => texts.filter((text) => text.includes(part));

test('a note whose answer was lost is found again although reading has turned the page since', async () => {
  const { control } = stack.sandbox;
  const id = desk.newTicket();
  control.setKnobs({ freshdesk: { rulesEnabled: false } });
  for (let i = 0; i < 98; i++) control.addNote(id, `Older ${i}.`);
  control.resetKnobs();
  // What was written in the ten minutes before the first webhook may belong to the visit.
  control.advanceClock(11 * 60_000);
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await nextSecond();
  control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');

  control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'lost-answer', times: 1 });
  control.act(workOrderId, 'message', { text: 'Door code, please?' });
  await until('the first try', () => having(notes(id), 'Door code').length === 1);
  for (let i = 0; i < 5; i++) control.addNote(id, `Newer ${i}.`);
  await until('the page to be turned', () => {
    const pages = control.history().filter(({ route }) => route === 'GET /tickets/:id/conversations');
    return control.messages(workOrderId).length === 6 && pages.length >= 2;
  });
  await stack.view(id, 'the note to be known', (v) => v.timeline.some(({ what }) => what === 'Private note written'));
  await desk.settled(id);
  expect(having(notes(id), 'Door code')).toHaveLength(1);
});

test('a file that can never be fetched is named in the end, and keeps no other', async () => {
  const { control } = stack.sandbox;
  control.addFault({ system: 'freshdesk', path: '/broken.png', kind: 'status', status: 500 });
  const id = desk.newTicket({
    attachments: [
      { name: 'broken.png', content: 'b' },
      { name: 'good.png', content: 'g' },
    ],
  });
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await until('the note', () => having(notes(id), 'broken.png: it could not be fetched').length === 1);
  expect(JSON.stringify(control.workOrder(workOrderId).attachments)).toContain('good.png');
  expect((await stack.dispatches.view(id))?.attention).toBeNull();
});

test('nor does one of the provider keep the others: it is named with a link', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, deliverables: true }\n');
  const { control } = stack.sandbox;
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  control.act(workOrderId, 'assign');
  control.addFault({ system: 'field-nation', path: '/broken.jpg', kind: 'reset-before' });
  for (const fileName of ['a.jpg', 'broken.jpg', 'c.jpg']) {
    control.act(workOrderId, 'upload', { fileName, fileContent: fileName });
  }
  const attached = (): unknown[] => control.conversations(id).flatMap(({ attachments }) => attachments as unknown[]);
  await until('all', () => attached().length === 2 && having(notes(id), 'To be seen in').length === 1);
  expect(having(notes(id), 'broken.jpg')).toHaveLength(1);
});
