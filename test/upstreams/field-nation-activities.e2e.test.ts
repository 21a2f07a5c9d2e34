import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activities } from '../../activities';
import type { EffectVisit } from '../../src/contract/effect-calls';
import type { CreateInput, OrderRef } from '../../src/contract/order-calls';
import { until } from '../helpers/until';
import { ACCOUNT, attempt, correlationIdOf, creating, failureOf, startBench, type Bench } from './activity-setup';

const READ = 'GET /workorders/:id';
const LIST = 'GET /workorders';
const CREATE = 'POST /workorders';
const PUBLISH = 'POST /workorders/:id/publish';
const DELETE = 'DELETE /workorders/:id';
const NO_SUCH_ORDER = 999_999;
/** A ticket that no order is of. */
const NEW = 4711;

let bench: Bench;
beforeAll(async () => void (bench = await startBench()));
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const publish = (workOrderId: number, patch: object = {}) => ({
  ...{ workOrderId, how: 'publish' as const, routeTo: null, readFirst: false, visit: visitOf(NEW, workOrderId) },
  ...patch,
});
const visitOf = (ticketId: number, workOrderId: number): EffectVisit => ({
  ...{ account: ACCOUNT, ticketId, correlationId: correlationIdOf(ticketId), visit: 1 },
  ...{ workOrderId, workOrderUrl: null, previous: null },
});
const statusOf = (id: number): unknown => (bench.control.workOrder(id).status as { name: string }).name;
/** The order that a create made. */
async function made(activities: Activities, input: CreateInput): Promise<OrderRef> {
  const answer = await attempt(() => activities.createWorkOrder(input));
  if (!('created' in answer)) throw new Error(`nothing was created: ${JSON.stringify(answer)}`);
  return answer.created;
}
const find = (ticketId: number, by: 'search' | 'newest') => ({
  ...{ account: ACCOUNT, ticketId, visit: 1, by, since: new Date(Date.now() - 3_600_000).toISOString() },
  page: 1,
});

