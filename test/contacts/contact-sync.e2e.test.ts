/** The contact's run itself: what it carries on, what it forgets, and that every event has exactly one end. */
import fc from 'fast-check';
import type { ContactView } from '../../src/contract/contact';
import { contactsOf, type ContactDesk } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: ContactDesk;
afterEach(() => stack.stop());

const begin = async (options: Parameters<typeof startStack>[0]): Promise<void> => {
  // Every task replays: what is not deterministic shows.
  stack = await startStack({ cachedRuns: 0, ...options });
  desk = contactsOf(stack);
};

/** What the runs of all contacts have ended with; nothing while one is open. */
const runs = async (): Promise<ContactView[]> => {
  const query = `WorkflowType = 'contactSync' AND WorkflowId STARTS_WITH 'contact-${stack.account}-'`;
  const views: ContactView[] = [];
  for await (const { workflowId, runId, status } of stack.client.workflow.list({ query })) {
    if (status.name === 'CONTINUED_AS_NEW') continue;
    if (status.name !== 'COMPLETED') return [];
    views.push((await stack.client.workflow.getHandle(workflowId, runId).result()) as ContactView);
  }
  return views;
};
const endings = async (): Promise<number> => (await runs()).reduce((sum, { events }) => sum + events.length, 0);

it('loses no event and doubles none while it continues as new again and again', async () => {
  await begin({ contactPolicy: { turnsPerRun: 1 }, config: 'contacts: { mergeWindow: 0s, unchangedWindow: 0s }\n' });
  const count = 30;
  for (let i = 0; i < count; i++) {
    await desk.identify({ email: 'ann@example.com', name: `Ann ${i}` }, { userId: 'u1', messageId: `m${i % 20}` });
  }
  await until('all ends', async () => (await endings()) >= count);
  // The ten repeats are known whatever run they came to.
  const outcomes = (await runs()).flatMap(({ events }) => events.map(({ outcome }) => outcome));
  expect(outcomes).toHaveLength(count);
  expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(10);
  expect(desk.contactsOf('ann@example.com')).toMatchObject([{ name: 'Ann 19' }]);
});

it('keeps hundreds of events that come while a person lets it wait, in bounded memory', async () => {
  await begin({});
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 401 });
  await desk.identify({ email: 'ann@example.com', name: 'Ann' }, { userId: 'u1' });
  await desk.attention('u1');
  const batch = (from: number): object[] =>
    Array.from({ length: 100 }, (_, i) => ({
      type: 'identify',
      userId: 'u1',
      messageId: `late${from + i}`,
      traits: { email: 'ann@example.com', title: `Title ${from + i}`, marketing_consent: true },
    }));
  for (const from of [0, 100, 200]) await desk.send('batch', { batch: batch(from) });
  stack.sandbox.control.clearFaults();
  const [{ workflowId = '' } = {}] = (await stack.outcomesOf('u1')).runs;
  await stack.client.workflow.getHandle(workflowId).signal('retry');
  const entries = await desk.ended('u1', 100);
  expect(entries.every(({ outcome }) => outcome === 'created')).toBe(true);
  const counted = await stack.metrics.registry.getSingleMetricAsString('deskbridge_contact_outcomes_total');
  expect(counted).toContain('{outcome="created"} 301');
  expect(desk.contactsOf('ann@example.com')).toMatchObject([{ name: 'Ann', job_title: 'Title 299' }]);
  expect(stack.calls('POST /contacts')).toBe(2);
});

it('over random events: none without name or consent leaves, each accepted one ends once, each dropped one is counted once', async () => {
  await begin({ cachedRuns: 500 });
  const people = fc.integer({ min: 0, max: 5 });
  const trait = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.object());
  const call = fc.record(
    {
      type: fc.constantFrom('identify', 'track', 'page', 'group', 'alias'),
      event: fc.constantFrom('Signed Up', 'Identified', 'Clicked'),
      userId: fc.option(
        people.map((n) => `u${n}`),
        { nil: undefined },
      ),
      traits: fc.record(
        {
          email: fc.oneof(
            people.map((n) => `u${n}@example.com`),
            trait,
          ),
          name: trait,
          phone: fc.oneof(
            people.map((n) => `07700 90000${n}`),
            trait,
          ),
          title: trait,
          company_id: trait,
          plan: trait,
          marketing_consent: fc.constantFrom(true, true, true, false, 'true', null),
        },
        { requiredKeys: [] },
      ),
      properties: fc.record({ method: trait }, { requiredKeys: [] }),
      context: fc.record(
        { consent: fc.constantFrom({ marketing: true }, { marketing: false }, {}, null) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['type', 'event'] },
  );
  const calls = fc.sample(call, { numRuns: 600, seed: 4711 }).map((item, i) => ({ ...item, messageId: `m${i}` }));
  const results: { status: string; reason?: string; notes?: string[] }[] = [];
  for (let at = 0; at < calls.length; at += 30) {
    const answer = await desk.send('batch', { batch: calls.slice(at, at + 30) });
    results.push(...(answer.results as typeof results));
  }
  const count = async (metric: string): Promise<Map<string, number>> => {
    const { values } = await stack.metrics.registry.getSingleMetric(metric)!.get();
    return new Map(values.map(({ labels, value }) => [Object.values(labels).filter(Boolean).join(' '), value]));
  };
  const expected = new Map<string, number>();
  for (const { status, reason } of results) {
    const key = [status, reason].filter(Boolean).join(' ');
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  expect(await count('deskbridge_events_total')).toEqual(expected);
  // A withdrawal is dropped, and has an end in its contact's run as well.
  const withdrawals = results.filter(({ notes = [] }) => notes.includes('withdrawal')).length;
  const accepted = (expected.get('accepted') ?? 0) + withdrawals;
  expect(withdrawals).toBeGreaterThan(10);
  expect(accepted).toBeGreaterThan(70);
  await until('one end for each accepted event', async () => (await endings()) >= accepted);
  expect(await endings()).toBe(accepted);

  const KNOWN = [
    'name',
    'email',
    'phone',
    'unique_external_id',
    'job_title',
    'company_id',
    'tags',
    'custom_fields',
    'other_emails',
  ];
  const isWithdrawal = (body: object): boolean => Object.keys(body).join() === 'tags';
  const written = [...desk.written('POST'), ...desk.written('PUT')] as Record<string, unknown>[];
  for (const body of written.filter((one) => !isWithdrawal(one))) {
    expect(body.name).toEqual(expect.stringMatching(/\S/));
    expect(body.tags).toContain('marketing-consent');
    for (const [key, value] of Object.entries(body)) {
      expect(KNOWN).toContain(key);
      if (key === 'custom_fields') expect(Object.keys(value as object)).toEqual(['signup_method']);
      else if (key !== 'tags' && key !== 'other_emails') expect(typeof value).toMatch(/^(string|number)$/);
    }
  }
  const emails = stack.sandbox.control
    .contacts()
    .map(({ email }) => email)
    .filter((email) => email !== null);
  expect(new Set(emails).size).toBe(emails.length);
});
