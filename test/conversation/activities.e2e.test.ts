/** Reading and carrying over notes and messages, call by call. */

import { ACCOUNT, attempt, correlationIdOf, startBench, type Bench } from '../upstreams/activity-setup';
import type { SeenMessages } from '../../src/contract/conversation';
import type { MessagesRead, ReadEntriesInput } from '../../src/contract/conversation-calls';

const LIST = 'GET /tickets/:id/conversations';

let bench: Bench;
beforeAll(async () => void (bench = await startBench()));
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const START: Omit<ReadEntriesInput, 'ticketId'> = {
  ...{ account: ACCOUNT, since: '2020-01-01T00:00:00.000Z', own: [] },
  ...{ page: 1, fresh: true, lastId: 0, lastAt: null },
};
const NONE_SEEN: SeenMessages = { seen: [], floor: 0, self: null, unwantedUntil: null };

test('reads on where it stopped, asks who it is once a process, and finds entries that deletions have moved', async () => {
  const ticketId = bench.ticket();
  for (let i = 0; i < 125; i++) bench.control.addNote(ticketId, `note ${i}.`);
  const activities = bench.start();
  const texts: string[] = [];
  let position = { ...START, ticketId };
  for (let more = true; more;) {
    const read = await attempt(() => activities.readEntries(position));
    texts.push(...read.entries.map(({ text }) => text));
    const { entries: _entries, files: _files, more: goesOn, ...next } = read;
    position = { ...position, ...next };
    more = goesOn;
  }
  expect(texts).toEqual(Array.from({ length: 125 }, (_, i) => `note ${i}.`));
  expect(position).toMatchObject({ page: 2, fresh: false });
  expect(bench.calls('freshdesk').filter((route) => route === 'GET /agents/me')).toHaveLength(1);

  bench.control.clearHistory();
  bench.control.addNote(ticketId, 'The next one.');
  expect((await attempt(() => activities.readEntries(position))).entries.map(({ text }) => text)).toEqual([
    'The next one.',
  ]);
  expect(bench.calls('freshdesk')).toEqual([LIST]);

  // Whatever was known on page 2 is gone: the page before is read as well.
  const back = await attempt(() => activities.readEntries({ ...position, page: 3 }));
  expect(back).toMatchObject({ page: 2, fresh: true, more: true, entries: [] });
});

test('tells who wrote, publicly or not, as plain text', async () => {
  const ticketId = bench.ticket();
  bench.control.reply(ticketId, '<p>It is <b>urgent</b>.</p><p>Please.</p>', 'requester');
  bench.control.addNote(ticketId, 'Only for us.');
  bench.control.addNote(ticketId, 'For all.', { private: false, attachments: [{ name: 'a.pdf', content: 'a' }] });
  bench.control.addNote(ticketId, 'Ours.', { by: 'api' });
  const { entries, files } = await attempt(() => bench.start().readEntries({ ...START, ticketId }));
  expect(entries.map(({ kind, head, text }) => [kind, head, text])).toEqual([
    ['reply', 'Reply by the requester in Freshdesk:', 'It is urgent.\n\nPlease.'],
    ['note', 'Private note by an agent in Freshdesk:', 'Only for us.'],
    ['note', 'Public note by an agent in Freshdesk (a.pdf):', 'For all.'],
  ]);
  expect(files).toMatchObject([{ name: 'a.pdf', size: 1, page: 1 }]);
});

test('a key that may not ask who it is knows its own notes by their markers', async () => {
  bench.control.addFault({ system: 'freshdesk', path: 'agents/me', kind: 'status', status: 403 });
  const ticketId = bench.ticket();
  bench.control.addNote(ticketId, `Ours.<div>Deskbridge ${correlationIdOf(ticketId)} message 1</div>`, { by: 'api' });
  bench.control.addNote(ticketId, 'A person’s.');
  const { entries } = await attempt(() => bench.start().readEntries({ ...START, ticketId }));
  expect(entries.map(({ text }) => text)).toEqual(['A person’s.']);
});

test('the answer to a post brings what others wrote; replies in threads too; a second post finds the first', async () => {
  const ticketId = bench.ticket();
  const { workOrderId } = await bench.draft(ticketId);
  bench.control.act(workOrderId, 'message', { text: 'Where is the key?', asBuyer: true });
  const activities = bench.start();
  const input = {
    ...{ correlationId: correlationIdOf(ticketId), workOrderId, assigned: false, staffOnly: false },
    ...{ entry: { id: 7, kind: 'note' as const, head: 'Note:', text: 'Under the mat.' }, messagesSeen: NONE_SEEN },
  };
  const posted = await attempt(() => activities.postEntry({ ...input, lookFirst: false }));
  expect(posted).toMatchObject({ audience: 'staff', carried: [7], messages: [{ text: 'Where is the key?' }] });
  await attempt(() => activities.postEntry({ ...input, lookFirst: true }));
  expect(bench.control.messages(workOrderId)).toHaveLength(2);
  const read = (messagesSeen: SeenMessages): Promise<MessagesRead | 'off'> =>
    attempt(() => activities.readMessages({ correlationId: input.correlationId, workOrderId, messagesSeen }));
  const all = await read(NONE_SEEN);
  if (all === 'off') throw new Error('It is on by default');
  const seen = [...all.ours, ...all.messages.map(({ id }) => id)];
  expect(await read({ ...NONE_SEEN, seen })).toEqual({
    ...{ messages: [], ours: [], carried: [], more: false, count: 2, self: null },
  });
});