describe('createWorkOrder', () => {
  it('creates a draft that carries our id, with one call', async () => {
    const ticketId = bench.ticket();
    const order = await bench.draft(ticketId);
    expect(order).toMatchObject({
      status: 'draft',
      correlationId: correlationIdOf(ticketId),
      at: expect.stringMatching(/Z$/),
    });
    expect(statusOf(order.workOrderId)).toBe('Draft');
  });

  it.each([
    ['reset-before', { kind: 'reset-before' }, 'UpstreamUnavailable', true, 0],
    ['reset-after', { kind: 'reset-after' }, 'UpstreamUnavailable', true, 1],
    ['lost-answer', { kind: 'lost-answer' }, 'UpstreamUnavailable', true, 1],
    ['500', { kind: 'status', status: 500 }, 'UpstreamUnavailable', true, 0],
    ['503', { kind: 'status', status: 503 }, 'UpstreamUnavailable', true, 0],
    ['a timeout', { kind: 'slow', delayMs: 6000 }, 'UpstreamUnavailable', true, 1],
    ['400', { kind: 'status', status: 400 }, 'InvalidRequest', false, 0],
    ['401', { kind: 'status', status: 401 }, 'Unauthorized', false, 0],
    ['403', { kind: 'status', status: 403 }, 'Unauthorized', false, 0],
    ['429', { kind: 'status', status: 429, retryAfter: '7' }, 'RateLimited', false, 0],
  ] as const)('after %s knows whether an order may exist', async (_, fault, type, unsure, made) => {
    const activities = bench.start(fault.kind === 'slow' ? { timeoutMs: 3000 } : {});
    bench.control.addFault({ system: 'field-nation', path: 'createWorkOrder', ...fault });
    const before = bench.control.workOrders().length;
    const failure = await failureOf(() => activities.createWorkOrder(creating(NEW)));
    expect(failure).toMatchObject({ type, nonRetryable: !unsure && type !== 'RateLimited', detail: { unsure } });
    // A slow call has its effect when nobody waits for its answer any more.
    await until('its effect', () => bench.control.workOrders().length >= before + made);
    expect(bench.control.workOrders()).toHaveLength(before + made);
    // A refused token is asked for anew, which is safe; nothing else is sent twice.
    const creates = bench.calls('field-nation').filter((route) => route === CREATE);
    expect(creates).toHaveLength(fault.kind === 'status' && fault.status === 401 ? 2 : 1);
  });

  it('after a refused connection knows that there is no order', async () => {
    const activities = bench.start({ fieldNationUrl: 'http://127.0.0.1:1' });
    const failure = await failureOf(() => activities.createWorkOrder(creating(NEW)));
    expect(failure).toMatchObject({
      type: 'UpstreamUnavailable',
      nonRetryable: false,
      detail: { unsure: false, status: null },
    });
  });

  it.each(['<html>Welcome</html>', '', '{"title":"A visit"}'])(
    'after a 200 with %j knows that there may be one',
    async (body) => {
      const server = createServer((request, response) => {
        const token = request.url?.includes('oauth') === true && '{"access_token":"a-token","expires_in":3600}';
        const list =
          request.method === 'GET' && '{"results":[],"metadata":{"total":0,"page":1,"pages":1,"per_page":25}}';
        response.end(token || list || body);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const fieldNationUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const failure = await failureOf(() => bench.start({ fieldNationUrl }).createWorkOrder(creating(NEW)));
      expect(failure).toMatchObject({ type: 'UpstreamUnavailable', detail: { unsure: true, status: 200 } });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  );

  it('names the credentials when the token is refused, and nothing secret', async () => {
    const activities = bench.start({ password: 'wrong-password' });
    const failure = await failureOf(() => activities.createWorkOrder(creating(NEW)));
    expect(failure).toMatchObject({
      type: 'Unauthorized',
      nonRetryable: true,
      detail: { reason: 'unauthorized', unsure: false },
    });
    expect(failure.detail.remedy).toContain('FIELD_NATION_PASSWORD');
    expect(JSON.stringify(failure)).not.toMatch(/wrong-password|client-secret/);
  });

  it('names the field that Field Nation refuses', async () => {
    const payload = { title: 'A visit', custom_fields: { results: [{ results: [{ id: 130, value: 'enormous' }] }] } };
    const failure = await failureOf(() => bench.start().createWorkOrder(creating(NEW, { payload })));
    expect(failure).toMatchObject({
      type: 'InvalidRequest',
      detail: { reason: 'rejected', unsure: false, status: 400 },
    });
    expect(failure.detail.detail).toMatch(/custom_field|Priority|130/);
  });

  it('waits as long as Retry-After asks, and holds every call back until then', async () => {
    const activities = bench.start();
    bench.control.addFault({
      system: 'field-nation',
      path: 'createWorkOrder',
      kind: 'status',
      status: 429,
      retryAfter: '30',
    });
    const { nextRetryDelay } = await failureOf(() => activities.createWorkOrder(creating(NEW)));
    expect(nextRetryDelay).toBeGreaterThanOrEqual(30_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(33_000);
    expect(await failureOf(() => activities.readWorkOrder({ workOrderId: 1 }))).toMatchObject({ type: 'RateLimited' });
    expect(bench.calls('field-nation')).toEqual([LIST, CREATE]);
  });

  it.each([
    ['a date in an hour and a day', new Date(Date.now() + 90_000_000).toUTCString(), 3_600_000, 3_600_000],
    ['nothing readable', 'soon', 60_000, 66_000],
    ['a negative number', '-5', 60_000, 66_000],
    ['0', '0', 1000, 1100],
    ['a billion seconds', '1000000000', 3_600_000, 3_600_000],
  ])('takes a Retry-After of %s', async (_, retryAfter, least, most) => {
    bench.control.addFault({
      system: 'field-nation',
      path: 'createWorkOrder',
      kind: 'status',
      status: 429,
      retryAfter,
    });
    const { nextRetryDelay } = await failureOf(() => bench.start().createWorkOrder(creating(NEW)));
    expect(nextRetryDelay).toBeGreaterThanOrEqual(least);
    expect(nextRetryDelay).toBeLessThanOrEqual(most);
  });
});

describe('createWorkOrder looks before it makes anything', () => {
  const posted = (): number => bench.calls('field-nation').filter((route) => route === CREATE).length;
  const PAUSED = { paused: true, reason: 'Rates are wrong', by: 'ann', since: '2027-01-01T00:00:00.000Z' };

  it('and posts nothing when the visit has an order already', async () => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const answer = await attempt(() => bench.start().createWorkOrder(creating(ticketId)));
    expect(answer).toMatchObject({ found: [{ workOrderId, visit: 1, status: 'draft' }] });
    expect(bench.calls('field-nation')).toEqual([LIST]);
  });

  it('and takes an order of another visit of the ticket for none', async () => {
    const ticketId = bench.ticket();
    await bench.draft(ticketId);
    const second = creating(ticketId, { visit: 2, correlationId: correlationIdOf(ticketId, 2) });
    expect(await attempt(() => bench.start().createWorkOrder(second))).toHaveProperty('created');
  });

  it.each([
    ['when it is asked to be thorough', { thorough: true }, {}],
    ['when its run cannot be trusted to know what it did', {}, { isFresh: false }],
  ])('among the newest too, %s', async (_, input, options) => {
    bench.control.setKnobs({ fieldNation: { draftsSearchable: false } });
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const answer = await attempt(() => bench.start(options).createWorkOrder(creating(ticketId, input)));
    expect(answer).toMatchObject({ found: [{ workOrderId }] });
    expect(bench.calls('field-nation')).toEqual([LIST, LIST]);
  });

  it('and begins neither create nor publish after a pause that came while Field Nation was read', async () => {
    const pause = () => {
      const wasRead = bench.calls('field-nation').some((call) => call === LIST || call === READ);
      return Promise.resolve(wasRead ? PAUSED : { ...PAUSED, paused: false });
    };
    const draft = await bench.draft(bench.ticket());
    bench.control.clearHistory();
    const activities = bench.start({ gate: { pause } });
    const held = { held: 'paused', reason: 'Rates are wrong' };
    expect(await attempt(() => activities.createWorkOrder(creating(NEW)))).toEqual(held);
    expect(bench.calls('field-nation')).not.toContain(CREATE);
    bench.control.clearHistory();
    expect(await attempt(() => activities.publishWorkOrder(publish(draft.workOrderId, { readFirst: true })))).toEqual(
      held,
    );
    expect(statusOf(draft.workOrderId)).toBe('Draft');
  });

  it('and calls Field Nation not at all while dispatching is paused', async () => {
    const activities = bench.start({ gate: { pause: () => Promise.resolve(PAUSED) } });
    const held = { held: 'paused', reason: 'Rates are wrong' };
    expect(await attempt(() => activities.createWorkOrder(creating(NEW, { thorough: true })))).toEqual(held);
    expect(await attempt(() => activities.publishWorkOrder(publish(1)))).toEqual(held);
    expect(await attempt(() => activities.updateWorkOrder({ workOrderId: 1, patch: { pay: {} } }))).toEqual(held);
    expect(bench.calls('field-nation')).toEqual([]);
  });

  it('and surely did nothing when nobody could say whether dispatching is paused: it is tried again by itself', async () => {
    const away = { pause: () => Promise.reject(new Error('Temporal did not answer in time')) };
    const activities = bench.start({ gate: away });
    const calls: (() => Promise<unknown>)[] = [
      () => activities.createWorkOrder(creating(NEW)),
      () => activities.publishWorkOrder(publish(1)),
      () => activities.updateWorkOrder({ workOrderId: 1, patch: { pay: {} } }),
    ];
    for (const call of calls) {
      const failure = await attempt(call).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        type: 'UpstreamUnavailable',
        details: [{ reason: 'unavailable', unsure: false }],
      });
    }
    expect(bench.calls('field-nation')).toEqual([]);
  });

  it('and posts nothing while the hour is full, unless a person said yes to one more', async () => {
    const asked: [string, number | null][] = [];
    const admit = (id: string, limit: number | null): Promise<'admitted' | 'over'> => {
      asked.push([id, limit]);
      return Promise.resolve(limit === null ? 'admitted' : 'over');
    };
    const activities = bench.start({ gate: { admit }, config: 'dispatch: { approval: { ordersPerHour: 3 } }' });
    expect(await attempt(() => activities.createWorkOrder(creating(NEW)))).toEqual({ held: 'hour' });
    expect(posted()).toBe(0);
    expect(await attempt(() => activities.createWorkOrder(creating(NEW, { beyondHour: true })))).toHaveProperty(
      'created',
    );
    expect(asked).toEqual([
      [correlationIdOf(NEW), 3],
      [correlationIdOf(NEW), null],
    ]);
  });

  it.each([
    ['reset-after', { kind: 'reset-after' }],
    ['500', { kind: 'status', status: 500 }],
  ] as const)('so that %s at the look surely made nothing', async (_, fault) => {
    bench.control.addFault({ system: 'field-nation', path: 'listWorkOrders', ...fault });
    const failure = await failureOf(() => bench.start().createWorkOrder(creating(NEW)));
    expect(failure).toMatchObject({ type: 'UpstreamUnavailable', nonRetryable: false, detail: { unsure: false } });
    expect(posted()).toBe(0);
  });

  it('so that a pause or an hour that cannot be read surely made nothing', async () => {
    const lost = (): Promise<never> => Promise.reject(new Error('the engine is away'));
    for (const gate of [{ pause: lost }, { admit: lost }]) {
      const failure = await failureOf(() => bench.start({ gate }).createWorkOrder(creating(NEW)));
      expect(failure).toMatchObject({ type: 'UpstreamUnavailable', nonRetryable: false, detail: { unsure: false } });
    }
    expect(posted()).toBe(0);
  });
});

describe('publishWorkOrder', () => {
  it('publishes with one call', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    expect(await attempt(() => bench.start().publishWorkOrder(publish(workOrderId)))).toMatchObject({
      ...{ workOrderId, status: 'published', at: expect.stringMatching(/Z$/) },
    });
    expect(bench.calls('field-nation')).toEqual([PUBLISH]);
  });

  it('answers what that does to the ticket, when it is told for which visit', async () => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const activities = bench.start({ config: 'status: { published: { note: "Order {{workOrder.id}} is out" } }' });
    const visit = visitOf(ticketId, workOrderId);
    const answer = await attempt(() => activities.publishWorkOrder(publish(workOrderId, { visit })));
    expect(answer).toMatchObject({
      decided: { update: null, note: { body: expect.stringContaining(`Order ${workOrderId} is out`) } },
    });
    expect(bench.calls('field-nation')).toEqual([PUBLISH]);
  });

  it('leaves an order alone that a lost answer published already', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    bench.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
    expect((await failureOf(() => activities.publishWorkOrder(publish(workOrderId)))).detail.unsure).toBe(true);
    bench.control.clearHistory();
    const again = await attempt(() => activities.publishWorkOrder(publish(workOrderId, { readFirst: true })));
    expect(again).toMatchObject({ status: 'published' });
    expect(bench.calls('field-nation')).toEqual([READ]);
    expect(await attempt(() => activities.publishWorkOrder(publish(workOrderId)))).toMatchObject({
      status: 'published',
    });
  });

  it('tells an order as it stands that somebody assigned meanwhile', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    bench.control.act(workOrderId, 'assign');
    expect(await attempt(() => bench.start().publishWorkOrder(publish(workOrderId)))).toMatchObject({
      status: 'assigned',
    });
  });

  it('routes to the provider of the config, once', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    const route = publish(workOrderId, { how: 'route', routeTo: 55021 });
    await attempt(() => activities.publishWorkOrder(route));
    await attempt(() => activities.publishWorkOrder({ ...route, readFirst: true }));
    expect(bench.calls('field-nation')).toEqual(['POST /workorders/:id/route', READ]);
    expect(statusOf(workOrderId)).toBe('Routed');
  });

  it('routes to several by one call, and believes the order about it', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    const route = publish(workOrderId, { how: 'route', routeTo: [55021, 55034] });
    expect(await attempt(() => activities.publishWorkOrder(route))).toMatchObject({ status: 'routed' });
    await attempt(() => activities.publishWorkOrder({ ...route, readFirst: true }));
    expect(bench.calls('field-nation')).toEqual(['POST /workorders/:id/mass-route', READ, READ]);
  });

  it('takes an order back from its providers and publishes it, once', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    await attempt(() => activities.publishWorkOrder(publish(workOrderId, { how: 'route', routeTo: 55021 })));
    bench.control.clearHistory();
    const back = publish(workOrderId, { takeBack: true });
    expect(await attempt(() => activities.publishWorkOrder(back))).toMatchObject({ status: 'published' });
    expect(await attempt(() => activities.publishWorkOrder(back))).toMatchObject({ status: 'published' });
    const calls = [READ, 'DELETE /workorders/:id/draft', 'POST /workorders/:id/publish', READ];
    expect(bench.calls('field-nation')).toEqual(calls);
  });

  it('leaves an order to whoever took it, also between the read and the call', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    await attempt(() => activities.publishWorkOrder(publish(workOrderId, { how: 'route', routeTo: 55021 })));
    bench.control.act(workOrderId, 'accept-route');
    const back = publish(workOrderId, { takeBack: true });
    expect(await attempt(() => activities.publishWorkOrder(back))).toMatchObject({ status: 'assigned' });
    expect(statusOf(workOrderId)).toBe('Assigned');
    const other = (await bench.draft(bench.ticket())).workOrderId;
    await attempt(() => activities.publishWorkOrder(publish(other, { how: 'route', routeTo: 55021 })));
    bench.control.addFault({ system: 'field-nation', path: 'revertWorkOrder', kind: 'status', status: 400, times: 1 });
    const refused = await failureOf(() => activities.publishWorkOrder(publish(other, { takeBack: true })));
    expect([refused.type, statusOf(other)]).toEqual(['InvalidRequest', 'Routed']);
  });

  it('leaves to a person what is not complete enough to be published', async () => {
    const activities = bench.start();
    const { workOrderId } = await made(activities, creating(NEW));
    const failure = await failureOf(() => activities.publishWorkOrder(publish(workOrderId)));
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true, detail: { reason: 'rejected' } });
    expect(failure.detail.remedy).toContain('workOrder in the config file');
  });
});

