/** What hostile or broken senders, lost answers and bad luck must not do to contacts. */
import type { ImportRow, ImportView } from '../../src/contract/contact';
import { contactsOf, type ContactDesk } from '../helpers/contacts';
import { startStack, type Stack, type StackOptions } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: ContactDesk;
async function begin(options: StackOptions = {}): Promise<void> {
  stack = await startStack(options);
  desk = contactsOf(stack);
}
afterEach(() => stack.stop());

const names = (entries: { outcome: string }[]): string[] => entries.map(({ outcome }) => outcome);
const ANN = { name: 'Ann Lee', email: 'ann@example.com' };
const key = (): string => Buffer.from(`${stack.secrets.writeKey}:`).toString('base64');
const post = (body: object): Promise<Response> =>
  fetch(`${stack.webUrl}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${key()}` },
    body: JSON.stringify(body),
  });
const idOf = async (who: string): Promise<string> => (await stack.outcomesOf(who)).runs[0]?.workflowId ?? '';

it('needs nobody any more when later events make the call needless', async () => {
  await begin();
  await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
  await desk.ended('u1', 1);
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
  await desk.identify({ ...ANN, title: 'CEO' }, { userId: 'u1' });
  await desk.attention('u1');
  await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
  stack.sandbox.control.clearFaults();
  await stack.client.workflow.getHandle(await idOf('u1')).signal('retry');
  expect(names(await desk.ended('u1', 3))).toEqual(['created', 'unchanged', 'unchanged']);
  const [run] = (await stack.outcomesOf('u1')).runs;
  expect(run).toMatchObject({ state: 'unchanged', attention: null });
});

it('keeps somebody known by phone alone one contact', async () => {
  await begin();
  const who = { email: 'not an address', phone: '07700 900123' };
  await desk.identify({ ...who, title: 'CTO' });
  const hash = (stack.judge({ type: 'identify', traits: { ...who, marketing_consent: true } }) as { hash: string })
    .hash;
  await stack.client.workflow.getHandle(`contact-${stack.account}-${hash}`).result();
  await desk.identify({ ...who, title: 'CEO' });
  await until('the second', () => desk.written('POST').length + desk.written('PUT').length === 2);
  expect(stack.sandbox.control.contacts().filter(({ phone }) => phone === '+447700900123')).toHaveLength(1);
});

const tiny = (userId: string): object => ({ type: 'identify', userId, traits: { marketing_consent: true } });

it.each([
  ['one contact', 1],
  ['a hundred contacts', 100],
])('takes thousands of tiny events of %s', async (_, people) => {
  await begin();
  const batch = Array.from({ length: 6500 }, (_, i) => tiny(`u${i % people}`));
  expect(JSON.stringify({ batch }).length).toBeLessThan(500_000);
  const response = await post({ batch });
  expect(response.status).toBe(200);
  await until(
    'the contact',
    () => stack.sandbox.control.contacts().some((c) => c.unique_external_id === 'u0'),
    undefined,
    120_000,
  );
});

it.each([
  ['direct', 0],
  ['stored', 40],
])('takes a user id with a hundred addresses (%s)', async (_, others) => {
  await begin();
  const batch = [
    ...Array.from({ length: 100 }, (_, i) => ({
      ...tiny('u1'),
      traits: { email: `a${i}@example.com`, marketing_consent: true },
    })),
    ...Array.from({ length: others }, (_, i) => tiny(`other${i}`)),
  ];
  const response = await post({ batch });
  expect(response.status).toBe(200);
  await until('the contact', () => stack.sandbox.control.contacts().some((c) => c.unique_external_id === 'u1'));
  if (others)
    await until('the last', () => stack.sandbox.control.contacts().some((c) => c.unique_external_id === 'other39'));
});

it.each([0, 'None', '(null)', '00000000-0000-0000-0000-000000000000'])(
  'takes user id %p for nobody',
  async (userId) => {
    await begin();
    await desk.identify(ANN, { userId });
    await desk.ended(ANN.email, 1);
    await desk.identify({ name: 'Bob', email: 'bob@example.com' }, { userId });
    await desk.ended('bob@example.com', 1);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ name: 'Ann Lee' }]);
  },
);

const row = (line: number, item: object): ImportRow => {
  const verdict = stack.judge(item);
  if (!('accepted' in verdict)) throw new Error(JSON.stringify(verdict));
  return { line, event: verdict.accepted };
};
async function imported(id: string, rows: ImportRow[]): Promise<ImportView> {
  await stack.imports.start(id, 1, rows);
  let view: (ImportView & { done: boolean }) | null = null;
  await until('the import', async () => (view = await stack.imports.progress(id, 1))?.done === true);
  return view as unknown as ImportView;
}
const person = (traits: object, more: object = {}): object => ({
  type: 'identify',
  traits: { marketing_consent: true, ...traits },
  ...more,
});

it('does not make one person of two in an import who share an address', async () => {
  await begin();
  const signUp = (userId: string, name: string): object => ({
    ...person({ name, email: ANN.email }, { userId }),
    type: 'track',
    event: 'Signed Up',
  });
  const view = await imported('i8', [row(2, signUp('u1', 'Ann')), row(3, signUp('u2', 'Bob'))]);
  expect(names(view.rows)).toEqual(['created', 'already-exists']);
  expect(desk.contactsOf(ANN.email)).toMatchObject([{ name: 'Ann', unique_external_id: 'u1' }]);
});

it('knows a contact still after its run was terminated', async () => {
  await begin();
  await desk.identify({ name: 'Ann' }, { userId: 'u1' });
  await desk.ended('u1', 1);
  const fault = stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 500 });
  await desk.identify({ name: 'Ann', title: 'A' }, { userId: 'u1' });
  const id = await idOf('u1');
  await until('a try', () => stack.calls('GET /contacts/:id') > 0);
  await stack.client.workflow.getHandle(id).terminate();
  stack.sandbox.control.clearFaults(fault);
  await desk.identify({ name: 'Ann', title: 'B' }, { userId: 'u1' });
  await until('the update', () => stack.sandbox.control.contacts().some((contact) => contact.job_title === 'B'));
});

it('goes on as a new run while it waits for a person', async () => {
  await begin();
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
  await desk.identify(ANN, { userId: 'u1' });
  await desk.attention('u1');
  const handle = stack.client.workflow.getHandle(await idOf('u1'));
  const first = (await handle.describe()).runId;
  const batch = (n: number): object[] =>
    Array.from({ length: 450 }, (_, i) => ({
      ...tiny('u1'),
      messageId: `${n}-${i}`,
      traits: { title: 'x'.repeat(250), marketing_consent: true },
    }));
  for (let n = 0; n < 16; n++) expect((await post({ batch: batch(n) })).status).toBe(200);
  await until('a new run', async () => (await handle.describe()).runId !== first);
});
