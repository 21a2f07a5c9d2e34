/** Files between ticket and work order: each once, none whole in memory, what does not pass is named (interface, section 7). */
import type { Place, TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

const CONFIG = (dispatch = ''): string =>
  `dispatch: { createPatience: 400ms${dispatch === '' ? '' : `, ${dispatch}`} }\ncontacts: { mergeWindow: 0s }\n`;
const DELIVERABLES = CONFIG('deliverables: true');
const MB = 1024 * 1024;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { config: CONFIG(), cachedRuns: 0, policy: { turnsPerRun: 7 } });

const dispatched = (patch?: object): Promise<Place> => desk.inTheField(patch);

interface Listed {
  name: string;
  size: number;
  link: string;
}

/** What the folder holds; `Documents` when none is named. */
function files(workOrderId: number, folder = 'Documents'): Listed[] {
  const { results } = stack.sandbox.control.workOrder(workOrderId).attachments as {
    results: { name: string; results: { file: { name: string; size_bytes: number; link: string } }[] }[];
  };
  const found = results.find(({ name }) => name === folder)?.results ?? [];
  return found.map(({ file }) => ({ name: file.name, size: file.size_bytes, link: file.link }));
}

interface Note {
  text: string;
  files: { name: string; size: number; attachment_url: string }[];
}
const notes = (id: number): Note[] =>
  stack.sandbox.control
    .conversations(id)
    .map((note) => ({ text: String(note.body_text), files: note.attachments as Note['files'] }));

const names = (list: { name: string }[]): string[] => list.map(({ name }) => name).sort();

const quiet = (id: number): Promise<void> => desk.quiet(id);

test('attachments of the ticket, of notes and of replies go to the documents, each once and byte for byte', async () => {
  const content = 'é'.repeat(100_000);
  const { id, workOrderId } = await dispatched({ attachments: [{ name: 'lane3.jpg', type: 'image/jpeg', content }] });
  stack.sandbox.control.addNote(id, 'The plan of the site.', {
    attachments: [{ name: 'plan.pdf', content: 'a plan' }],
  });
  stack.sandbox.control.addNote(id, 'And the same name again.', {
    attachments: [{ name: 'plan.pdf', content: 'b plan' }],
  });
  await until('all files', () => files(workOrderId).length === 3);
  await quiet(id);
  expect(names(files(workOrderId))).toEqual(['lane3.jpg', 'plan.pdf', 'plan.pdf']);
  const photo = files(workOrderId).find(({ name }) => name === 'lane3.jpg');
  expect(await (await fetch(photo?.link ?? '')).text()).toBe(content);
  expect(stack.calls('GET /attachments/:id/:name')).toBe(3);
  expect(notes(id)).toHaveLength(2);
});

test('a lost answer to an upload makes no second file', async () => {
  const fault = { system: 'field-nation', path: 'uploadAttachment', kind: 'lost-answer', times: 1 } as const;
  stack.sandbox.control.addFault(fault);
  const { id, workOrderId } = await dispatched({ attachments: [{ name: 'a.png', content: 'a' }] });
  await until('the file', () => files(workOrderId).length > 0);
  await quiet(id);
  expect(files(workOrderId)).toHaveLength(1);
});

test('an address that has expired is read again', async () => {
  const fault = { system: 'field-nation', path: 'listAttachments', kind: 'status', status: 503 } as const;
  stack.sandbox.control.addFault(fault);
  const { workOrderId } = await dispatched({ attachments: [{ name: 'a.png', content: 'a' }] });
  await until('a try', () => stack.hasFaultHit());
  stack.sandbox.control.advanceClock(301_000);
  stack.sandbox.control.clearFaults();
  await until('the file', () => files(workOrderId).length === 1);
});

test('so is the address of a file of a note', async () => {
  const fault = { system: 'field-nation', path: 'listAttachments', kind: 'status', status: 503 } as const;
  const { id, workOrderId } = await dispatched();
  stack.sandbox.control.addFault(fault);
  stack.sandbox.control.addNote(id, 'See the file.', { attachments: [{ name: 'a.png', content: 'a' }] });
  await until('a try', () => stack.hasFaultHit());
  stack.sandbox.control.advanceClock(301_000);
  stack.sandbox.control.clearFaults();
  await until('the file', () => files(workOrderId).length === 1);
});