describe('cancelWorkOrder', () => {
  it('cancels once, also when asked twice', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    const activities = bench.start();
    const cancel = () => activities.cancelWorkOrder({ workOrderId, reason: 'Ticket closed', onlyUnassigned: false });
    expect(await attempt(cancel)).toMatchObject({ workOrderId, status: 'cancelled' });
    expect(await attempt(cancel, 2)).toMatchObject({ workOrderId, status: 'cancelled' });
    expect(bench.control.workOrder(workOrderId)).toMatchObject({ cancel_reason: 'Ticket closed' });
  });

  it('cancels an assigned order', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    bench.control.act(workOrderId, 'assign');
    await attempt(() => bench.start().cancelWorkOrder({ workOrderId, reason: 'Ticket closed', onlyUnassigned: false }));
    expect(statusOf(workOrderId)).toBe('Cancelled');
  });

  it('leaves an assigned order alone where only an unassigned one may be cancelled', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    bench.control.act(workOrderId, 'assign');
    const input = { workOrderId, reason: 'Ticket closed', onlyUnassigned: true };
    expect(await attempt(() => bench.start().cancelWorkOrder(input))).toMatchObject({ status: 'assigned' });
    expect(statusOf(workOrderId)).toBe('Assigned');
  });

  it('leaves an approved order to a person', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    for (const action of ['assign', 'work-done', 'approve'] as const) bench.control.act(workOrderId, action);
    const failure = await failureOf(() =>
      bench.start().cancelWorkOrder({ workOrderId, reason: 'Ticket closed', onlyUnassigned: false }),
    );
    expect(failure).toMatchObject({ type: 'InvalidRequest', nonRetryable: true });
  });
});

