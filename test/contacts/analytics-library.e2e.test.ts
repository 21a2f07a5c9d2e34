/** An analytics library that knows nothing of Deskbridge: only host and write key are its own. */
import { Analytics } from '@segment/analytics-node';
import { contactsOf } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';

/** Words of a page, as people read them. */
const textOf = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

it('sends its events here instead, with another host and write key', async () => {
  const failures: unknown[] = [];
  const analytics = new Analytics({ writeKey: stack.secrets.writeKey, host: stack.webUrl, maxEventsInBatch: 5 });
  analytics.on('error', (error) => failures.push(error));
  const consent = { context: { consent: { categoryPreferences: { marketing: true } } } };
  analytics.identify({ userId: 'u1', traits: { name: 'Ann Lee', email: 'Ann@Example.com', title: 'CTO' }, ...consent });
  analytics.track({
    userId: 'u2',
    event: 'Signed Up',
    properties: { method: 'email' },
    context: {
      traits: { email: 'bob@example.com', firstName: 'Bob', lastName: 'Roe' },
      consent: { marketing: true },
    },
  });
  analytics.page({ anonymousId: 'a1', name: 'Home' });
  analytics.track({ anonymousId: 'a1', event: 'Clicked' });
  analytics.identify({ userId: 'u3', traits: { email: 'no-consent@example.com' } });
  analytics.group({ userId: 'u1', groupId: 'g1' });
  analytics.identify({ userId: 'u4', traits: { email: 'cat@example.com' }, ...consent });
  await analytics.closeAndFlush();

  // Whoever asks at once finds each of the four that were dropped, with its reason.
  const said = textOf(await (await fetch(`${stack.webUrl}/events`)).text());
  expect(said).toContain('Clicked Dropped: Nobody is named');
  expect(said.match(/ Dropped: Nobody is named/g)).toHaveLength(2);
  expect(said).toContain('Identified Dropped: No consent');
  expect(said.match(/ Dropped: No rule for the event/g)).toHaveLength(1);
  const body = new URLSearchParams({ who: 'u3' });
  const found = await fetch(`${stack.webUrl}/events/find`, { method: 'POST', headers: { origin: stack.webUrl }, body });
  expect(textOf(await found.text())).toMatch(/Events of u3 .*Identified Dropped: No consent/);

  const desk = contactsOf(stack);
  expect((await desk.ended('u1', 1))[0]?.outcome).toBe('created');
  expect((await desk.ended('u2', 1))[0]?.outcome).toBe('created');
  expect((await desk.ended('u4', 1))[0]?.outcome).toBe('created');
  expect(failures).toEqual([]);
  // A machine that stands still for seconds has a call given up and tried again: it meets what it made itself.
  const emails = desk.written('POST').map((body) => (body as { email: string }).email);
  expect(new Set(emails)).toEqual(new Set(['ann@example.com', 'bob@example.com', 'cat@example.com']));
  expect(desk.made()).toHaveLength(3);
  expect(desk.made()).toEqual(
    expect.arrayContaining([
      {
        name: 'Ann Lee',
        email: 'ann@example.com',
        unique_external_id: 'u1',
        job_title: 'CTO',
        tags: ['marketing-consent'],
      },
      {
        name: 'Bob Roe',
        email: 'bob@example.com',
        unique_external_id: 'u2',
        tags: ['marketing-consent'],
        custom_fields: { signup_method: 'email' },
      },
    ]),
  );
  const counted = await stack.metrics.registry.getSingleMetricAsString('deskbridge_events_total');
  for (const [labels, count] of [
    ['result="accepted",reason=""', 3],
    ['result="dropped",reason="anonymous"', 2],
    ['result="dropped",reason="no-consent"', 1],
    ['result="dropped",reason="unmapped-event"', 1],
  ] as const) {
    expect(counted).toContain(`{${labels}} ${count}`);
  }
  const outcomes = await stack.metrics.registry.getSingleMetricAsString('deskbridge_contact_outcomes_total');
  expect(outcomes).toContain('{outcome="created"} 3');
});
