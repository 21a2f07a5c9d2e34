import type { Sandbox } from '../../sandbox';
import { completeOrder, control, fieldNation, send, start, token } from './helpers';
import type { Json } from './helpers';

describe('the Field Nation sandbox', () => {
  let sandbox: Sandbox;
  let key: string;
  const call = (method: string, path: string, body?: unknown) => fieldNation(sandbox, key, method, path, body);
  beforeEach(async () => {
    sandbox = await start();
    key = await token(sandbox);
  });
  afterEach(() => sandbox.stop());

  it('gives tokens for the right credentials, as JSON and as form, and refuses others', async () => {
    const url = `${sandbox.fieldNationUrl}/authentication/api/oauth/token`;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret' });
    expect((await send(url, { method: 'POST', body: form })).json).toMatchObject({
      expires_in: 3600,
      token_type: 'Bearer',
    });
    form.set('client_secret', 'wrong');
    expect((await send(url, { method: 'POST', body: form })).status).toBe(401);
    expect(JSON.stringify(sandbox.control.history())).not.toContain(key);
  });

  it('refuses calls without a token, with an expired one and with the token in the header', async () => {
    const bare = await send(`${sandbox.fieldNationUrl}/api/rest/v2/workorders`, {
      headers: { Authorization: `Bearer ${key}` },
    });
    expect([bare.status, bare.json.code]).toEqual([401, 'AUTHENTICATION_REQUIRED']);
    expect((await call('GET', '/workorders')).status).toBe(200);
    sandbox.control.advanceClock(3_601_000);
    expect((await call('GET', '/workorders')).status).toBe(401);
    key = await token(sandbox);
    expect((await call('GET', '/workorders')).status).toBe(200);
    sandbox.control.expireTokens();
    expect((await call('GET', '/workorders')).status).toBe(401);
  });

  it('creates drafts with ascending ids and gives times in UTC and at the site', async () => {
    const first = (await call('POST', '/workorders', completeOrder())).json;
    const second = (await call('POST', '/workorders', { title: 'Only a title' })).json;
    expect(second.id).toBe(first.id + 1);
    expect(first.status).toMatchObject({ id: 1, name: 'Draft' });
    expect(first.actions).toContain('publish');
    expect(first.custom_fields.internal).toMatchObject({ id: 129, value: 'FD-acme-1-1' });
    expect(first.schedule.service_window.start).toEqual({
      utc: '2027-03-02 15:00:00',
      local: { date: '2027-03-02', time: '09:00:00' },
    });
    expect(first.attachments.results.map((folder: Json) => folder.name)).toEqual(['Documents', 'Misc']);
  });

  it('names what is wrong with a pointer', async () => {
    const reply = await call('POST', '/workorders', {
      types_of_work: [{ id: 1 }],
      location: { mode: 'custom', city: 'Duluth', state: 'MN', zip: '5', country: 'US' },
      custom_fields: {
        results: [
          {
            results: [
              { id: 999, value: 'x' },
              { id: 130, value: 'soon' },
            ],
          },
        ],
      },
    });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.json).toMatchObject({ code: 'VALIDATION_ERROR', retryable: false });
    expect(reply.json.errors.map((error: Json) => error.pointer)).toEqual([
      '/title',
      '/types_of_work/0/id',
      '/location/address1',
      '/custom_fields/results/0/results/0/id',
      '/custom_fields/results/0/results/1/value',
    ]);
  });

  it('publishes only what is complete and follows the state machine', async () => {
    const draft = (await call('POST', '/workorders', { title: 'x' })).json;
    const refused = await call('POST', `/workorders/${draft.id}/publish`);
    expect(refused.json.errors).toHaveLength(4);
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    expect((await call('POST', `/workorders/${id}/publish`)).json.status.id).toBe(2);
    expect((await call('POST', `/workorders/${id}/publish`)).json.detail).toContain('can not publish');
    expect((await call('POST', `/workorders/${id}/approve`)).status).toBe(400);
    sandbox.control.act(id, 'assign');
    sandbox.control.act(id, 'on-my-way');
    sandbox.control.act(id, 'check-in');
    expect((await call('GET', `/workorders/${id}/status`)).json).toMatchObject({
      id: 3,
      name: 'Assigned',
      code: 'checked_in',
    });
    expect(() => sandbox.control.act(id, 'approve')).toThrow(/not possible/);
    sandbox.control.act(id, 'work-done');
    const approved = await call('POST', `/workorders/${id}/approve`);
    expect(approved.json.status.id).toBe(5);
    expect(Object.keys(approved.json.milestones)).toEqual(['created', 'published', 'assigned', 'workdone', 'approved']);
    expect((await call('DELETE', `/workorders/${id}?cancel_reason=late`)).status).toBe(400);
  });

  it('deletes open orders, cancels assigned ones, and wants a reason', async () => {
    const open = (await call('POST', '/workorders', completeOrder())).json.id;
    expect((await call('DELETE', `/workorders/${open}`)).status).toBe(400);
    expect((await call('DELETE', `/workorders/${open}?cancel_reason=x`)).json.status.id).toBe(10);
    const taken = (await call('POST', '/workorders', completeOrder())).json.id;
    sandbox.control.act(taken, 'assign');
    expect((await call('DELETE', `/workorders/${taken}`, { cancel_reason: 58 })).json.status.id).toBe(7);
    sandbox.control.setKnobs({ fieldNation: { deletedReadable: false } });
    expect((await call('GET', `/workorders/${open}`)).status).toBe(404);
  });

  it('changes only what is sent and merges custom field values', async () => {
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    const changed = await call('PUT', `/workorders/${id}`, {
      title: 'New title',
      custom_fields: { results: [{ results: [{ id: 130, value: 'high' }] }] },
    });
    expect(changed.json.title).toBe('New title');
    expect(changed.json.pay.base.amount).toBe(150);
    expect(changed.json.custom_fields.results[0].results.map((field: Json) => field.value)).toEqual([
      'FD-acme-1-1',
      'high',
    ]);
    expect((await call('PATCH', `/workorders/${id}`, {})).status).toBe(405);
  });

  it('finds an order by its marker, late when told to', async () => {
    sandbox.control.setKnobs({ fieldNation: { searchLagMs: 30_000 } });
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    const search = () => call('GET', '/workorders?list=workorders_all&sticky=false&view=model&f_search=fd-ACME-1-1');
    expect((await search()).json.results).toEqual([]);
    sandbox.control.advanceClock(30_000);
    const found = (await search()).json;
    expect(found.metadata.total).toBe(1);
    expect(found.results[0]).toMatchObject({ id, title: 'Ticket 1: replace printer' });
    sandbox.control.setKnobs({ fieldNation: { searchesDescription: false, searchesCustomFields: false } });
    expect((await search()).json.results).toEqual([]);
  });

  it('applies saved filters to a caller that forgets the list', async () => {
    await call('POST', '/workorders', completeOrder());
    await call('GET', '/workorders?list=workorders_assigned&sticky=true');
    expect((await call('GET', '/workorders')).json.metadata.total).toBe(0);
    expect((await call('GET', '/workorders?list=workorders_all&sticky=false')).json.metadata.total).toBe(1);
  });

  it('keeps messages newest first and refuses one to nobody', async () => {
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    expect((await call('POST', `/workorders/${id}/messages`, { message: 'Hi', type: 'ASSIGNEDTECH' })).status).toBe(
      400,
    );
    await call('POST', `/workorders/${id}/messages`, { message: 'First', type: 'STAFF_NOTE' });
    const thread = await call('POST', `/workorders/${id}/messages`, { message: 'Second', type: 'STAFF_NOTE' });
    expect(thread.json.results.map((message: Json) => message.message)).toEqual(['Second', 'First']);
    expect(thread.json.results[0].from.id).toBe(1068);
  });

  it('stores an uploaded file in its folder', async () => {
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    const form = new FormData();
    form.append('file', new Blob(['pixels'], { type: 'image/jpeg' }), 'lane3.jpg');
    const url = `${sandbox.fieldNationUrl}/api/rest/v2/workorders/${id}/attachments/1?access_token=${key}`;
    const reply = await send(url, { method: 'POST', body: form });
    const file = reply.json.attachments.results[0].results[0].file;
    expect(file).toMatchObject({ name: 'lane3.jpg', size_bytes: 6 });
    expect((await send(file.link, {})).text).toBe('pixels');
  });

  it('speaks the older dialects when told to', async () => {
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    sandbox.control.setKnobs({
      fieldNation: {
        stringIds: true,
        absentValues: 'empty',
        utcForm: 'iso',
        postStatus: 201,
        errorBody: 'error-object',
      },
    });
    const order = (await call('GET', `/workorders/${id}`)).json;
    expect(order.id).toBe(String(id));
    expect(order.assignee.user).toBe('');
    expect(order.schedule.service_window.start.utc).toBe('2027-03-02T15:00:00Z');
    expect((await call('POST', `/workorders/${id}/publish`)).status).toBe(201);
    expect((await call('POST', '/workorders', {})).json.error.code).toBe('validation_error');
  });

  it('refuses by token bucket when a quota is set', async () => {
    sandbox.control.setKnobs({ fieldNation: { quotaPerMinute: 60, quotaBurst: 2 } });
    await call('GET', '/projects');
    await call('GET', '/tags');
    const refused = await call('GET', '/projects');
    expect([refused.status, refused.json.retryable, refused.headers.get('retry-after')]).toEqual([429, true, '1']);
    sandbox.control.advanceClock(1000);
    expect((await call('GET', '/projects')).status).toBe(200);
  });

  it('manages webhooks with a bearer token', async () => {
    const url = `${sandbox.fieldNationUrl}/api/v1/webhooks`;
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    const made = await send(url, {
      method: 'POST',
      headers,
      body: JSON.stringify({
        url: 'https://x.example/h',
        method: 'post',
        status: 'active',
        events: ['workorder.created'],
      }),
    });
    expect(made.json.result).toMatchObject({
      status: 'active',
      events: ['workorder.created'],
      secret: expect.any(String),
    });
    const one = `${url}/${made.json.result.webhookId}`;
    await send(one, { method: 'PUT', headers, body: JSON.stringify({ status: 'archived' }) });
    expect((await send(one, { method: 'PUT', headers, body: JSON.stringify({ status: 'active' }) })).status).toBe(400);
    expect((await send(`${url}?status=active`, { headers })).json.result).toHaveLength(1);
    expect((await send(`${url}/events?model=WorkOrder`, { headers })).json.result).toHaveLength(33);
    expect((await send(url, {})).json.errors[0].code).toBe(401);
  });

  it('counts requests by route and is steered over HTTP', async () => {
    const { id } = (await call('POST', '/workorders', completeOrder())).json;
    await control(sandbox, 'POST', `/work-orders/${id}/actions`, { action: 'assign' });
    expect((await control(sandbox, 'GET', `/work-orders/${id}`)).json.status.id).toBe(3);
    expect((await control(sandbox, 'POST', `/work-orders/${id}/actions`, { action: 'dance' })).status).toBe(400);
    expect((await control(sandbox, 'PATCH', '/knobs', { fieldNation: { nope: true } })).status).toBe(400);
    const history = (await control(sandbox, 'GET', '/history')).json;
    expect(history.at(-1)).toMatchObject({
      system: 'field-nation',
      route: 'POST /workorders',
      path: '/workorders',
      status: 200,
    });
  });
});
