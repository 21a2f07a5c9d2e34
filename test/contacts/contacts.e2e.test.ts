/** Product events over HTTP until they stand in Freshdesk, against the real Temporal server and the sandbox. */
import { queryOf } from '../../src/temporal/index/query';
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

describe('a sign-up', () => {
  beforeEach(() => begin());

  it('becomes exactly the documented contact, found by either identifier', async () => {
    await desk.send('track', {
      event: 'Signed Up',
      userId: 'usr_123',
      properties: { method: 'email' },
      traits: { name: 'John Doe', email: 'John.Doe@example.com', phone: '07700 900123', title: 'Engineer' },
      context: { consent: { categoryPreferences: { marketing: true } } },
    });
    expect(names(await desk.ended('usr_123', 1))).toEqual(['created']);
    expect(desk.written('POST')).toEqual([
      {
        name: 'John Doe',
        email: 'john.doe@example.com',
        phone: '+447700900123',
        unique_external_id: 'usr_123',
        job_title: 'Engineer',
        tags: ['marketing-consent'],
        custom_fields: { signup_method: 'email' },
      },
    ]);
    expect(names(await desk.ended('John.Doe@Example.com', 1))).toEqual(['created']);
  });

  it('leaves a contact that is there already as it is', async () => {
    await desk.signUp(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    await desk.signUp({ ...ANN, name: 'Other', title: 'Boss' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 2))).toEqual(['created', 'already-exists']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ name: 'Ann Lee', job_title: null }]);
    expect(desk.written('PUT')).toEqual([]);
  });

  it('leaves out a phone number that is none, and says so without repeating it', async () => {
    await desk.signUp({ ...ANN, phone: '12' });
    const [entry] = await desk.ended(ANN.email, 1);
    expect(entry).toMatchObject({ outcome: 'created', notes: [expect.stringMatching(/^phone: .*GB/)] });
    expect(desk.written('POST')).toEqual([{ ...ANN, tags: ['marketing-consent'] }]);
  });
});

