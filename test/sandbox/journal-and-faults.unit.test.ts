import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Fault, Sandbox } from '../../sandbox';
import { completeOrder, control, fieldNation, freshdesk, get, receiver, send, start, token } from './helpers';

describe('journal, faults and page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const running: Sandbox[] = [];
  const begin = async (options: Parameters<typeof start>[0] = {}): Promise<Sandbox> => {
    const sandbox = await start(options);
    running.push(sandbox);
    return sandbox;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sandbox) => sandbox.stop()));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has everything that was answered in the file, also when it is killed with a torn line', async () => {
    const dataFile = join(folder, 'a.jsonl');
    const before = await begin({ dataFile });
    const key = await token(before);
    const { id } = (await fieldNation(before, key, 'POST', '/workorders', completeOrder())).json;
    await freshdesk(before, 'POST', '/tickets/1/notes', { body: 'kept' });
    // Copied while it runs: what a kill would leave behind.
    const left = join(folder, 'b.jsonl');
    copyFileSync(dataFile, left);
    appendFileSync(left, '{"c":"orders","k":"9","v":{"id"');
    const after = await begin({ dataFile: left });
    expect((await fieldNation(after, key, 'GET', `/workorders/${id}`)).json.title).toBe('Ticket 1: replace printer');
    expect((await freshdesk(after, 'GET', '/tickets/1/conversations')).json.at(-1).body_text).toBe('kept');
    expect((await fieldNation(after, key, 'POST', '/workorders', { title: 'next' })).json.id).toBe(id + 1);
    expect(after.control.tickets()).toHaveLength(2);
    expect(readFileSync(left, 'utf8')).not.toContain('"k":"9"');
  });

  it('reads a journal with lines longer than it reads at once, and names a damaged line', async () => {
    const dataFile = join(folder, 'long.jsonl');
    const before = await begin({ dataFile });
    const content = 'ä'.repeat(3_000_000);
    before.control.createTicket({ attachments: [{ name: 'long.txt', content }] });
    before.control.addNote(3, 'after the long one');
    await before.stop();
    running.length = 0;
    const after = await begin({ dataFile });
    expect(after.control.ticket(3)['attachments']).toMatchObject([{ size: Buffer.byteLength(content) }]);
    expect(after.control.conversations(3)).toMatchObject([{ body_text: 'after the long one' }]);
    const damaged = join(folder, 'damaged.jsonl');
    writeFileSync(damaged, `${readFileSync(dataFile, 'utf8').split('\n')[0]}\n{"c":\n{"c":"x","k":"1","v":{}}\n`);
    await expect(begin({ dataFile: damaged })).rejects.toThrow('damaged in line 2');
  });

  it('counts the calls by route and status', async () => {
    const sandbox = await begin();
    await freshdesk(sandbox, 'GET', '/tickets/1');
    await freshdesk(sandbox, 'GET', '/tickets/2');
    await freshdesk(sandbox, 'GET', '/tickets/99');
    expect((await control(sandbox, 'GET', '/calls')).json).toEqual([
      { system: 'freshdesk', route: 'GET /tickets/:id', status: 200, count: 2 },
      { system: 'freshdesk', route: 'GET /tickets/:id', status: 404, count: 1 },
    ]);
    sandbox.control.clearHistory();
    expect(sandbox.control.calls()).toEqual([]);
  });

  it('gives all tickets, or the newest, and one contact by its id', async () => {
    const sandbox = await begin();
    const { id, requester_id: requester } = sandbox.control.createTicket();
    expect(sandbox.control.tickets()).toHaveLength(3);
    expect((await control(sandbox, 'GET', '/tickets?newest=1')).json).toMatchObject([{ id }]);
    expect((await control(sandbox, 'GET', '/tickets?newest=0')).status).toBe(400);
    expect((await control(sandbox, 'GET', `/contacts/${Number(requester)}`)).json).toMatchObject({ id: requester });
    expect(sandbox.control.contact(1)).toBeNull();
  });

  it('searches orders as they are now, and as the knobs say', async () => {
    const sandbox = await begin();
    const key = await token(sandbox);
    const { id } = (await fieldNation(sandbox, key, 'POST', '/workorders', completeOrder())).json;
    const found = async (text: string): Promise<number> =>
      (await fieldNation(sandbox, key, 'GET', `/workorders?f_search=${text}`)).json.metadata.total;
    expect([await found('fd-acme-1-1'), await found('swap')]).toEqual([1, 1]);
    await fieldNation(sandbox, key, 'PUT', `/workorders/${id}`, { title: 'Another one' });
    expect([await found('another'), await found('replace')]).toEqual([1, 0]);
    sandbox.control.setKnobs({ fieldNation: { searchesDescription: false } });
    expect([await found('fd-acme-1-1'), await found('swap')]).toEqual([1, 0]);
  });

  it('goes on with undelivered webhooks after a restart', async () => {
    const dataFile = join(folder, 'c.jsonl');
    const down = await receiver(503);
    const before = await begin({ dataFile, deskbridgeUrl: down.url });
    before.control.createTicket({ status: 8 });
    await before.control.idle();
    await before.stop();
    running.length = 0;
    await down.close();
    const up = await receiver(202);
    const after = await begin({ dataFile, deskbridgeUrl: up.url });
    after.control.advanceClock(300_000);
    await after.control.idle({ retries: true });
    expect(up.received).toHaveLength(1);
    await up.close();
  });

  it('stores the order and cuts the connection when the answer is to be lost', async () => {
    const sandbox = await begin();
    const key = await token(sandbox);
    sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
    await expect(fieldNation(sandbox, key, 'POST', '/workorders', completeOrder())).rejects.toThrow();
    expect(sandbox.control.workOrders()).toHaveLength(1);
    expect((await fieldNation(sandbox, key, 'POST', '/workorders', completeOrder())).status).toBe(200);
    expect(
      sandbox.control
        .history()
        .filter(({ route }) => route === 'POST /workorders')
        .map(({ status }) => status),
    ).toEqual([null, 200]);
  });

  it('cuts before the effect, answers with a status, with HTML, and late', async () => {
    const sandbox = await begin();
    const add = (fault: Fault): string => sandbox.control.addFault(fault);
    add({ system: 'freshdesk', method: 'PUT', path: '^/tickets/\\d+$', kind: 'reset-before', times: 1 });
    await expect(freshdesk(sandbox, 'PUT', '/tickets/1', { priority: 4 })).rejects.toThrow();
    expect(sandbox.control.ticket(1)['priority']).toBe(3);
    add({ system: 'freshdesk', kind: 'status', status: 429, retryAfter: '7', times: 1 });
    const limited = await freshdesk(sandbox, 'GET', '/tickets/1');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    add({ system: 'freshdesk', kind: 'html', times: 1 });
    const page = await freshdesk(sandbox, 'GET', '/tickets/1');
    expect([page.status, page.json]).toEqual([502, null]);
    add({ system: 'freshdesk', kind: 'slow', delayMs: 80, times: 1 });
    const started = Date.now();
    expect((await freshdesk(sandbox, 'GET', '/tickets/1')).status).toBe(200);
    expect(Date.now() - started).toBeGreaterThanOrEqual(75);
    expect(sandbox.control.faults().map(({ hits }) => hits)).toEqual([1, 1, 1, 1]);
  });

  it('hits the same requests for the same seed', async () => {
    const sandbox = await begin();
    const run = async (): Promise<number[]> => {
      sandbox.control.clearFaults();
      sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 500, probability: 0.5, seed: 7 });
      const statuses: number[] = [];
      for (let i = 0; i < 12; i += 1) statuses.push((await freshdesk(sandbox, 'GET', '/account')).status);
      return statuses;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it('shows tickets and work orders on its page, escaped, and takes its forms', async () => {
    const sandbox = await begin();
    sandbox.control.createTicket({ subject: '<script>alert(1)</script>' });
    sandbox.control.addNote(3, 'for <b>us</b>');
    const page = await get(sandbox.url);
    expect(page.text).toContain('&lt;script&gt;alert(1)');
    expect(page.text).not.toContain('<script>alert');
    expect((await get(`${sandbox.url}/tickets/3`)).text).toContain('private note');
    const form = { method: 'POST', body: new URLSearchParams({ status: '8' }), redirect: 'manual' as const };
    expect((await send(`${sandbox.url}/tickets/3/status`, form)).status).toBe(303);
    expect(sandbox.control.ticket(3)['status']).toBe(8);
    const foreign = await send(`${sandbox.url}/tickets/3/status`, {
      ...form,
      headers: { Origin: 'http://evil.example' },
    });
    expect(foreign.status).toBe(403);
    const made = await send(`${sandbox.url}/tickets`, {
      method: 'POST',
      body: new URLSearchParams({
        subject: 'S',
        description: 'D',
        email: 'a@b.example',
        cf_site_city: 'Reno',
        field: '1',
      }),
      redirect: 'manual',
    });
    expect(made.headers.get('location')).toBe('/tickets/4');
    expect(sandbox.control.ticket(4)).toMatchObject({ status: 8, custom_fields: { cf_site_city: 'Reno' } });
  });
});
