/** Sending again what Freshdesk refused, once the config is right: over HTTP, against the real Temporal server. */
import { contactsOf } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    config:
      'contacts: { mergeWindow: 0s, customFields: { no_such_field: properties.method, signup_method: properties.method } }\n',
  });
});
afterAll(() => stack.stop());

interface Answer {
  contacts: number;
  events: number;
  newer: number;
  withdrawn: number;
  again: number;
  run: string | null;
}

const replay = async (dryRun: boolean): Promise<Answer> => {
  const response = await fetch(`${stack.webUrl}/api/contacts/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome: 'rejected', since: '1h', dryRun }),
  });
  expect(response.status).toBe(202);
  return (await response.json()) as Answer;
};

it('sends each once; a withdrawal and a newer event win; asked for again, nothing is left', async () => {
  const desk = contactsOf(stack);
  const count = 60;
  const email = (n: number): string => `p${n}@example.com`;
  const batch = Array.from({ length: count }, (_, n) => ({
    ...{ type: 'track', event: 'Signed Up', messageId: `r${n}`, properties: { method: 'sso' } },
    traits: { email: email(n), name: `P${n}`, marketing_consent: true },
  }));
  await desk.send('batch', { batch });
  await until('all refusals', async () => (await replay(true)).events === count);
  stack.setConfig('contacts: { mergeWindow: 0s }\n');
  await desk.identify({ email: email(0), marketing_consent: false });
  await desk.identify({ email: email(1), title: 'Newer' });
  await desk.ended(email(0), 2);
  await desk.ended(email(1), 2);
  await until('both in the index', async () => (await replay(true)).events === count - 2);
  expect(await replay(true)).toMatchObject({ contacts: count - 2, newer: 1, withdrawn: 1, run: null });
  stack.sandbox.control.clearHistory();
  const [first, second] = await Promise.all([replay(false), replay(false)]);
  expect(first.run).toBe(second.run);
  const made = (): number => stack.sandbox.control.contacts().filter(({ name }) => /^P\d+$/.test(String(name))).length;
  await until('all contacts', () => made() === count - 2);
  await until('nothing left', async () => (await replay(true)).events === 0);
  expect((await replay(false)).run).toBeNull();
  expect(desk.written('POST')).toHaveLength(count - 2);
  expect(desk.written('POST')[0]).toMatchObject({ custom_fields: { signup_method: 'sso' } });
  expect(desk.contactsOf(email(0))).toEqual([]);
  expect(desk.contactsOf(email(1))).toMatchObject([{ job_title: 'Newer' }]);
});
