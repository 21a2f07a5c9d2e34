/** Notes and messages under attack: forged markers, long threads, ends and beginnings in the middle, lost webhooks. */
import { sweepsOf } from '../helpers/sweeps';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type Place, type TicketDesk } from '../helpers/tickets';
import { nextSecond, until } from '../helpers/until';

const CONFIG = (dispatch = ''): string =>
  `dispatch: { createPatience: 400ms${dispatch === '' ? '' : `, ${dispatch}`} }\ncontacts: { mergeWindow: 0s }\n`;

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack({ cachedRuns: 0, policy: { turnsPerRun: 7 } });
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.setConfig(CONFIG());
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
  stack.sandbox.control.setWebhookActive(true);
});

const dispatched = (patch?: object): Promise<Place> => desk.inTheField(patch);
const assigned = (patch?: object): Promise<Place> => desk.assigned(patch);

const said = (workOrderId: number): string[] =>
  stack.sandbox.control.messages(workOrderId).map(({ message }) => String(message));
const notes = (id: number): string[] => stack.sandbox.control.conversations(id).map((note) => String(note.body_text));
const having = (texts: string[], part: string): string[] => texts.filter((text) => text.includes(part));

const quiet = (id: number): Promise<void> => desk.quiet(id);

describe('a forged marker', () => {
  test('of Field Nation’s staff hides no message of theirs', async () => {
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    control.addNote(id, 'Ring twice.');
    await until('our message', () => said(workOrderId).length === 1);
    const [ours = ''] = said(workOrderId);
    control.act(workOrderId, 'message', { text: `I read this:\n${ours}`, asBuyer: true });
    control.act(workOrderId, 'message', {
      text: `And that.\n[FD-${stack.account}-${id + 1}-1 note 7]`,
      asBuyer: true,
    });
    await until('both to arrive', () => {
      return having(notes(id), 'I read this').length > 0 && having(notes(id), 'And that.').length > 0;
    });
    await quiet(id);
    expect(notes(id)).toHaveLength(3);
    expect(said(workOrderId)).toHaveLength(3);
  });

  test('hides neither a reply of the requester nor a note of an agent', async () => {
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    const marker = `<div>Deskbridge FD-${stack.account}-${id}-1 message 5</div>`;
    control.reply(id, `<div>Are you coming?</div>${marker}`, 'requester');
    control.addNote(id, `<div>See what they wrote:</div>${marker}`);
    await until('both to arrive', () => {
      return (
        having(said(workOrderId), 'Are you coming?').length > 0 && having(said(workOrderId), 'See what').length > 0
      );
    });
    await quiet(id);
    expect(said(workOrderId)).toHaveLength(2);
    expect(notes(id)).toHaveLength(2);
  });
});

test('notes of ours stay ours when the key changes hands', async () => {
  const { id, workOrderId } = await assigned();
  const { control } = stack.sandbox;
  control.setKnobs({ freshdesk: { apiWritesTriggerRules: false } });
  control.act(workOrderId, 'message', { text: 'Door code, please?' });
  await until('the note', () => notes(id).length === 1);
  // Seen by the next process as an agent of another number.
  await stack.stopWorkers();
  control.addFault({ system: 'freshdesk', path: 'agents/me', kind: 'status', status: 403 });
  await stack.startWorkers();
  control.addNote(id, 'It is 1234.');
  await until('the answer', () => having(said(workOrderId), '1234').length > 0);
  await quiet(id);
  expect(said(workOrderId)).toHaveLength(2);
});

test('a thread of several pages is read whole, each message once', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { messagesPerPage: 4 } });
  const { id, workOrderId } = await assigned();
  for (let i = 0; i < 15; i++) stack.sandbox.control.act(workOrderId, 'message', { text: `message-${i}.` });
  await until(
    'all to arrive',
    () => notes(id).length >= 15,
    () => JSON.stringify(notes(id)),
  );
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'postMessage', kind: 'lost-answer', times: 1 });
  stack.sandbox.control.addNote(id, 'Thank you.');
  for (let i = 15; i < 24; i++) stack.sandbox.control.act(workOrderId, 'message', { text: `message-${i}.` });
  await until('all others', () => notes(id).length >= 25 && having(said(workOrderId), 'Thank you.').length > 0);
  await quiet(id);
  for (let i = 0; i < 24; i++) expect(having(notes(id), `message-${i}.`)).toHaveLength(1);
  expect(having(said(workOrderId), 'Thank you.')).toHaveLength(1);
});

describe('ends and beginnings', () => {
  test('what the provider wrote right before the order was cancelled still arrives', async () => {
    const { id, workOrderId } = await assigned();
    stack.sandbox.control.act(workOrderId, 'message', { text: 'I am ill.' });
    stack.sandbox.control.act(workOrderId, 'cancel');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    await until('the message', () => having(notes(id), 'I am ill.').length === 1);
  });

  test('what was written on both sides right before the next visit still arrives, once', async () => {
    const { id, workOrderId } = await dispatched();
    await desk.finish(id, workOrderId);
    await quiet(id);
    const { control } = stack.sandbox;
    control.act(workOrderId, 'message', { text: 'Keys are at the desk.' });
    control.addNote(id, 'Bring a ladder.');
    desk.trigger(id);
    const view = await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    const both = (): string[] => [...said(workOrderId), ...said(view.workOrderId ?? 0)];
    await until(
      'both',
      () => having(notes(id), 'Keys are').length > 0 && having(both(), 'ladder').length > 0,
      () => JSON.stringify([both(), notes(id)]),
    );
    await quiet(id);
    expect(having(notes(id), 'Keys are')).toHaveLength(1);
    expect(having(both(), 'ladder')).toHaveLength(1);
  });

  test('a thread that cannot be read does not keep a cancelled dispatch waiting for a person', async () => {
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    control.addFault({ system: 'field-nation', path: 'listMessages', kind: 'status', status: 404 });
    control.act(workOrderId, 'message', { text: 'Hello?' });
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'not-found');
    control.act(workOrderId, 'cancel');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled' && v.attention === null);
  });

  test('a message for a deleted ticket waits for nobody', async () => {
    stack.setConfig(CONFIG('onTicketClosed: { unassigned: keep, assigned: keep }'));
    const { id, workOrderId } = await assigned();
    stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
    stack.sandbox.control.deleteTicket(id);
    stack.sandbox.control.act(workOrderId, 'message', { text: 'Hello?' });
    const gone = 'Not written: the ticket is gone';
    const view = await stack.view(id, 'the message to be dropped', (v) => v.timeline.some(({ what }) => what === gone));
    expect(view.attention).toBeNull();
  });
});

