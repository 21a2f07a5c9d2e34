/** Fields that nobody asked for: only what the interface names goes on to Temporal, whatever else a sender claims. */
import { reduceEvent } from '../../src/domain/reduce-order-event';
import type { OrderEvent } from '../../src/domain/order-event';
import type { ContactEvents } from '../../src/contract/contact';
import { ROUTES, TOKEN } from './abuse-routes';
import { serveApp, type AppServer } from './app-server';

let app: AppServer;
beforeAll(async () => void (app = await serveApp({}, { adminToken: TOKEN })));
afterAll(() => app.close());
beforeEach(() => void (app.calls.length = 0));

/** What a sender would gain something by, if it went on. */
const CLAIMED = {
  ...{
    status: 'claimed',
    state: 'claimed',
    pay: { type: 'claimed' },
    amount: 'claimed',
    publish: 'claimed',
    route: 'claimed',
  },
  ...{ visit: 'claimed', account_id: 'claimed', correlationId: 'claimed', workflowId: 'claimed', taskQueue: 'claimed' },
  ...{
    policy: { claimed: 1 },
    hash: 'claimed',
    key: 'claimed',
    ids: ['claimed'],
    marks: { claimed: 1 },
    action: 'claimed',
  },
  ...{
    contact: { email: 'claimed@x.example' },
    role: 'claimed',
    admin: 'claimed',
    agent: 'claimed',
    active: 'claimed',
  },
  ...{
    view_all_tickets: 'claimed',
    other_companies: ['claimed'],
    tags: ['claimed'],
    custom_fields: { claimed: 'claimed' },
  },
  ...{ unique_external_id: 'claimed', force: 'claimed', dispatch: 'claimed', seen: ['claimed'], rank: 'claimed' },
};
const members = JSON.stringify(CLAIMED).slice(1, -1);

const without = (path: string, ...shared: string[]): string => {
  const rest = Object.entries(CLAIMED).filter(([key]) => !shared.includes(key));
  return path && JSON.stringify(Object.fromEntries(rest)).slice(1, -1);
};

it.each(ROUTES.map((route) => [route.path, route] as const))(
  '%s hands on what it would without them',
  async (_, route) => {
    const send = async (text: string): Promise<unknown[][]> => {
      const body = Buffer.from(text);
      await app.post(route.path, body, route.headers(body));
      return app.calls.splice(0);
    };
    const plain = await send(route.body());
    // A preview wants either of two fields, both of which stand in the body of its route.
    const claimed = await send(route.body(without(route.path)));
    expect(claimed.map(anonymous)).toEqual(plain.map(anonymous));
    expect(JSON.stringify(claimed)).not.toContain('claimed');
  },
);

/** Without the key and the time that every call of its own gets. */
const anonymous = ([name, ...args]: unknown[]): unknown =>
  name !== 'accept'
    ? [name, ...args]
    : (args[0] as ContactEvents[]).map(({ hash, events }) => ({
        hash,
        events: events.map((event) => ({ ...event, key: '', receivedAt: 0 })),
      }));

it('a work order says what is read of it, at every depth', async () => {
  const body = `{"event":{"name":"workorder.status.assigned","params":{"work_order_id":77,${members}},${members}},"workorder":{"id":77,"assignee":{"user":{"id":5,"first_name":"A","last_name":"B",${members}},${without('-', 'role')}},${without('-', 'status', 'custom_fields', 'pay')}},${members}}`;
  expect((await app.fieldNation(body)).status).toBe(202);
  const event = app.calls[0]?.[1] as OrderEvent;
  expect(JSON.stringify([event, reduceEvent(event)])).not.toContain('claimed');
  expect(event.provider).toEqual({ id: 5, first_name: 'A', last_name: 'B' });
});

it('traits become the fields of the table, and no other field of a contact', async () => {
  const traits = `{"email":"a@b.example","name":"A","marketing_consent":true,${members}}`;
  const body = `{"userId":"u1","traits":${traits},"context":{"traits":${traits},${members}},"properties":{${members}}}`;
  expect((await app.events('identify', body)).status).toBe(200);
  const [{ events }] = app.calls[0]?.[1] as [ContactEvents];
  expect(events[0]?.contact).toEqual({
    ...{ name: 'A', email: 'a@b.example', unique_external_id: 'u1', tags: ['marketing-consent'] },
  });
  expect(JSON.stringify(app.calls)).not.toContain('claimed');
});