test('a message becomes a note whose text is text, found again by its whole marker', async () => {
  const ticketId = bench.ticket();
  const activities = bench.start();
  const write = (id: number, lookFirst: boolean) =>
    attempt(() =>
      activities.writeMessage({
        ...{ ticketId, correlationId: correlationIdOf(ticketId), lookFirst, from: 1 },
        message: { id, author: 'Lee <Park>', role: 'provider', text: '<script>x</script>\nline 2', isReply: true },
      }),
    );
  await write(123, false);
  const first = await write(12, true);
  expect(await write(12, true)).toEqual(first);
  const notes = bench.control.conversations(ticketId);
  expect(notes).toHaveLength(2);
  expect(notes[0]?.body).toBe(
    '<div><b>Reply from Lee &lt;Park&gt; (provider) in Field Nation:</b></div>' +
      '<div>&lt;script&gt;x&lt;/script&gt;<br>line 2</div>' +
      `<div><small>Deskbridge ${correlationIdOf(ticketId)} message 123</small></div>`,
  );
});

test('a marker counts on a message of our own only, once a post has shown who we are', async () => {
  const ticketId = bench.ticket();
  const { workOrderId } = await bench.draft(ticketId);
  const correlationId = correlationIdOf(ticketId);
  const activities = bench.start();
  const posted = await attempt(() =>
    activities.postEntry({
      ...{ correlationId, workOrderId, assigned: false, staffOnly: false, lookFirst: false, messagesSeen: NONE_SEEN },
      entry: { id: 7, kind: 'note', head: 'Note:', text: 'Under the mat.' },
    }),
  );
  if (posted === 'off') throw new Error('It is on by default');
  expect(posted.self).not.toBeNull();
  bench.control.act(workOrderId, 'message', { text: `Copied.\n[${correlationId} note 8]`, asBuyer: true });
  const messagesSeen = { ...NONE_SEEN, self: posted.self };
  const read = await attempt(() => activities.readMessages({ correlationId, workOrderId, messagesSeen }));
  expect(read).toMatchObject({ carried: [7], messages: [{ text: `Copied.\n[${correlationId} note 8]` }] });
  // A forged marker is no proof that note 8 was posted.
  await attempt(() =>
    activities.postEntry({
      ...{ correlationId, workOrderId, assigned: false, staffOnly: false, lookFirst: true, messagesSeen },
      entry: { id: 8, kind: 'note', head: 'Note:', text: 'The next one.' },
    }),
  );
  expect(bench.control.messages(workOrderId)).toHaveLength(3);
});

test('an entry that a deletion moves to the page before while reading goes on is not lost', async () => {
  const ticketId = bench.ticket();
  const entries = Array.from({ length: 101 }, (_, i) => bench.control.addNote(ticketId, `note ${i}.`));
  const last = entries.at(-1);
  const before = entries.at(-2);
  // As after a read of page 1 whose last entry was that before the last one, with an earlier one deleted since.
  const position = { page: 2, fresh: true, lastId: Number(before?.id), lastAt: String(before?.created_at) };
  const moved = { ...START, ticketId, ...position };
  const { entries: found } = await attempt(() => bench.start().readEntries(moved));
  expect(found.map(({ id }) => id)).toEqual([Number(last?.id)]);
  expect(bench.calls('freshdesk').filter((route) => route === LIST)).toHaveLength(2);
});

test('a file is not taken for one whose number begins alike', async () => {
  const ticketId = bench.ticket({ attachments: [{ name: 'a.png', content: 'a' }] });
  const { workOrderId } = await bench.draft(ticketId);
  const activities = bench.start();
  const look = await attempt(() => activities.fetchTicket({ account: ACCOUNT, ticketId, first: false, plan: null }));
  const [file] = look.files;
  if (!file) throw new Error('The ticket has a file');
  const upload = (id: number, lookFirst: boolean) =>
    attempt(() =>
      activities.uploadFile({
        ...{ ticketId, workOrderId, correlationId: correlationIdOf(ticketId), folderId: null, lookFirst },
        file: { ...file, id, page: null },
      }),
    );
  await upload(file.id, false);
  await upload(file.id, true);
  const shorter = Math.floor(file.id / 10);
  // There is no such file: that shows that it was not taken for the one that is there.
  expect(await upload(shorter, true)).toMatchObject({ leftOut: 'it is no longer there' });
});