describe('switches turned in the middle', () => {
  test('what Field Nation was told while nobody listened is not passed on later', async () => {
    stack.setConfig(CONFIG('notes: { fromFieldNation: false }'));
    const { id, workOrderId } = await assigned();
    stack.sandbox.control.act(workOrderId, 'message', { text: 'Nobody reads this.' });
    await quiet(id);
    await nextSecond();
    stack.setConfig(CONFIG());
    stack.sandbox.control.act(workOrderId, 'message', { text: 'Everybody reads this.' });
    await until('the new message', () => having(notes(id), 'Everybody').length > 0);
    await quiet(id);
    expect(having(notes(id), 'Nobody')).toHaveLength(0);
  });

  test('files of the provider are brought from the moment they are wanted, whether or not the ticket changed since', async () => {
    const { id, workOrderId } = await assigned();
    await quiet(id);
    stack.setConfig(CONFIG('deliverables: true'));
    stack.sandbox.control.act(workOrderId, 'upload', { fileName: 'photo.jpg', fileContent: 'a photo' });
    await until('the file', () => notes(id).some((text) => text.includes('photo.jpg')));
  });

  test('attention about notes ends when notes are switched off', async () => {
    const { id } = await assigned();
    const { control } = stack.sandbox;
    control.addFault({ system: 'freshdesk', path: '/conversations', kind: 'status', status: 403 });
    control.addNote(id, 'One note.');
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
    stack.setConfig(CONFIG('notes: { toFieldNation: false }, attachments: false'));
    await nextSecond();
    control.addNote(id, 'Another note.');
    await stack.view(id, 'no attention', (v) => v.attention === null);
  });
});

describe('without a webhook', () => {
  test('messages and files are found by the next event of any kind', async () => {
    stack.setConfig(CONFIG('deliverables: true'));
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    control.setWebhookActive(false);
    control.act(workOrderId, 'message', { text: 'Nobody was told.' });
    control.act(workOrderId, 'upload', { fileName: 'photo.jpg', fileContent: 'a photo' });
    control.setWebhookActive(true);
    control.act(workOrderId, 'check-in');
    await until(
      'both',
      () => having(notes(id), 'Nobody was told.').length > 0 && having(notes(id), 'photo.jpg').length > 0,
    );
    await quiet(id);
    expect(notes(id)).toHaveLength(2);
  });

  /** Of every order that the sweep may look at. */
  const reads = (): number =>
    stack.calls('GET /workorders/:id/messages') + stack.calls('GET /workorders/:id/attachments');

  test('messages, notes and files are found by a sweep, once', async () => {
    stack.setConfig(CONFIG('deliverables: true'));
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    const sweeps = await sweepsOf(stack);
    try {
      control.setWebhookActive(false);
      control.setKnobs({ freshdesk: { rulesEnabled: false } });
      control.act(workOrderId, 'message', { text: 'Nobody was told.' });
      control.act(workOrderId, 'upload', { fileName: 'photo.jpg', fileContent: 'a photo' });
      control.addNote(id, 'Nor of this.');
      const areThere = (): boolean => {
        const there = having(notes(id), 'Nobody was told.').length > 0 && having(notes(id), 'photo.jpg').length > 0;
        return there && having(said(workOrderId), 'Nor of this.').length > 0;
      };
      await until(
        'all three',
        async () => {
          // The engine's index may lag behind: what one sweep doesn't see the next one does.
          if (!areThere()) await sweeps.sweep();
          return areThere();
        },
        () => JSON.stringify([notes(id), said(workOrderId)]),
      );
      await quiet(id);
      control.clearHistory();
      await sweeps.sweep();
      await quiet(id);
      expect([reads(), notes(id).length, said(workOrderId).length]).toEqual([0, 3, 2]);
    } finally {
      await sweeps.stop();
    }
  });

  test('a sweep asks for nothing that the dispatch has read already', async () => {
    const { id, workOrderId } = await assigned();
    const { control } = stack.sandbox;
    control.addNote(id, 'One of ours.');
    control.act(workOrderId, 'message', { text: 'A known one.' });
    await until('both', () => said(workOrderId).length === 2 && notes(id).length === 2);
    await quiet(id);
    const sweeps = await sweepsOf(stack);
    try {
      control.clearHistory();
      await sweeps.sweep();
      await quiet(id);
      expect(reads()).toBe(0);
      const told = (await stack.dispatches.view(id))?.timeline.filter(({ detail }) => detail?.includes('reconcile'));
      expect(told).toEqual([]);
    } finally {
      await sweeps.stop();
    }
  });
});
