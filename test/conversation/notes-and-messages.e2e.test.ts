/** Notes, messages and files between ticket and work order, each once on the other side and never back (interface, section 8). */
import { FIELD_SERVICE_REQUIRED, type Place, type TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { nextSecond, until } from '../helpers/until';

const CONFIG = (dispatch = ''): string =>
  `dispatch: { createPatience: 400ms${dispatch === '' ? '' : `, ${dispatch}`} }\ncontacts: { mergeWindow: 0s }\n`;

let stack: Stack;
let desk: TicketDesk;
// Every task replays, and a run goes on as a new one every few steps.
useStack((...made) => ([stack, desk] = made), { config: CONFIG(), cachedRuns: 0, policy: { turnsPerRun: 7 } });

const dispatched = (patch?: object): Promise<Place> => desk.inTheField(patch);
const assigned = (patch?: object): Promise<Place> => desk.assigned(patch);

const messages = (workOrderId: number): { message: string; role: string }[] =>
  stack.sandbox.control.messages(workOrderId) as unknown as { message: string; role: string }[];
const notes = (id: number): string[] => stack.sandbox.control.conversations(id).map((note) => String(note.body_text));
const having = (texts: string[], part: string): string[] => texts.filter((text) => text.includes(part));
const said = (workOrderId: number): string[] => messages(workOrderId).map(({ message }) => message);

const quiet = (id: number): Promise<void> => desk.quiet(id);

const noteCalls = (id: number): number =>
  stack.sandbox.control.history().filter((e) => e.method === 'POST' && e.path === `/tickets/${id}/notes`).length;

test('a conversation of 20 notes and messages at the same time: each arrives once on the other side, none comes back', async () => {
  stack.sandbox.control.setKnobs({
    freshdesk: { duplicateWebhooks: 2 },
    fieldNation: { duplicateWebhooks: 2, reorderWindowMs: 50 },
  });
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  for (let i = 0; i < 10; i++) {
    if (i % 3 === 0) control.reply(id, `<p>reply-${i}.</p>`, i % 2 === 0 ? 'requester' : 'agent');
    else control.addNote(id, `<p>note-${i}.</p>`);
    control.act(workOrderId, 'message', { text: `message-${i}. <b>&`, asBuyer: i % 4 === 0 });
    await new Promise((resolve) => setTimeout(resolve, i * 40));
  }
  await until(
    'all to arrive',
    () => {
      const arrived = said(workOrderId).filter((text) => text.includes('in Freshdesk')).length;
      return arrived >= 10 && having(notes(id), 'in Field Nation').length >= 10;
    },
    () => JSON.stringify([said(workOrderId), notes(id)], null, 1),
  );
  await quiet(id);
  for (let i = 0; i < 10; i++) {
    const out = having(said(workOrderId), `${i % 3 === 0 ? 'reply' : 'note'}-${i}.`);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatch(new RegExp(`\\[FD-${stack.account}-${id}-1 (note|reply) \\d+\\]$`));
    const back = having(notes(id), `message-${i}. <b>&`);
    expect(back).toHaveLength(1);
    expect(back[0]).toMatch(new RegExp(`Deskbridge FD-${stack.account}-${id}-1 message \\d+$`));
  }
  expect(said(workOrderId)).toHaveLength(20);
  expect(notes(id)).toHaveLength(20);
  expect(messages(workOrderId).filter(({ role }) => role === 'STAFF_NOTE').length).toBeGreaterThanOrEqual(10);
  expect(desk.privateNotes(id).length).toBeGreaterThanOrEqual(10);
});

test('a lost answer of either side makes no second message and no second note', async () => {
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'postMessage', kind: 'lost-answer', times: 1 });
  control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'lost-answer', times: 1 });
  control.addNote(id, 'Ring at the back door.');
  control.act(workOrderId, 'message', { text: 'Door code, please?' });
  await until('both to arrive', () => {
    return having(said(workOrderId), 'back door').length > 0 && having(notes(id), 'Door code').length > 0;
  });
  await quiet(id);
  expect(having(said(workOrderId), 'back door')).toHaveLength(1);
  expect(having(notes(id), 'Door code')).toHaveLength(1);
  expect(control.faults().map(({ hits }) => hits)).toEqual([1, 1]);
});

test('a call that failed before it had an effect is made again', async () => {
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'postMessage', kind: 'status', status: 503, times: 2 });
  control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'reset-before', times: 2 });
  control.addNote(id, 'Ring at the back door.');
  control.act(workOrderId, 'message', { text: 'Door code, please?' });
  await until('both to arrive', () => {
    return having(said(workOrderId), 'back door').length > 0 && having(notes(id), 'Door code').length > 0;
  });
});

test('what is older than the visit and what the key wrote itself stays where it is', async () => {
  const id = desk.newTicket();
  const { control } = stack.sandbox;
  control.addNote(id, 'Older than the visit.');
  // What came in the ten minutes before the webhook may be of the trigger's time.
  control.advanceClock(11 * 60_000);
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await nextSecond();
  control.addNote(id, 'By another program with the same key.', { by: 'api' });
  control.addNote(id, `By the key.<div>Deskbridge FD-${stack.account}-${id}-1 message 5</div>`, { by: 'api' });
  control.addNote(id, 'By a person.');
  await until('the note to arrive', () => having(said(workOrderId), 'By a person.').length > 0);
  await quiet(id);
  expect(said(workOrderId)).toHaveLength(1);
});

