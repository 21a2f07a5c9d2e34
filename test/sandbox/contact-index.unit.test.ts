import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';

import type { Sandbox } from '../../sandbox';
import { ContactIndex } from '../../sandbox/freshdesk/contact-index';
import type { IndexedField } from '../../sandbox/freshdesk/contact-index';
import { hasEmail } from '../../sandbox/freshdesk/contacts';
import type { Contact } from '../../sandbox/freshdesk/types';
import { freshdesk, start } from './helpers';
import type { Json } from './helpers';

describe('the values that contacts hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'contacts-'));
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await start();
  });
  afterEach(() => sandbox.stop());
  afterAll(() => rmSync(folder, { recursive: true }));

  const create = async (body: object): Promise<number> => {
    const { status, json } = await freshdesk(sandbox, 'POST', '/contacts', { name: 'A', ...body });
    expect(status).toBe(201);
    return json.id;
  };
  /** The field and holder of each clash; empty when it would be created. */
  const clashes = async (body: object): Promise<[string, number][]> => {
    const { status, json } = await freshdesk(sandbox, 'POST', '/contacts', { name: 'B', ...body });
    if (status === 201) return [];
    return json.errors.map((error: Json) => [error.field, error.additional_info.user_id]);
  };
  const listed = async (query: string): Promise<number[]> =>
    (await freshdesk(sandbox, 'GET', `/contacts?${query}`)).json.map((contact: Json) => contact.id);

  it('are free again once an update has replaced them', async () => {
    const id = await create({ email: 'old@x.example', unique_external_id: 'u1', twitter_id: 't1' });
    await freshdesk(sandbox, 'PUT', `/contacts/${id}`, { email: 'New@x.example', unique_external_id: 'u2' });
    expect(await clashes({ email: 'new@x.example', unique_external_id: 'u2', twitter_id: 't1' })).toEqual([
      ['email', id],
      ['twitter_id', id],
      ['unique_external_id', id],
    ]);
    expect(await clashes({ email: 'OLD@x.example', unique_external_id: 'u1' })).toEqual([]);
    expect(await listed('email=new%40x.example')).toEqual([id]);
  });

  it('stay with their holder when he sends them again, or clears others', async () => {
    const id = await create({ email: 'a@x.example', phone: '+441' });
    await freshdesk(sandbox, 'PUT', `/contacts/${id}`, { email: 'a@x.example', phone: null });
    expect(await clashes({ email: 'a@x.example' })).toEqual([['email', id]]);
    expect(await listed('phone=%2B441')).toEqual([]);
  });

  it('count other addresses, until they are taken away', async () => {
    const id = await create({ email: 'a@x.example', other_emails: ['Second@x.example'] });
    expect(await clashes({ email: 'second@x.example' })).toEqual([['email', id]]);
    expect(await listed('email=SECOND%40x.example')).toEqual([id]);
    await freshdesk(sandbox, 'PUT', `/contacts/${id}`, { other_emails: [] });
    expect(await clashes({ email: 'second@x.example' })).toEqual([]);
  });

  it('stay taken by a deleted contact, also after it is restored, and are free once it is gone for good', async () => {
    const id = await create({ email: 'a@x.example' });
    await freshdesk(sandbox, 'DELETE', `/contacts/${id}`);
    expect(await clashes({ email: 'a@x.example' })).toEqual([['email', id]]);
    expect(await listed('email=a%40x.example')).toEqual([]);
    await freshdesk(sandbox, 'PUT', `/contacts/${id}/restore`);
    expect(await clashes({ email: 'a@x.example' })).toEqual([['email', id]]);
    expect(await listed('email=a%40x.example')).toEqual([id]);
    await freshdesk(sandbox, 'DELETE', `/contacts/${id}/hard_delete?force=true`);
    expect(await clashes({ email: 'a@x.example' })).toEqual([]);
  });

  it('are shared by phones, of which the oldest holder is named', async () => {
    const first = await create({ phone: '+441', mobile: '+442' });
    const second = await create({ phone: '+441', mobile: '+442' });
    expect(await listed('phone=%2B441')).toEqual([first, second]);
    expect(await listed('mobile=%2B442')).toEqual([first, second]);
    sandbox.control.setKnobs({ freshdesk: { uniquePhone: true, uniqueMobile: true } });
    const both = { phone: '+441', mobile: '+442' };
    expect(await clashes(both)).toEqual([
      ['mobile', first],
      ['phone', first],
    ]);
    await freshdesk(sandbox, 'PUT', `/contacts/${first}`, { phone: null, mobile: null, email: 'a@x.example' });
    expect((await clashes(both)).map(([, holder]) => holder)).toEqual([second, second]);
  });

  it('are known again after a restart', async () => {
    const dataFile = join(folder, 'a.jsonl');
    await sandbox.stop();
    sandbox = await start({ dataFile });
    const id = await create({ email: 'a@x.example', unique_external_id: 'u1' });
    await freshdesk(sandbox, 'PUT', `/contacts/${id}`, { email: 'b@x.example' });
    await sandbox.stop();
    sandbox = await start({ dataFile });
    expect(await clashes({ email: 'b@x.example', unique_external_id: 'u1' })).toEqual([
      ['email', id],
      ['unique_external_id', id],
    ]);
    expect(await clashes({ email: 'a@x.example' })).toEqual([]);
  });

  it('find the requester of a ticket, and the one a person names', async () => {
    const id = await create({ email: 'a@x.example' });
    const ticket = { subject: 'S', description: 'D', status: 2, priority: 1, source: 2, email: 'A@x.example' };
    expect((await freshdesk(sandbox, 'POST', '/tickets', ticket)).json.requester_id).toBe(id);
    const requester = { name: 'A', email: 'A@X.example' };
    expect(sandbox.control.createTicket({ requester })['requester_id']).toBe(id);
  });

  it('refuse an unknown state, also when nobody holds the value', async () => {
    expect((await freshdesk(sandbox, 'GET', '/contacts?email=nobody%40x.example&state=asleep')).status).toBe(400);
  });

  it('are those that a look at every contact would find', () => {
    const value = fc.constantFrom('a@x', 'B@x', 'c', '');
    const nullable = fc.option(value, { nil: null });
    const contact = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      email: nullable.map((email) => email?.toLowerCase() ?? null),
      other_emails: fc.array(value, { maxLength: 2 }),
      phone: nullable,
      mobile: nullable,
      twitter_id: nullable,
      unique_external_id: nullable,
    }) as fc.Arbitrary<Contact>;
    const step = fc.oneof(contact, fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const index = new ContactIndex();
        const all = new Map<number, Contact>();
        for (const one of steps) {
          if (typeof one === 'number') {
            all.delete(one);
            index.forget(one);
            continue;
          }
          // In place, as the sandbox changes its records.
          const kept = Object.assign(all.get(one.id) ?? one, one);
          all.set(kept.id, kept);
          index.note(kept);
        }
        const ids = (holds: (contact: Contact) => boolean): number[] =>
          [...all.values()]
            .filter(holds)
            .map(({ id }) => id)
            .sort((a, b) => a - b);
        for (const wanted of ['a@x', 'b@x', 'B@x', 'c', '']) {
          expect(index.find('email', wanted)).toEqual(ids((one) => hasEmail(one, wanted)));
          for (const field of ['phone', 'mobile', 'twitter_id', 'unique_external_id'] satisfies IndexedField[])
            expect(index.find(field, wanted)).toEqual(ids((one) => one[field] === wanted));
        }
      }),
    );
  });
});
