import { createHmac } from 'node:crypto';

import type { Sandbox } from '../../sandbox';
import { freshdesk, receiver, SECRET, start, until } from './helpers';

describe('webhooks of the sandbox', () => {
  let sandbox: Sandbox;
  let target: Awaited<ReturnType<typeof receiver>>;
  const begin = async (...statuses: number[]): Promise<void> => {
    target = await receiver(...statuses);
    sandbox = await start({ deskbridgeUrl: target.url, timeScale: 1000 });
  };
  const orderNamed = async (title: string): Promise<number> => {
    const reply = await fetch(`${sandbox.fieldNationUrl}/authentication/api/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret' }),
    });
    const { access_token } = (await reply.json()) as { access_token: string };
    const made = await fetch(`${sandbox.fieldNationUrl}/api/rest/v2/workorders?access_token=${access_token}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ title }),
    });
    return ((await made.json()) as { id: number }).id;
  };
  afterEach(async () => {
    await sandbox.stop();
    await target.close();
  });

  it('tells a ticket that needs a technician, with the secret and the advanced content', async () => {
    await begin(202);
    const created = sandbox.control.createTicket({ status: 8 });
    await sandbox.control.idle();
    expect(target.received).toHaveLength(1);
    expect(target.received[0]).toMatchObject({
      path: '/webhooks/freshdesk',
      json: { ticket_id: String(created['id']), account: 'acme', triggered_event: '{ticket_action:created}' },
    });
    expect(target.received[0]?.headers['x-webhook-secret']).toBe('rule-secret');
    sandbox.control.createTicket({ status: 2 });
    await sandbox.control.idle();
    expect(target.received).toHaveLength(1);
  });

  it('fires update rules on API writes, unless told not to', async () => {
    await begin(202);
    await freshdesk(sandbox, 'PUT', '/tickets/1', { status: 8 });
    await freshdesk(sandbox, 'POST', '/tickets/1/notes', { body: 'x' });
    await freshdesk(sandbox, 'PUT', '/tickets/1', { status: 8 });
    await sandbox.control.idle();
    expect(target.received.map(({ json }) => json.triggered_event)).toEqual([
      '{status:{from:2,to:8}}',
      '{note_type:private}',
    ]);
    sandbox.control.setKnobs({ freshdesk: { apiWritesTriggerRules: false } });
    await freshdesk(sandbox, 'PUT', '/tickets/1', { tags: ['on-site'] });
    sandbox.control.setKnobs({ freshdesk: { duplicateWebhooks: 3 } });
    sandbox.control.updateTicket(1, { priority: 4 }, 'requester');
    await sandbox.control.idle();
    expect(target.received).toHaveLength(5);
  });

  it('tries again after a failure, and Freshdesk gives up after the fourth call', async () => {
    await begin(500);
    sandbox.control.createTicket({ status: 8 });
    for (const minutes of [0, 5, 30, 60]) {
      sandbox.control.advanceClock(minutes * 60_000);
      await sandbox.control.idle();
    }
    await sandbox.control.idle({ retries: true });
    expect(target.received).toHaveLength(4);
    expect(sandbox.control.deliveries().at(-1)).toMatchObject({ state: 'failed', attempt: 4, lastStatus: 500 });
  });

  it('signs Field Nation events over the raw body and carries the whole order', async () => {
    await begin(202);
    const id = await orderNamed('Über: “signed”');
    sandbox.control.act(id, 'assign');
    await sandbox.control.idle();
    expect(target.received.map(({ json }) => json.event.name)).toEqual([
      'workorder.created',
      'workorder.status.draft',
      'workorder.status.assigned',
    ]);
    for (const { headers, body } of target.received) {
      expect(headers['x-fn-signature']).toBe(
        `sha256=${createHmac('sha256', SECRET).update(body, 'utf8').digest('hex')}`,
      );
      expect(headers['x-fn-delivery-id']).toMatch(/^[0-9a-f-]{36}:1$/);
    }
    const last = target.received.at(-1);
    expect(Object.keys(last?.json)).toEqual(['event', 'timestamp', 'triggered_by_user', 'workorder']);
    expect(last?.json.event.params).toEqual({ work_order_id: id, status_id: 3 });
    expect(last?.json.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[56]:00$/);
    expect(last?.json.workorder).toMatchObject({
      id,
      status: { id: 3 },
      assignee: { user: { first_name: expect.any(String) } },
    });
  });

  it('keeps the delivery uuid over attempts and does not repeat a refusal', async () => {
    await begin(503, 202, 202, 401);
    const id = await orderNamed('retried');
    await until(() => target.received.length === 3, 'the retry');
    const uuids = target.received.map(({ headers }) => String(headers['x-fn-delivery-id']));
    const [first = ''] = uuids;
    expect(uuids).toContain(first.replace(':1', ':2'));
    sandbox.control.act(id, 'assign');
    await sandbox.control.idle({ retries: true });
    expect(target.received).toHaveLength(4);
    expect(sandbox.control.deliveries().at(-1)).toMatchObject({ state: 'failed', lastStatus: 401 });
  });

  it('holds events back, releases them in another order, sends them twice and loses them while inactive', async () => {
    await begin(202);
    const id = await orderNamed('held');
    await sandbox.control.idle();
    sandbox.control.holdWebhooks();
    for (const action of ['assign', 'on-my-way', 'check-out'] as const) {
      if (action === 'check-out') expect(() => sandbox.control.act(id, action)).toThrow();
      else sandbox.control.act(id, action);
    }
    await sandbox.control.idle();
    expect(target.received).toHaveLength(2);
    sandbox.control.releaseWebhooks('reversed');
    await sandbox.control.idle();
    expect(target.received.slice(2).map(({ json }) => json.event.name)).toEqual([
      'workorder.status.on_my_way',
      'workorder.status.assigned',
    ]);
    const delivery = sandbox.control.deliveries().at(-1);
    sandbox.control.resendDelivery(delivery?.id ?? '');
    sandbox.control.sendEvent({ name: 'workorder.status.assigned', workOrderId: 42 });
    sandbox.control.setWebhookActive(false);
    sandbox.control.act(id, 'check-in');
    sandbox.control.setWebhookActive(true);
    await sandbox.control.idle();
    expect(
      target.received
        .slice(4)
        .map(({ json }) => json.event.params.work_order_id)
        .sort(),
    ).toEqual([42, id]);
  });

  it('does not tell changes made through the API when told so', async () => {
    await begin(202);
    sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
    await orderNamed('silent');
    await sandbox.control.idle();
    expect(target.received).toEqual([]);
  });
});
