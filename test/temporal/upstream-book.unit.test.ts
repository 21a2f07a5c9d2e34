/** What a process knows of systems that do not answer, and the alerts that follow. */
import { refusedWebhooks, upstreamsAway } from '../../src/temporal/alert-systems';
import { UpstreamBook } from '../../src/temporal/upstream-book';

const START = Date.parse('2026-03-01T18:30:00Z');
const MINUTE = 60_000;
let now: number;
let book: UpstreamBook;
beforeEach(() => {
  now = START;
  book = new UpstreamBook(() => now);
});

test('a system that was not called lately is not known', () => {
  expect(book.trouble('freshdesk')).toBeUndefined();
  book.succeeded('freshdesk', 'a');
  expect(book.trouble('freshdesk')).toBeNull();
  now += 16 * MINUTE;
  expect(book.trouble('freshdesk')).toBeUndefined();
});

test('a minute without any success is a trouble, with who waits and the next try', () => {
  book.failed('field-nation', 'a', 2000, 503);
  now += MINUTE;
  book.failed('field-nation', 'a', 32_000, 503);
  book.failed('field-nation', 'b', 4000, null);
  expect(book.trouble('field-nation')).toEqual({
    ...{ since: '2026-03-01T18:30:00.000Z', status: null, waiting: 2, nextTry: '2026-03-01T18:31:04.000Z' },
  });
  expect(book.trouble('freshdesk')).toBeUndefined();
});

test('one success ends it: a record that fails for ever is no system that is away', () => {
  book.failed('freshdesk', 'poisoned', 2000, 500);
  now += 2 * MINUTE;
  book.succeeded('freshdesk', 'other');
  book.failed('freshdesk', 'poisoned', 300_000, 500);
  expect(book.trouble('freshdesk')).toBeNull();
});

test('the alert says since when, with what status and how many wait, and stays while nothing is known', async () => {
  book.failed('field-nation', 'a', 2000, 503);
  now += 2 * MINUTE;
  const { alerts, troubles } = upstreamsAway(book, [], now);
  expect(await Promise.all(alerts.map((alert) => alert.build()))).toEqual([
    expect.objectContaining({
      ...{ key: 'upstream field-nation', kind: 'upstream', since: '2026-03-01T18:30:00.000Z' },
      title: 'Field Nation has not answered since 2026-03-01 18:30 UTC (503); 1 run waits',
    }),
  ]);
  expect(troubles['field-nation']).toMatchObject({ waiting: 1, status: 503 });
  const elsewhere = new UpstreamBook(() => now);
  expect(upstreamsAway(elsewhere, [], now).alerts).toEqual([]);
  expect(upstreamsAway(elsewhere, ['upstream field-nation'], now).alerts.map(({ key }) => key)).toEqual([
    'upstream field-nation',
  ]);
});

test('refused webhooks are one alert for each sender, until an hour after the last one', async () => {
  const row = { since: '2026-03-01T18:00:00.000Z', last: '2026-03-01T18:29:00.000Z', count: 4 };
  const alerts = refusedWebhooks({ refused: { freshdesk: row } }, now);
  expect(await alerts[0]?.build()).toMatchObject({
    title: 'Deskbridge has refused 4 webhooks of Freshdesk since 2026-03-01 18:00 UTC: wrong or missing secret',
    remedy: expect.stringContaining('X-Webhook-Secret'),
  });
  expect(refusedWebhooks({ refused: { freshdesk: row } }, now + 60 * MINUTE)).toEqual([]);
});
