/** The libraries that senders have, each told only another host and write key, sending what its own documentation shows. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Analytics } from '@segment/analytics-node';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import type { EventItem } from '../../src/http/event-list';
import { contactsOf, type ContactDesk } from '../helpers/contacts';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const run = promisify(execFile);
let stack: Stack;
let desk: ContactDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = contactsOf(stack);
});
afterAll(() => stack.stop());

const CONSENT = { consent: { categoryPreferences: { marketing: true } } };

async function eventsOf(query: Record<string, string>): Promise<EventItem[]> {
  const response = await fetch(`${stack.webUrl}/api/events?${new URLSearchParams(query).toString()}`);
  return ((await response.json()) as { items: EventItem[] }).items;
}

/** Words of `/events` as people read them: the newest events, or those of one person. */
async function page(who?: string): Promise<string> {
  const find = { method: 'POST', headers: { origin: stack.webUrl } };
  const response = await (who === undefined
    ? fetch(`${stack.webUrl}/events`)
    : fetch(`${stack.webUrl}/events/find`, { ...find, body: new URLSearchParams({ who }) }));
  return (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

const contactBy = (userId: string): unknown =>
  stack.sandbox.control.contacts().find((contact) => contact.unique_external_id === userId);

it('@segment/analytics-node: of seven events each is found with its reason on the page, as soon as the library has its answer', async () => {
  const analytics = new Analytics({ writeKey: stack.secrets.writeKey, host: stack.webUrl, maxEventsInBatch: 1 });
  const sent: [name: string, send: () => void][] = [
    [
      'accepted',
      () =>
        analytics.identify({
          userId: '019mr8mf4r',
          traits: { name: 'Michael Bolton', email: 'mbolton@example.com' },
          context: CONSENT,
        }),
    ],
    [
      'accepted',
      () =>
        analytics.track({
          userId: '019mr8mf4s',
          event: 'Signed Up',
          properties: { method: 'email' },
          context: CONSENT,
        }),
    ],
    [
      'accepted',
      () =>
        analytics.track({
          userId: '019mr8mf4t',
          event: ' Signed Up ',
          context: { ...CONSENT, traits: { email: 't@example.com' } },
        }),
    ],
    ['no-consent', () => analytics.identify({ userId: '019mr8mf4u', traits: { email: 'u@example.com' } })],
    [
      'unmapped-event',
      () => analytics.track({ userId: '019mr8mf4r', event: 'Item Purchased', properties: { revenue: 39.95 } }),
    ],
    ['anonymous', () => analytics.page({ anonymousId: 'a1', category: 'Docs', name: 'Node.js Library' })],
    ['unmapped-event', () => analytics.group({ userId: '019mr8mf4v', groupId: '56', traits: { name: 'Initech' } })],
  ];
  for (const [, send] of sent) send();
  await analytics.closeAndFlush();
  // At once: nothing is waited for. How fast that is, `npm run bench -- --phase page` measures.
  expect(await page('u@example.com')).toMatch(/Events of u@example.com .*Identified Dropped: No consent/);
  expect(await page('019mr8mf4u')).toContain('Identified Dropped: No consent');
  expect(await page('019mr8mf4r')).toContain('Item Purchased Dropped: No rule for the event');
  expect(await page('019mr8mf4v')).toContain('group Dropped: No rule for the event');
  expect(await page()).toContain('page Dropped: Nobody is named');
  for (const who of ['mbolton@example.com', '019mr8mf4s', 't@example.com'])
    expect(await page(who)).toMatch(/(Identified|Signed Up) (Created|Under way)/);
  const items = await eventsOf({});
  expect(items.map(({ outcome, reason }) => reason ?? outcome).sort()).toEqual(sent.map(([name]) => name).sort());
  expect((await eventsOf({ outcome: 'dropped' })).length).toBe(4);
  expect(await eventsOf({ person: 'u@example.com' })).toMatchObject([{ outcome: 'dropped', reason: 'no-consent' }]);
  expect(await eventsOf({ person: 'MBolton@example.com' })).toMatchObject([{ outcome: 'accepted', type: 'identify' }]);
  expect(JSON.stringify(items)).not.toMatch(/example\.com|019mr8mf4|Bolton/);
  await until(
    'the end in the list',
    async () => (await eventsOf({ person: '019mr8mf4r', outcome: 'accepted' }))[0]?.result === 'created',
  );
  expect(contactBy('019mr8mf4r')).toMatchObject({ name: 'Michael Bolton', email: 'mbolton@example.com' });
  expect(contactBy('019mr8mf4t')).toMatchObject({ email: 't@example.com' });
});

it('@rudderstack/rudder-sdk-node sends here with another data plane', async () => {
  const client = new RudderAnalytics(stack.secrets.writeKey, { dataPlaneUrl: stack.webUrl, flushAt: 3 });
  const context = { ...CONSENT, traits: { email: 'thelma@example.com' } };
  client.identify({
    userId: '123456',
    traits: { name: 'Name Username', email: 'name@website.com', plan: 'Free' },
    context: CONSENT,
  });
  client.track({ userId: '123457', event: 'Signed Up', properties: { method: 'sso' }, context });
  client.page({ userId: '12345', name: 'Pizza', properties: { url: 'https://dominos.com' } });
  await client.flush();
  await desk.ended('123456', 1);
  await desk.ended('123457', 1);
  expect(contactBy('123456')).toMatchObject({ name: 'Name Username', email: 'name@website.com' });
  expect(contactBy('123457')).toMatchObject({ email: 'thelma@example.com' });
});

const PYTHON = `
import sys
import segment.analytics as analytics
from datetime import datetime, timezone
analytics.host, analytics.write_key = sys.argv[1], sys.argv[2]
def on_error(error, items):
    print("An error occurred:", error); sys.exit(1)
analytics.on_error = on_error
consent = {'consent': {'marketing': True}}
analytics.identify('f4ca124298', {'name': 'Michael Bolton', 'email': 'mb@initech.example', 'friends': 42,
  'created_at': datetime.now(timezone.utc)}, context=consent)
analytics.track('f4ca124299', 'Signed Up', {'method': 'email'}, context=consent)
analytics.page('f4ca124298', 'Docs', 'Python')
analytics.flush()
`;

it('segment-analytics-python sends here with another host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-python-'));
  try {
    const python = join(folder, 'env/bin/python');
    const installed = await run('python3', ['-m', 'venv', join(folder, 'env')])
      .then(() => run(python, ['-m', 'pip', 'install', '-q', 'segment-analytics-python==2.4.0'], { timeout: 120_000 }))
      .then(() => true)
      .catch(() => false);
    if (!installed) {
      process.stderr.write('Not tried: Python, venv or the package segment-analytics-python is not to be had here.\n');
      return;
    }
    const { stdout } = await run(python, ['-c', PYTHON, stack.webUrl, stack.secrets.writeKey], { timeout: 60_000 });
    expect(stdout).toBe('');
    await desk.ended('f4ca124298', 1);
    await desk.ended('f4ca124299', 1);
    expect(contactBy('f4ca124298')).toMatchObject({ name: 'Michael Bolton', email: 'mb@initech.example' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