describe('cancelWorkOrder where Field Nation does not show the order', () => {
  const cancel = (workOrderId: number) => () =>
    bench.start().cancelWorkOrder({ workOrderId, reason: 'Ticket closed', onlyUnassigned: false });

  it('says cancelled only when its list says so', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    bench.control.act(workOrderId, 'assign');
    await attempt(cancel(workOrderId));
    bench.control.clearHistory();
    bench.control.addFault({ system: 'field-nation', path: 'deleteWorkOrder', kind: 'status', status: 404 });
    expect(await attempt(cancel(workOrderId))).toMatchObject({ workOrderId, status: 'cancelled' });
    expect(bench.calls('field-nation')).toEqual([DELETE, LIST]);
  });

  it('leaves to a person an order that the list shows alive', async () => {
    const { workOrderId } = await bench.draft(bench.ticket());
    bench.control.addFault({ system: 'field-nation', path: 'deleteWorkOrder', kind: 'status', status: 404 });
    expect(await failureOf(cancel(workOrderId))).toMatchObject({ type: 'NotFound', detail: { reason: 'not-found' } });
    expect(statusOf(workOrderId)).toBe('Draft');
  });

  it('leaves to a person an order that no list shows, be it one that an earlier try has deleted', async () => {
    bench.control.setKnobs({ fieldNation: { deletedReadable: false } });
    const { workOrderId } = await bench.draft(bench.ticket());
    await attempt(cancel(workOrderId));
    expect(await failureOf(cancel(workOrderId), 2)).toMatchObject({ type: 'NotFound' });
    expect(await failureOf(cancel(NO_SUCH_ORDER))).toMatchObject({ type: 'NotFound', nonRetryable: true });
  });
});