describe('an identified person', () => {
  beforeEach(() => begin());

  it('updates the holder of the e-mail: tags are united, a given name is kept, other fields stay', async () => {
    const { id } = await desk.existing({
      name: 'Ann',
      email: ANN.email,
      tags: ['VIP', 'Marketing-Consent'],
      address: 'Here 1',
    });
    await desk.identify({ email: ' Ann@Example.com ', title: 'CTO' }, { userId: 'u1' });
    const [entry] = await desk.ended('u1', 1);
    expect(entry).toMatchObject({ outcome: 'updated', detail: null });
    expect(stack.sandbox.control.contact(id)).toMatchObject({
      name: 'Ann',
      address: 'Here 1',
      job_title: 'CTO',
      unique_external_id: 'u1',
      tags: ['VIP', 'Marketing-Consent'],
    });
    expect(stack.calls('PUT /contacts/:id')).toBe(1);
  });

  it('is updated directly the second time, also under a new e-mail', async () => {
    await desk.identify(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    stack.sandbox.control.clearHistory();
    await desk.identify({ name: 'Ann Roe', email: 'ann.roe@example.com' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 2))).toEqual(['created', 'updated']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([
      { name: 'Ann Roe', unique_external_id: 'u1', other_emails: ['ann.roe@example.com'] },
    ]);
    expect(stack.calls('POST /contacts')).toBe(0);
  });

  it('ends as unchanged without a call while nothing is new, and is sent again when something is', async () => {
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    await desk.ended('u1', 1);
    stack.sandbox.control.clearHistory();
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    await desk.identify(ANN, { userId: 'u1' });
    expect(names(await desk.ended('u1', 3))).toEqual(['created', 'unchanged', 'unchanged']);
    expect(stack.sandbox.control.history()).toEqual([]);
    await desk.identify({ ...ANN, title: 'CEO' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 4))[3]).toBe('updated');
  });

  it('is a repeat when its message id was seen before, in this run or an earlier one', async () => {
    const message = { messageId: 'once', userId: 'u1' };
    await desk.identify(ANN, message);
    await desk.ended('u1', 1);
    await desk.identify({ ...ANN, title: 'Later' }, message);
    expect(names(await desk.ended('u1', 2))).toEqual(['created', 'duplicate']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ job_title: null }]);
  });

  it('is not sent to a contact that an agent gave to somebody else since', async () => {
    await desk.identify(ANN, { userId: 'u1' });
    await desk.ended('u1', 1);
    const [{ id } = {}] = desk.contactsOf(ANN.email);
    const body = JSON.stringify({ name: 'Bob', email: 'bob@example.com', unique_external_id: 'u2' });
    const { freshdeskUrl } = stack.sandbox;
    const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa('freshdesk-key:X')}` };
    await fetch(`${freshdeskUrl}/api/v2/contacts/${id as number}`, { method: 'PUT', headers, body });
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 2))).toEqual(['created', 'created']);
    expect(stack.sandbox.control.contact(id as number)).toMatchObject({ name: 'Bob', job_title: null });
  });

  it('never gets anything nested, nor a field that nobody mapped', async () => {
    await desk.identify(
      { ...ANN, title: { nested: 1 }, plan: 'pro', address: { city: 'x' }, company_id: [1] },
      { userId: 'u1' },
    );
    await desk.ended('u1', 1);
    expect(desk.written('POST')).toEqual([{ ...ANN, unique_external_id: 'u1', tags: ['marketing-consent'] }]);
  });
});

describe('a value that somebody else holds', () => {
  beforeEach(() => begin());
  const conflict = (pattern: RegExp) => ({ outcome: 'conflict', detail: expect.stringMatching(pattern) });

  it('deleted: ends with that reason', async () => {
    const { id } = await desk.existing({ name: 'Old', email: ANN.email });
    await desk.freshdesk('DELETE', `/contacts/${id}`);
    await desk.identify(ANN);
    expect(await desk.ended(ANN.email, 1)).toMatchObject([conflict(/deleted/)]);
  });

  it('an agent: ends with that reason', async () => {
    await desk.identify({ name: 'Robin', email: 'robin@acme.example' });
    expect(await desk.ended('robin@acme.example', 1)).toMatchObject([conflict(/agent/)]);
    expect(stack.calls('PUT /contacts/:id')).toBe(0);
  });

  it('blocked: ends with that reason', async () => {
    await desk.existing({ name: 'Old', email: ANN.email });
    stack.sandbox.control.addFault({
      system: 'freshdesk',
      path: 'updateContact',
      kind: 'status',
      status: 405,
      times: 1,
    });
    await desk.identify(ANN);
    expect(await desk.ended(ANN.email, 1)).toMatchObject([conflict(/blocked/)]);
  });

  it.each([
    ['the user id', { unique_external_id: 'u1' }, {}, /unique_external_id/],
    ['the phone', { phone: '+447700900123' }, { uniquePhone: true }, /phone/],
  ])('%s: nobody is overwritten', async (_, held, knobs, pattern) => {
    stack.sandbox.control.setKnobs({ freshdesk: knobs });
    const { id } = await desk.existing({ name: 'Somebody', ...held });
    await desk.signUp({ ...ANN, phone: '07700 900123' }, { userId: 'u1' });
    await desk.identify({ ...ANN, phone: '07700 900123' }, { userId: 'u1' });
    expect(await desk.ended('u1', 2)).toMatchObject([conflict(pattern), conflict(pattern)]);
    expect(stack.sandbox.control.contact(id)).toMatchObject({ name: 'Somebody', email: null });
    expect(desk.written('PUT')).toEqual([]);
  });

  it('two values of two people: nobody is overwritten', async () => {
    await desk.existing({ name: 'First', email: ANN.email });
    await desk.existing({ name: 'Second', email: 'second@example.com', unique_external_id: 'u1' });
    await desk.identify(ANN, { userId: 'u1' });
    expect(await desk.ended('u1', 1)).toMatchObject([conflict(/email and unique_external_id/)]);
    expect(desk.written('PUT')).toEqual([]);
  });

  it('e-mail and user id of the same contact: that is the person, as after an import', async () => {
    const { id } = await desk.existing({ name: 'Ann Lee', email: ANN.email, unique_external_id: 'u1' });
    await desk.signUp(ANN, { userId: 'u1' });
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 2))).toEqual(['already-exists', 'updated']);
    expect(stack.sandbox.control.contact(id)).toMatchObject({ job_title: 'CTO' });
    expect(desk.contactsOf(ANN.email)).toHaveLength(1);
  });

  it('is looked up when the answer does not name the holder', async () => {
    stack.sandbox.control.setKnobs({ freshdesk: { conflictNamesHolder: false } });
    await desk.existing({ name: 'Ann', email: ANN.email });
    await desk.identify({ ...ANN, title: 'CTO' });
    expect(names(await desk.ended(ANN.email, 1))).toEqual(['updated']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ job_title: 'CTO' }]);
  });
});

describe('events close together', () => {
  it('of one person become one call, later values winning', async () => {
    await begin({ config: 'contacts: { mergeWindow: 5s }\n' });
    const batch = [
      { type: 'identify', userId: 'u1', messageId: 'a', traits: { ...ANN, marketing_consent: true } },
      {
        type: 'track',
        event: 'Signed Up',
        userId: 'u1',
        messageId: 'b',
        properties: { method: 'sso' },
        traits: { marketing_consent: true },
      },
    ];
    await Promise.all([
      desk.send('batch', { batch }),
      desk.identify({ title: 'CTO' }, { userId: 'u1' }),
      desk.identify({ email: 'ann@example.com' }, { userId: 'u1' }),
    ]);
    expect(names(await desk.ended('u1', 4))).toEqual(['created', 'created', 'created', 'created']);
    expect(desk.written('POST')).toEqual([
      {
        ...ANN,
        unique_external_id: 'u1',
        job_title: 'CTO',
        tags: ['marketing-consent'],
        custom_fields: { signup_method: 'sso' },
      },
    ]);
  });

  it('let a sign-up leave alone what an identify call may change', async () => {
    await begin({ config: 'contacts: { mergeWindow: 5s }\n' });
    await desk.existing({ name: 'Ann', email: ANN.email, job_title: 'Old' });
    await Promise.all([
      desk.signUp({ ...ANN, title: 'From sign-up' }),
      desk.identify({ email: ANN.email, company_id: 'x' }),
    ]);
    expect(names(await desk.ended(ANN.email, 2)).sort()).toEqual(['already-exists', 'updated']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ name: 'Ann', job_title: 'Old', tags: ['marketing-consent'] }]);
  });

  it('at the very same moment, under different identifiers, make one contact', async () => {
    await begin();
    await Promise.all([desk.signUp(ANN), desk.identify(ANN, { userId: 'u1' })]);
    await desk.ended(ANN.email, 2);
    expect(desk.contactsOf(ANN.email)).toHaveLength(1);
  });
});

describe('when Freshdesk does not answer well', () => {
  beforeEach(() => begin({ contactPolicy: { slowRetry: { first: 100, most: 200 } } }));

  it('takes what an unanswered attempt made for its own', async () => {
    stack.sandbox.control.addFault({ system: 'freshdesk', path: 'createContact', kind: 'lost-answer', times: 1 });
    await desk.identify({ ...ANN, phone: '07700 900123' }, { userId: 'u1' });
    expect(names(await desk.ended('u1', 1))).toEqual(['created']);
    expect(desk.contactsOf(ANN.email)).toHaveLength(1);
    expect(desk.written('PUT')).toEqual([]);
  });

  it('tries again after 500 and 429, and does nothing twice', async () => {
    const { control } = stack.sandbox;
    for (const status of [500, 503, 429]) {
      const fault = {
        system: 'freshdesk',
        kind: 'status',
        status,
        times: 1,
        ...(status === 429 ? { retryAfter: '1' } : {}),
      } as const;
      control.addFault(fault);
    }
    await desk.identify(ANN, { userId: 'u1' });
    expect(names(await desk.ended('u1', 1))).toEqual(['created']);
    expect(desk.contactsOf(ANN.email)).toHaveLength(1);
  });

  it('names field, message, code and remedy when it refuses a value, and does not try again', async () => {
    stack.setConfig('contacts: { mergeWindow: 0s, customFields: { no_such_field: properties.method } }\n');
    await desk.signUp(ANN, { properties: { method: 'email' } });
    const [entry] = await desk.ended(ANN.email, 1);
    expect(entry).toMatchObject({
      outcome: 'rejected',
      detail: expect.stringMatching(/no_such_field.*invalid_field.*contacts\.customFields/),
    });
    expect(stack.calls('POST /contacts')).toBe(1);
  });

  it.each([
    [401, 'unauthorized', /FRESHDESK_API_KEY/],
    [403, 'unauthorized', /FRESHDESK_API_KEY.*right/],
    [404, 'not-found', /FRESHDESK_DOMAIN/],
  ])('waits for a person after %s and goes on by itself once it is mended', async (status, reason, remedy) => {
    const fault = stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status });
    await desk.identify(ANN, { userId: 'u1' });
    expect(await desk.attention('u1')).toMatchObject({ reason, remedy: expect.stringMatching(remedy) });
    await desk.identify({ ...ANN, title: 'CTO' }, { userId: 'u1' });
    const tries = (): number => stack.sandbox.control.faults()[0]?.hits ?? 0;
    const before = tries();
    // The first may still be that of the first event alone.
    await until('a try with both', () => tries() >= before + 2);
    stack.sandbox.control.clearFaults(fault);
    expect(names(await desk.ended('u1', 2))).toEqual(['created', 'created']);
    expect(desk.contactsOf(ANN.email)).toMatchObject([{ job_title: 'CTO' }]);
  });
});

it('goes on after `temporal workflow signal … --name retry`, and attention is unset then', async () => {
  await begin();
  stack.sandbox.control.addFault({ id: 'key', system: 'freshdesk', kind: 'status', status: 401 });
  await desk.identify(ANN, { userId: 'u1' });
  await desk.attention('u1');
  const [{ workflowId = '' } = {}] = (await stack.outcomesOf('u1')).runs;
  const shows = async (query: string): Promise<number> =>
    (await stack.client.workflow.count(`WorkflowId = '${workflowId}' AND ${query}`)).count;
  await until('the search attribute', async () => (await shows(`DeskbridgeAttention = 'unauthorized'`)) === 1);
  stack.sandbox.control.clearFaults();
  await stack.client.workflow.getHandle(workflowId).signal('retry');
  expect(names(await desk.ended('u1', 1))).toEqual(['created']);
  await until('the search attribute to go', async () => (await shows('DeskbridgeAttention IS NULL')) === 1);
});

it('stores a large batch in one piece and hands every event to its contact', async () => {
  await begin();
  const batch = Array.from({ length: 150 }, (_, i) => ({
    type: 'identify',
    userId: `u${i % 100}`,
    messageId: `m${i}`,
    traits: { email: `u${i % 100}@example.com`, name: `N${i}`, marketing_consent: true },
  }));
  const { results } = await desk.send('batch', { batch });
  expect(new Set((results as { status: string }[]).map(({ status }) => status))).toEqual(new Set(['accepted']));
  await until(
    'all contacts',
    () => stack.sandbox.control.contacts().filter(({ name }) => /^N\d/.test(String(name))).length === 100,
  );
  expect((await desk.ended('u7', 2)).length).toBe(2);
  expect(desk.contactsOf('u7@example.com')).toMatchObject([{ name: 'N107' }]);
});

it('says nothing personal in ids, search attributes and memos', async () => {
  await begin();
  await desk.identify(
    { name: 'Canary Person', email: 'canary@example.com', phone: '07700 900123' },
    { userId: 'canary-id' },
  );
  await desk.ended('canary-id', 1);
  for await (const run of stack.client.workflow.list({ query: queryOf(stack.account, { kind: 'contactSync' }) })) {
    const shown = JSON.stringify([run.workflowId, run.memo, run.searchAttributes, run.typedSearchAttributes]);
    // Not the bare digits: keyed hashes and numbers of contacts may hold any four.
    expect(shown).not.toMatch(/canary|7700.?900123/i);
  }
});
