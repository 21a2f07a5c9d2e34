import type { Sandbox } from '../../sandbox';
import { freshdesk, get, send, start } from './helpers';
import type { Json } from './helpers';

describe('the Freshdesk sandbox', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await start();
  });
  afterEach(() => sandbox.stop());

  it('refuses a wrong key with the flat body and still shows the rate headers', async () => {
    const reply = await freshdesk(sandbox, 'GET', '/tickets/1', undefined, 'wrong');
    expect(reply.status).toBe(401);
    expect(reply.json.code).toBe('invalid_credentials');
    expect(reply.headers.get('x-ratelimit-total')).toMatch(/^\d+\.\d$/);
    expect(reply.headers.get('etag')).toBeNull();
    expect(reply.headers.get('x-request-id')).toBeTruthy();
  });

  it('answers an unknown ticket and an unknown path with an empty 404', async () => {
    for (const path of ['/tickets/999', '/nothing-here']) {
      const reply = await freshdesk(sandbox, 'GET', path);
      expect([reply.status, reply.text]).toEqual([404, '']);
    }
  });

  it('embeds what is asked for and charges for it', async () => {
    const reply = await freshdesk(sandbox, 'GET', '/tickets/1?include=requester,company,conversations,stats');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-ratelimit-used-currentrequest')).toBe('5');
    expect(reply.json.requester.email).toBe('mara@quint-foods.example');
    expect(reply.json.company.name).toBe('Quint Foods');
    expect(reply.json.conversations).toHaveLength(1);
    expect(reply.json.custom_fields).toHaveProperty('cf_work_order_id', null);
  });

  it('changes only what is sent and names every unknown or wrong attribute', async () => {
    const good = await freshdesk(sandbox, 'PUT', '/tickets/1', {
      status: 3,
      custom_fields: { cf_technician: 'Lee Park' },
    });
    expect(good.json).toMatchObject({
      status: 3,
      priority: 3,
      custom_fields: { cf_technician: 'Lee Park', cf_site_city: 'Dayton' },
    });
    const bad = await freshdesk(sandbox, 'PUT', '/tickets/1', {
      id: 1,
      status: '4',
      custom_fields: { cf_nope: 'x', cf_visit_date: 'soon' },
    });
    expect(bad.status).toBe(400);
    expect(bad.json.errors.map((error: Json) => [error.field, error.code])).toEqual([
      ['id', 'invalid_field'],
      ['status', 'datatype_mismatch'],
      ['custom_fields.cf_nope', 'invalid_field'],
      ['custom_fields.cf_visit_date', 'invalid_value'],
    ]);
  });

  it('enforces fields that closing requires', async () => {
    sandbox.control.setKnobs({ freshdesk: { requiredForClosure: ['cf_technician'] } });
    const refused = await freshdesk(sandbox, 'PUT', '/tickets/1', { status: 4 });
    expect(refused.json.errors[0]).toMatchObject({ field: 'custom_fields.cf_technician', code: 'missing_field' });
    const done = await freshdesk(sandbox, 'PUT', '/tickets/1', { status: 4, custom_fields: { cf_technician: 'Lee' } });
    expect(done.status).toBe(200);
  });

  it('refuses changes of deleted tickets with 405 until they are restored', async () => {
    expect((await freshdesk(sandbox, 'DELETE', '/tickets/1')).status).toBe(204);
    const refused = await freshdesk(sandbox, 'PUT', '/tickets/1', { priority: 1 });
    expect(refused.status).toBe(405);
    expect(refused.json.message).toContain('PUT method is not allowed');
    expect((await freshdesk(sandbox, 'GET', '/tickets/1')).json.deleted).toBe(true);
    expect((await freshdesk(sandbox, 'PUT', '/tickets/1/restore')).status).toBe(204);
    expect((await freshdesk(sandbox, 'PATCH', '/tickets/1', { priority: 1 })).status).toBe(200);
  });

  it('keeps notes private by default, wraps plain text and pages conversations', async () => {
    const note = await freshdesk(sandbox, 'POST', '/tickets/1/notes', { body: 'Work order 901234 created.' });
    expect(note.status).toBe(201);
    expect(note.headers.get('location')).toContain(`/api/v2/conversations/${note.json.id}`);
    expect(note.json).toMatchObject({
      private: true,
      body: '<div>Work order 901234 created.</div>',
      body_text: 'Work order 901234 created.',
    });
    const page = await freshdesk(sandbox, 'GET', '/tickets/1/conversations?per_page=1&page=1');
    expect(page.json).toHaveLength(1);
    expect(page.headers.get('link')).toMatch(/page=2.*rel="next"/);
    const last = await freshdesk(sandbox, 'GET', '/tickets/1/conversations?per_page=1&page=2');
    expect(last.headers.get('link')).toBeNull();
    expect(last.json[0].id).toBe(note.json.id);
    expect((await freshdesk(sandbox, 'POST', '/tickets/1/notes', {})).json.errors[0].code).toBe('missing_field');
  });

  it('takes files with a note and hands them out by a link that expires and refuses credentials', async () => {
    const form = new FormData();
    form.set('body', 'Photo');
    form.set('private', 'false');
    form.append('attachments[]', new Blob(['pixels'], { type: 'image/jpeg' }), 'lane3.jpg');
    const reply = await send(`${sandbox.freshdeskUrl}/api/v2/tickets/1/notes`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from('test-key:X').toString('base64')}` },
      body: form,
    });
    expect(reply.json).toMatchObject({
      private: false,
      attachments: [{ name: 'lane3.jpg', size: 6, content_type: 'image/jpeg' }],
    });
    const link: string = reply.json.attachments[0].attachment_url;
    expect((await get(link)).text).toBe('pixels');
    expect((await get(link, { Authorization: 'Basic eDp4' })).status).toBe(400);
    sandbox.control.advanceClock(301_000);
    const dead = await get(link);
    expect([dead.status, dead.headers.get('content-type')]).toEqual([403, 'application/xml']);
  });

  it('lists by change time and refuses page 301', async () => {
    sandbox.control.advanceClock(60_000);
    const since = new Date(Date.now() + 30_000).toISOString();
    await freshdesk(sandbox, 'PUT', '/tickets/2', { priority: 2 });
    const listed = await freshdesk(
      sandbox,
      'GET',
      `/tickets?updated_since=${encodeURIComponent(since)}&order_by=updated_at&order_type=asc`,
    );
    expect(listed.json.map((ticket: Json) => ticket.id)).toEqual([2]);
    expect(listed.json[0]).not.toHaveProperty('attachments');
    expect((await freshdesk(sandbox, 'GET', '/tickets?page=301')).json.errors[0].field).toBe('page');
    expect((await freshdesk(sandbox, 'GET', '/tickets?per_page=101')).status).toBe(400);
  });

  it('answers 409 with the holder, whoever it is', async () => {
    const mara = sandbox.control.contacts().find((contact) => contact['email'] === 'mara@quint-foods.example');
    const live = await freshdesk(sandbox, 'POST', '/contacts', { name: 'M', email: 'MARA@quint-foods.example' });
    expect(live.status).toBe(409);
    expect(live.json.errors).toEqual([
      expect.objectContaining({ field: 'email', code: 'duplicate_value', additional_info: { user_id: mara?.['id'] } }),
    ]);
    await freshdesk(sandbox, 'DELETE', `/contacts/${String(mara?.['id'])}`);
    const deleted = await freshdesk(sandbox, 'POST', '/contacts', { name: 'M', email: 'mara@quint-foods.example' });
    expect(deleted.status).toBe(409);
    expect(
      (await freshdesk(sandbox, 'PUT', `/contacts/${deleted.json.errors[0].additional_info.user_id}`, { name: 'M' }))
        .status,
    ).toBe(405);
    const agent = await freshdesk(sandbox, 'POST', '/contacts', { name: 'R', email: 'robin@acme.example' });
    const agentId = agent.json.errors[0].additional_info.user_id;
    const put = await freshdesk(sandbox, 'PUT', `/contacts/${agentId}`, { name: 'M' });
    expect([put.status, put.text]).toEqual([404, '']);
  });

  it('names several clashes at once, and phones only when they are unique', async () => {
    await freshdesk(sandbox, 'POST', '/contacts', { name: 'A', unique_external_id: 'u1', mobile: '+1' });
    const body = { name: 'B', email: 'mara@quint-foods.example', unique_external_id: 'u1', mobile: '+1' };
    expect((await freshdesk(sandbox, 'POST', '/contacts', body)).json.errors.map((error: Json) => error.field)).toEqual(
      ['email', 'unique_external_id'],
    );
    sandbox.control.setKnobs({ freshdesk: { uniqueMobile: true } });
    expect((await freshdesk(sandbox, 'POST', '/contacts', body)).json.errors).toHaveLength(3);
  });

  it('links a contact to the company of its domain and refuses unknown attributes', async () => {
    const made = await freshdesk(sandbox, 'POST', '/contacts', {
      name: 'New',
      email: 'new@quint-foods.example',
      custom_fields: { plan: 'pro' },
    });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ custom_fields: { plan: 'pro', signup_method: null }, deleted: false });
    expect(made.json.company_id).not.toBeNull();
    const refused = await freshdesk(sandbox, 'POST', '/contacts', { first_name: 'x', custom_fields: { cf_plan: 'y' } });
    expect(refused.json.errors.map((error: Json) => error.field)).toEqual([
      'first_name',
      'custom_fields.cf_plan',
      'name',
      'email',
    ]);
  });

  it('filters by external id, refuses to, or ignores it, as the knob says', async () => {
    await freshdesk(sandbox, 'POST', '/contacts', { name: 'A', unique_external_id: 'u1' });
    const ask = () => freshdesk(sandbox, 'GET', '/contacts?unique_external_id=u1');
    expect((await ask()).json).toHaveLength(1);
    sandbox.control.setKnobs({ freshdesk: { externalIdFilter: 'rejected' } });
    expect((await ask()).status).toBe(400);
    sandbox.control.setKnobs({ freshdesk: { externalIdFilter: 'ignored' } });
    expect((await ask()).json.length).toBeGreaterThan(1);
  });

  it('searches late when told to', async () => {
    sandbox.control.setKnobs({ freshdesk: { searchLagMs: 60_000 } });
    await freshdesk(sandbox, 'POST', '/contacts', { name: 'Late', email: 'late@x.example' });
    const search = () =>
      freshdesk(sandbox, 'GET', `/search/contacts?query=${encodeURIComponent('"email:\'late@x.example\'"')}`);
    expect((await search()).json.total).toBe(0);
    sandbox.control.advanceClock(60_000);
    expect((await search()).json.total).toBe(1);
    const both = await freshdesk(
      sandbox,
      'GET',
      `/search/tickets?query=${encodeURIComponent('"(status:2 OR status:3) AND priority:>3"')}`,
    );
    expect(both.json.results.map((ticket: Json) => ticket.id)).toEqual([1]);
    expect((await freshdesk(sandbox, 'GET', '/search/tickets?query=status:2')).status).toBe(400);
  });

  it('counts credits in a fixed minute and says how long to wait', async () => {
    sandbox.control.setKnobs({ freshdesk: { quotaPerMinute: 4 } });
    const first = await freshdesk(sandbox, 'GET', '/tickets/1?include=requester,company');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1.0');
    expect((await freshdesk(sandbox, 'GET', '/tickets/999')).status).toBe(404);
    const refused = await freshdesk(sandbox, 'GET', '/tickets/1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    sandbox.control.advanceClock(60_000);
    expect((await freshdesk(sandbox, 'GET', '/tickets/1')).status).toBe(200);
  });

  it('counts credits of the last 60 s where its window slides', async () => {
    sandbox.control.setKnobs({ freshdesk: { quotaPerMinute: 4, quotaWindow: 'sliding' } });
    const view = () => freshdesk(sandbox, 'GET', '/tickets/1');
    await view();
    sandbox.control.advanceClock(40_000);
    for (let i = 0; i < 3; i++) expect((await view()).status).toBe(200);
    const refused = await view();
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 20]);
    sandbox.control.advanceClock(20_000);
    const next = await view();
    expect([next.status, next.headers.get('x-ratelimit-remaining')]).toEqual([200, '0.0']);
    expect((await view()).status).toBe(429);
  });

  it('describes its fields, statuses and key', async () => {
    const fields = (await freshdesk(sandbox, 'GET', '/ticket_fields')).json;
    expect(fields.find((field: Json) => field.type === 'default_status').choices['8'][0]).toBe(
      'Field Service Required',
    );
    expect(fields.map((field: Json) => field.name)).toContain('cf_work_order_id');
    expect((await freshdesk(sandbox, 'GET', '/agents/me')).json.contact.name).toBe('Dispatch Bot');
    expect((await freshdesk(sandbox, 'GET', '/contact_fields')).json.map((field: Json) => field.name)).toContain(
      'signup_method',
    );
    expect((await freshdesk(sandbox, 'GET', '/automations/4/rules')).json.rules[0].actions[0].field_name).toBe(
      'trigger_webhook',
    );
  });
});