describe('deleteDraft', () => {
  const remove = (workOrderId: number, correlationId: string) => () =>
    attempt(() => bench.start().deleteDraft({ workOrderId, correlationId }));

  it('deletes a draft of ours, and a repeat changes nothing', async () => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    expect(await remove(workOrderId, correlationIdOf(ticketId))()).toEqual({ deleted: true });
    expect(await remove(workOrderId, correlationIdOf(ticketId))()).toEqual({ deleted: true });
    expect(bench.calls('field-nation').filter((route) => route === DELETE)).toHaveLength(1);
  });

  it('takes a draft that can no longer be read for deleted', async () => {
    bench.control.setKnobs({ fieldNation: { deletedReadable: false } });
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    await remove(workOrderId, correlationIdOf(ticketId))();
    expect(await remove(workOrderId, correlationIdOf(ticketId))()).toEqual({ deleted: true });
  });

  it('refuses whatever is not a draft or does not carry exactly our id', async () => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    expect(await remove(workOrderId, correlationIdOf(ticketId, 12))()).toEqual({ deleted: false });
    bench.control.act(workOrderId, 'assign');
    expect(await remove(workOrderId, correlationIdOf(ticketId))()).toEqual({ deleted: false });
    expect(bench.calls('field-nation')).toEqual([READ, READ]);
    expect(statusOf(workOrderId)).toBe('Assigned');
  });
});