test('too large, of a wrong type, not what its name says and no longer there: one note names them with the reason, the rest arrives', async () => {
  const { control } = stack.sandbox;
  control.addFault({ system: 'freshdesk', path: '/gone.gif', kind: 'status', status: 404 });
  const { id, workOrderId } = await dispatched({
    attachments: [
      { name: 'huge.pdf', content: 'x'.repeat(10 * MB + 1) },
      { name: 'setup.exe', content: 'MZ' },
      { name: 'photo.jpg', content: '<html><script>alert(1)</script></html>' },
      { name: 'gone.gif', content: 'gone' },
      { name: 'full.pdf', content: 'x'.repeat(10 * MB) },
    ],
  });
  await until('the note', () => notes(id).length > 0);
  await quiet(id);
  expect(names(files(workOrderId))).toEqual(['full.pdf']);
  expect(notes(id)).toHaveLength(1);
  const { text } = notes(id)[0] ?? { text: '' };
  expect(text).toMatch(/huge\.pdf: it is larger than the 10 MB/);
  expect(text).toMatch(/setup\.exe: Field Nation takes jpg/);
  expect(text).toMatch(/photo\.jpg: its content is a web page/);
  expect(text).toMatch(/gone\.gif: it is no longer there/);
  expect(text).not.toContain('full.pdf');
  expect(control.history().filter(({ path }) => path.includes('setup.exe'))).toHaveLength(0);
});

test('what Field Nation refuses is named too', async () => {
  const fault = { system: 'field-nation', path: 'uploadAttachment', kind: 'status', status: 400, times: 1 } as const;
  stack.sandbox.control.addFault(fault);
  const { id } = await dispatched({ attachments: [{ name: 'a.png', content: 'a' }] });
  await until('the note', () => notes(id).some(({ text }) => text.includes('a.png: Field Nation refused it (400)')));
});

test('switched off, no file is uploaded and none is asked for', async () => {
  stack.setConfig(CONFIG('attachments: false, notes: { toFieldNation: false }'));
  const { id, workOrderId } = await dispatched({ attachments: [{ name: 'a.png', content: 'a' }] });
  stack.sandbox.control.addNote(id, 'See the file.', { attachments: [{ name: 'b.png', content: 'b' }] });
  await quiet(id);
  expect(files(workOrderId)).toHaveLength(0);
});

test("the provider's files become attachments of one private note, once, although its answer was lost", async () => {
  stack.setConfig(DELIVERABLES);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatched({ attachments: [{ name: 'ours.png', content: 'ours' }] });
  await until('our file', () => files(workOrderId).length === 1);
  control.act(workOrderId, 'assign');
  control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'lost-answer', times: 1 });
  for (const n of [1, 2, 3]) {
    control.act(workOrderId, 'upload', { fileName: `photo-${n}.txt`, fileContent: `photo ${n} `.repeat(50_000) });
  }
  await until('the files', () => notes(id).flatMap((note) => note.files).length >= 3);
  await quiet(id);
  const brought = notes(id).flatMap((note) => note.files);
  expect(names(brought)).toEqual(['photo-1.txt', 'photo-2.txt', 'photo-3.txt']);
  expect(await (await fetch(brought[0]?.attachment_url ?? '')).text()).toBe('photo 1 '.repeat(50_000));
  expect(notes(id).every(({ text }) => text.includes(`FD-${stack.account}-${id}-1 deliverable`))).toBe(true);
  expect(files(workOrderId)).toHaveLength(1);
});

test('a file that the ticket cannot take, or that is not what its name says, is named with a link to its work order', async () => {
  stack.setConfig(DELIVERABLES);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatched();
  control.act(workOrderId, 'assign');
  control.act(workOrderId, 'upload', { fileName: 'plan.pdf', fileContent: '<!DOCTYPE html><p>a plan' });
  await until('the first note', () => notes(id).some(({ text }) => text.includes('plan.pdf')));
  control.act(workOrderId, 'upload', { fileName: 'film.mp4', fileContent: 'x'.repeat(20 * MB + 1) });
  await until('the note', () => notes(id).some(({ text }) => text.includes('film.mp4')));
  control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'status', status: 400, times: 1 });
  control.act(workOrderId, 'upload', { fileName: 'photo.jpg', fileContent: 'a photo' });
  await until('the next note', () => notes(id).some(({ text }) => text.includes('photo.jpg')));
  expect(notes(id).flatMap((note) => note.files)).toHaveLength(0);
  const bodies = control.conversations(id).map(({ body }) => String(body));
  expect(bodies.filter((body) => body.includes(`workorders/${workOrderId}`))).toHaveLength(3);
});

test('deliverables stay in Field Nation unless they are switched on', async () => {
  const { id, workOrderId } = await dispatched();
  stack.sandbox.control.act(workOrderId, 'assign');
  stack.sandbox.control.act(workOrderId, 'upload', { fileName: 'photo.jpg' });
  await quiet(id);
  expect(notes(id)).toHaveLength(0);
});
