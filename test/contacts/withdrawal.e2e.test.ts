/** Who says no, and who is somebody else: against the real Temporal server and the sandbox. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { taskQueues } from '../../src/contract/names';
import { createContactKeys } from '../../src/temporal/contact-keys';
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

const ANN = { name: 'Ann Lee', email: 'ann@example.com' };
const NO = { context: { consent: { marketing: false } } };
const names = (entries: { outcome: string }[]): string[] => entries.map(({ outcome }) => outcome);
const tagsOf = (email: string): unknown => desk.contactsOf(email)[0]?.tags;
const no = (traits: object, more: object = {}): Promise<Record<string, unknown>> =>
  desk.identify({ ...traits, marketing_consent: null }, { ...NO, ...more });
const at = (seconds: number): string => new Date(Date.parse('2026-03-01T00:00:00Z') + seconds * 1000).toISOString();

describe('a contact with another user id', () => {
  beforeEach(() => begin());

  it('is never overwritten by an event with its address: the run ends as conflict and says why', async () => {
    await desk.identify({ ...ANN, phone: '07700 900123' }, { userId: 'victim-31' });
    await desk.ended('victim-31', 1);
    await desk.identify({ ...ANN, name: 'Eve', phone: '07700 900999' }, { userId: 'attacker-31' });
    const [entry] = await desk.ended('attacker-31', 1);
    expect(entry).toMatchObject({ outcome: 'conflict', detail: expect.stringMatching(/another user id/) });
    await desk.identify({ name: 'Eve', email: 'eve@attacker.example' }, { userId: 'attacker-31' });
    await desk.ended('attacker-31', 2);
    expect(desk.contactsOf(ANN.email)).toMatchObject([
      { name: 'Ann Lee', phone: '+447700900123', unique_external_id: 'victim-31' },
    ]);
    expect(desk.contactsOf('eve@attacker.example')).toMatchObject([{ unique_external_id: 'attacker-31' }]);
  });

  it('keeps its tag when somebody else withdraws consent with its address', async () => {
    await desk.identify(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    await no({ email: ANN.email }, { userId: 'u2' });
    const [entry] = await desk.ended('u2', 1);
    expect(entry).toMatchObject({ outcome: 'conflict', detail: expect.stringMatching(/another user id/) });
    expect(tagsOf(ANN.email)).toEqual(['marketing-consent']);
  });
});

describe('another address of a known person', () => {
  const second = async (newEmail: string): Promise<string[]> => {
    await begin({ config: `contacts: { mergeWindow: 0s, newEmail: ${newEmail} }\n` });
    await desk.identify(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    await desk.identify({ email: 'ann.roe@example.com' }, { userId: 'u1' });
    return names(await desk.ended('u1', 2));
  };
  const contact = (): unknown => stack.sandbox.control.contacts().find((one) => one.unique_external_id === 'u1');

  it('replaces the main one only where the config says so', async () => {
    expect(await second('replace')).toEqual(['created', 'updated']);
    expect(contact()).toMatchObject({ email: 'ann.roe@example.com', other_emails: [] });
  });

  it('is a conflict where the config says so', async () => {
    expect(await second('conflict')).toEqual(['created', 'conflict']);
    expect(contact()).toMatchObject({ email: ANN.email, other_emails: [] });
  });
});

it('keeps the company of a contact that has one, and says so', async () => {
  await begin();
  const { control } = stack.sandbox;
  control.createTicket({ requester: ANN, company: { name: 'First' } });
  control.createTicket({ requester: { name: 'Bob', email: 'bob@example.com' }, company: { name: 'Second' } });
  const [first, second] = [ANN.email, 'bob@example.com'].map((email) => desk.contactsOf(email)[0]?.company_id);
  await desk.identify({ ...ANN, company_id: second }, { userId: 'u1' });
  const [entry] = await desk.ended('u1', 1);
  expect(entry).toMatchObject({ outcome: 'updated', notes: [expect.stringMatching(/^company_id: .*left out/)] });
  expect(desk.contactsOf(ANN.email)).toMatchObject([{ company_id: first }]);
});

describe('a withdrawal', () => {
  it('takes the tag off, whoever of the two identifiers it carries, and makes nobody', async () => {
    await begin();
    await desk.existing({ ...ANN, tags: ['VIP', 'Marketing-Consent'] });
    const answer = await no({ email: ANN.email }, { userId: 'u1' });
    expect(answer).toMatchObject({ outcome: 'dropped', reason: 'no-consent', notes: ['withdrawal'] });
    expect(names(await desk.ended(ANN.email, 1))).toEqual(['withdrawn']);
    expect(tagsOf(ANN.email)).toEqual(['VIP']);
    await no({ email: 'nobody@example.com' });
    expect(names(await desk.ended('nobody@example.com', 1))).toEqual(['unchanged']);
    expect(desk.contactsOf('nobody@example.com')).toEqual([]);
    expect(desk.written('POST')).toEqual([]);
  });

  it('ends what waits for a person: nothing of it is sent once the key is right', async () => {
    await begin();
    const fault = stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
    await desk.identify(ANN, { userId: 'u1' });
    await desk.attention('u1');
    await no({}, { userId: 'u1' });
    stack.sandbox.control.clearFaults(fault);
    const [run] = (await stack.outcomesOf('u1')).runs;
    // The withdrawal itself may have ended the run already.
    await stack.client.workflow
      .getHandle(run?.workflowId ?? '')
      .signal('retry')
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    expect(names(await desk.ended('u1', 2))).toEqual(['withdrawn', 'unchanged']);
    expect(desk.contactsOf(ANN.email)).toEqual([]);
  });

  it('ends a call that is tried again under another identifier, too', async () => {
    await begin();
    const fault = stack.sandbox.control.addFault({
      system: 'freshdesk',
      path: 'createContact',
      kind: 'status',
      status: 500,
    });
    await desk.identify(ANN, { userId: 'u1' });
    await until('a try', () => stack.hasFaultHit());
    await no({ email: ANN.email });
    await desk.ended(ANN.email, 1);
    stack.sandbox.control.clearFaults(fault);
    expect(names(await desk.ended('u1', 1))).toEqual(['withdrawn']);
    expect(desk.contactsOf(ANN.email)).toEqual([]);
  });

  it('wins over a yes that is older and comes later, and loses against a newer one', async () => {
    await begin();
    await desk.identify(ANN, { userId: 'u1', timestamp: at(10) });
    await desk.ended('u1', 1);
    await no({ email: ANN.email }, { timestamp: at(20) });
    await desk.ended(ANN.email, 1);
    expect(tagsOf(ANN.email)).toEqual([]);
    await until('the run of the user id to know', async () => (await stack.outcomesOf('u1')).runs.length >= 2);
    await desk.identify({ ...ANN, title: 'Old' }, { userId: 'u1', timestamp: at(15) });
    expect(names(await desk.ended('u1', 2)).at(-1)).toBe('withdrawn');
    await desk.identify({ ...ANN, title: 'New' }, { userId: 'u1', timestamp: at(30) });
    await until('the newer yes', () => desk.contactsOf(ANN.email)[0]?.job_title === 'New');
    expect(tagsOf(ANN.email)).toEqual(['marketing-consent']);
    await no({ email: ANN.email }, { timestamp: at(25) });
    await until('the older no', async () =>
      (await stack.outcomesOf(ANN.email)).runs.some(({ events }) =>
        events.some(({ outcome }) => outcome === 'unchanged'),
      ),
    );
    expect(tagsOf(ANN.email)).toEqual(['marketing-consent']);
  });

  it('holds against rows of an import, and an import can bring one', async () => {
    await begin();
    await no({ email: ANN.email }, { timestamp: at(20) });
    await desk.ended(ANN.email, 1);
    const row = (line: number, item: object): ImportRow => {
      const verdict = stack.judge({ type: 'identify', ...item });
      const event =
        'accepted' in verdict ? verdict.accepted : 'dropped' in verdict ? verdict.withdrawal?.events[0] : null;
      if (!event) throw new Error(JSON.stringify(verdict));
      return { line, event };
    };
    const yes = (email: string, seconds: number): object => ({
      ...{ traits: { email, marketing_consent: 'true' }, timestamp: at(seconds) },
    });
    await desk.existing({ name: 'Bob', email: 'bob@example.com', tags: ['marketing-consent'] });
    await stack.imports.start('i1', 1, [
      row(2, yes(ANN.email, 10)),
      row(3, { traits: { email: 'bob@example.com', marketing_consent: 'false' }, timestamp: at(20) }),
      row(4, yes('bob@example.com', 10)),
      row(5, yes('cy@example.com', 10)),
    ]);
    let view: (ImportView & { done: boolean }) | null = null;
    await until('the import', async () => (view = await stack.imports.progress('i1', 1))?.done === true);
    expect(names((view as unknown as ImportView).rows)).toEqual(['withdrawn', 'withdrawn', 'withdrawn', 'created']);
    expect(desk.contactsOf(ANN.email)).toEqual([]);
    expect(tagsOf('bob@example.com')).toEqual([]);
    await desk.identify({ email: 'bob@example.com' }, { timestamp: at(15) });
    expect(names(await desk.ended('bob@example.com', 1)).at(-1)).toBe('withdrawn');
  });
});

it('goes on in the run that waits under an older key, and finds outcomes under it', async () => {
  await begin({ hashKeys: ['newer-key-of-the-test', 'older-key-of-the-test'] });
  const older = createContactKeys('older-key-of-the-test', stack.account);
  const newer = createContactKeys('newer-key-of-the-test', stack.account);
  const verdict = stack.judge({ type: 'identify', userId: 'u1', traits: { ...ANN, marketing_consent: true } });
  if (!('accepted' in verdict)) throw new Error('dropped');
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
  const ids = [older.identifier('user', 'u1'), older.identifier('email', ANN.email)];
  await stack.client.workflow.signalWithStart('contactSync', {
    ...{
      workflowId: `contact-${stack.account}-${ids[0]}`,
      taskQueue: taskQueues(stack.account).workflows,
      args: [],
      signal: 'contactEvents',
    },
    signalArgs: [[{ ...verdict.accepted, ids }]],
  });
  await desk.attention('u1');
  await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
  stack.sandbox.control.clearFaults();
  await stack.client.workflow.getHandle(`contact-${stack.account}-${ids[0]}`).signal('retry');
  expect(names(await desk.ended('u1', 2))).toEqual(['created', 'created']);
  expect(desk.contactsOf(ANN.email)).toMatchObject([{ job_title: 'CTO' }]);
  await desk.identify({ ...ANN, title: 'CEO' }, { userId: 'u1' });
  const runs = async (): Promise<string[]> => (await stack.outcomesOf('u1')).runs.map(({ workflowId }) => workflowId);
  await until('a run under the newer key', async () =>
    (await runs()).some((id) => id.endsWith(newer.identifier('user', 'u1'))),
  );
  expect(names(await desk.ended(ANN.email, 3))).toEqual(['created', 'created', 'updated']);
});

it('takes signals that somebody types, with nothing or nonsense in them, and goes on', async () => {
  await begin();
  const workflowId = `contact-${stack.account}-${'0'.repeat(32)}`;
  const handle = await stack.client.workflow.start('contactSync', {
    workflowId,
    taskQueue: taskQueues(stack.account).workflows,
    args: [],
  });
  for (const args of [[], [null], [{}], [[{}, null, 7, { key: 'x' }]]]) await handle.signal('contactEvents', ...args);
  await handle.signal('retry');
  const verdict = stack.judge({ type: 'identify', userId: 'u1', traits: { ...ANN, marketing_consent: true } });
  await handle.signal('contactEvents', [(verdict as { accepted: object }).accepted]);
  expect(await handle.result()).toMatchObject({ state: 'created', account: stack.account });
  const { events = [] } = await handle.fetchHistory();
  expect(events?.filter(({ workflowTaskFailedEventAttributes: failed }) => failed)).toEqual([]);
  for (const type of ['contactImport', 'contactReplay']) {
    const bare = await stack.client.workflow.start(type, {
      workflowId: `${type}-${stack.account}-x`,
      taskQueue: taskQueues(stack.account).workflows,
      args: [],
    });
    await expect(bare.result()).rejects.toThrow(/execution failed/);
  }
});