describe('findWorkOrders', () => {
  const search = async (activities: ReturnType<typeof bench.start>, input: ReturnType<typeof find>) =>
    (await attempt(() => activities.findWorkOrders(input))).orders;

  it.each(['search', 'newest'] as const)('finds by %s exactly the orders that carry the id', async (by) => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    await bench.draft(bench.ticket());
    const found = await search(bench.start(), find(ticketId, by));
    expect(found).toMatchObject([{ workOrderId, status: 'draft', correlationId: correlationIdOf(ticketId) }]);
    expect(bench.calls('field-nation')).toEqual([LIST]);
  });

  it('tells visit 12 from visit 1, which its id begins like', async () => {
    const activities = bench.start();
    const html = (visit: number) => `<p>Deskbridge ${correlationIdOf(4999, visit)}</p>`;
    await attempt(() =>
      activities.createWorkOrder(
        creating(4999, { visit: 12, payload: { title: 'A visit', description: { html: html(12) } } }),
      ),
    );
    const found = await search(activities, find(4999, 'search'));
    expect(found.map(({ visit }) => visit)).toEqual([12]);
  });

  it.each(['search', 'newest'] as const)('reads each order when the list holds ids only (%s)', async (by) => {
    bench.control.setKnobs({ fieldNation: { listModel: 'ids' } });
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const found = await search(bench.start(), find(ticketId, by));
    expect(found).toMatchObject([{ workOrderId }]);
    expect(bench.calls('field-nation')).toContain(READ);
  });

  it('finds nothing while the index lags, and the order afterwards', async () => {
    bench.control.setKnobs({ fieldNation: { searchLagMs: 60_000 } });
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const activities = bench.start();
    for (const by of ['search', 'newest'] as const) {
      expect(await search(activities, find(ticketId, by))).toEqual([]);
    }
    bench.control.advanceClock(61_000);
    expect(await search(activities, find(ticketId, 'search'))).toMatchObject([{ workOrderId }]);
  });

  it('finds by the newest what the search does not know', async () => {
    bench.control.setKnobs({ fieldNation: { draftsSearchable: false } });
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    const activities = bench.start();
    expect(await search(activities, find(ticketId, 'search'))).toEqual([]);
    expect(await search(activities, find(ticketId, 'newest'))).toMatchObject([{ workOrderId }]);
  });
});

