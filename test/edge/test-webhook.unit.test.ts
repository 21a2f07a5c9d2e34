/** The webhook that Deskbridge sends to itself, to see whether an address leads to it. */
import { randomUUID } from 'node:crypto';
import { reachFieldNationRoute, reachFreshdeskRoute } from '../../src/checks/reach';
import { testBody, testIdOf } from '../../src/domain/test-webhook';
import { FIELD_NATION_SECRETS, serveApp, type AppServer } from './app-server';

let app: AppServer;
const noted: string[] = [];
beforeEach(async () => {
  noted.length = 0;
  app = await serveApp(
    {},
    { came: (source) => void noted.push(`came ${source}`), refused: (source) => void noted.push(`refused ${source}`) },
  );
});
afterEach(() => app.close());

it('counts neither as heard nor as refused, so that no alert begins or ends by it', async () => {
  const fieldNation = `${app.url}/webhooks/field-nation`;
  expect([
    await reachFreshdeskRoute(`${app.url}/webhooks/freshdesk`),
    await reachFieldNationRoute(fieldNation, FIELD_NATION_SECRETS[0] ?? ''),
    await reachFieldNationRoute(fieldNation, 'another secret'),
  ]).toEqual(['other-secret', 'accepted', 'other-secret']);
  expect([noted, app.calls]).toEqual([[], []]);
});

it('leaves every other webhook without the secret counted', async () => {
  const post = (body: string): Promise<Response> =>
    app.post('/webhooks/freshdesk', body, { 'content-type': 'application/json' });
  for (const body of ['deskbridge test webhook', 'deskbridge test webhook a b', '{"ticket_id":1}']) await post(body);
  expect(noted).toEqual(['refused freshdesk', 'refused freshdesk', 'refused freshdesk']);
});

it.each([
  [testBody('a-1'), 'a-1'],
  [testBody(''), null],
  [testBody('x'.repeat(65)), null],
  ['{"ticket_id":1}', null],
])('reads the id of %j: %j', (body, id) => expect(testIdOf(Buffer.from(body))).toBe(id));

it('has another id each time', () => expect(testIdOf(Buffer.from(testBody(randomUUID())))).toMatch(/^[\w-]{36}$/));