test('switched off, nothing passes either way, and nothing of it is passed on later', async () => {
  stack.setConfig(CONFIG('notes: { toFieldNation: false, fromFieldNation: false }, attachments: false'));
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.addNote(id, 'For ourselves only.');
  control.act(workOrderId, 'message', { text: 'Nobody reads this.' });
  await quiet(id);
  expect(said(workOrderId)).toHaveLength(1);
  expect(notes(id)).toHaveLength(1);

  stack.setConfig(CONFIG());
  control.addNote(id, 'For both of us.');
  await until('the new note to arrive', () => having(said(workOrderId), 'both of us').length > 0);
  await quiet(id);
  expect(having(said(workOrderId), 'ourselves')).toHaveLength(0);
});

test('with the provider as audience notes go to the technician, and to the staff while nobody is assigned', async () => {
  stack.setConfig(CONFIG('notes: { audience: provider }'));
  const { id, workOrderId } = await dispatched();
  stack.sandbox.control.addNote(id, 'Before anybody is assigned.');
  await until('the first note', () => said(workOrderId).length === 1);
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  stack.sandbox.control.addNote(id, 'For the technician.');
  await until('the second note', () => said(workOrderId).length === 2);
  expect(messages(workOrderId).map(({ role }) => role)).toEqual(['STAFF_NOTE', 'ASSIGNEDTECH']);
});

test('a technician who left before we know of it: the staff reads the note', async () => {
  stack.setConfig(CONFIG('notes: { audience: provider }'));
  const { id, workOrderId } = await assigned();
  stack.sandbox.control.holdWebhooks('field-nation');
  stack.sandbox.control.act(workOrderId, 'cancel-assignment');
  stack.sandbox.control.addNote(id, 'Is anybody there?');
  await until('the note', () => said(workOrderId).length === 1);
  expect(messages(workOrderId)[0]?.role).toBe('STAFF_NOTE');
  stack.sandbox.control.releaseWebhooks();
});

test('a message that needs a person holds up neither other messages nor notes', async () => {
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'postMessage', kind: 'status', status: 400, times: 2 });
  control.addNote(id, 'The refused one.');
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'rejected');
  control.addNote(id, 'The next one.');
  control.act(workOrderId, 'message', { text: 'The other way.' });
  await until('the others to pass', () => {
    return having(said(workOrderId), 'The next one.').length > 0 && having(notes(id), 'The other way.').length > 0;
  });
  expect((await stack.dispatches.view(id))?.attention?.reason).toBe('rejected');
  await stack.starter.retry(id);
  await until('the refused one to pass', () => having(said(workOrderId), 'The refused one.').length > 0);
  await stack.view(id, 'no attention', (v) => v.attention === null);
});

test('a long note is cut to what a message may hold, with its marker', async () => {
  const { id, workOrderId } = await dispatched();
  stack.sandbox.control.addNote(id, `<p>${'é😀'.repeat(9000)}</p>`);
  await until('the note to arrive', () => said(workOrderId).length === 1);
  const [text = ''] = said(workOrderId);
  expect(text.length).toBeLessThanOrEqual(10_000);
  expect(text).toMatch(/note \d+\]$/);
  await quiet(id);
  expect(said(workOrderId)).toHaveLength(1);
});

test('an event of our own message costs no read, and a dispatch nobody writes in reads no notes', async () => {
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.setKnobs({ freshdesk: { apiWritesTriggerRules: false } });
  await quiet(id);
  control.clearHistory();
  control.addNote(id, 'One note.');
  await until('the note to arrive', () => said(workOrderId).length === 1);
  await quiet(id);
  const routes = control.history().map(({ route }) => route);
  expect(routes.filter((route) => route === 'POST /workorders/:id/messages')).toHaveLength(1);
  expect(routes.filter((route) => route === 'GET /workorders/:id/messages')).toHaveLength(0);
  expect(routes.filter((route) => route === 'GET /tickets/:id/conversations')).toHaveLength(1);
  expect(noteCalls(id)).toBe(0);
});

test('notes after the work is done still go to the order, until it is final', async () => {
  const { id, workOrderId } = await dispatched();
  const { control } = stack.sandbox;
  await desk.finish(id, workOrderId);
  control.setRule(3, { active: true });
  control.addNote(id, 'One more question.');
  await until('the question to arrive', () => having(said(workOrderId), 'more question').length > 0);
  control.act(workOrderId, 'approve');
  control.act(workOrderId, 'pay');
  await stack.view(id, 'the payment', (v) => v.workOrderStatus === 'paid');
  control.addNote(id, 'Too late.');
  await quiet(id);
  control.setRule(3, { active: false });
  expect(having(said(workOrderId), 'Too late.')).toHaveLength(0);
  expect(desk.statusOf(id)).not.toBe(FIELD_SERVICE_REQUIRED);
});