describe('readWorkOrder', () => {
  it('tells status, time and id of the order', async () => {
    const ticketId = bench.ticket();
    const { workOrderId } = await bench.draft(ticketId);
    for (const action of ['assign', 'check-in'] as const) bench.control.act(workOrderId, action);
    const order = await attempt(() => bench.start().readWorkOrder({ workOrderId }));
    expect(order).toMatchObject({
      workOrderId,
      status: 'checked-in',
      at: null,
      correlationId: correlationIdOf(ticketId),
    });
  });

  it('finds an unknown order not there, for good', async () => {
    const failure = await failureOf(() => bench.start().readWorkOrder({ workOrderId: NO_SUCH_ORDER }));
    expect(failure).toMatchObject({
      type: 'NotFound',
      nonRetryable: true,
      detail: { reason: 'not-found', status: 404 },
    });
  });
});

describe('listFailedDeliveries', () => {
  const SILENT = 'http://127.0.0.1:1';
  const failed = async (): Promise<{ orders: number[]; more: boolean }> =>
    attempt(() => bench.start().listFailedDeliveries({ since: null }));

  it.each([
    ['asked', false],
    ['always', false],
    ['never', true],
  ] as const)(
    'finds the order of a delivery that failed where logs name it %s; else every order is looked at',
    async (form, more) => {
      bench.control.setKnobs({ fieldNation: { deliveryLogOrder: form } });
      await bench.webhooksTo(SILENT, async () => {
        const { workOrderId } = await bench.draft(bench.ticket());
        await bench.control.idle();
        const found = await failed();
        expect([found.orders.includes(workOrderId), found.more]).toEqual([!more, more]);
      });
    },
  );
});
