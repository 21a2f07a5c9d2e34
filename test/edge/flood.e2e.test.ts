/** More at once than can be taken in time: what is not stored is answered 503, so that its sender comes again. */
import { createHmac } from 'node:crypto';
import { Pool } from 'undici';
import { correlationLine } from '../../src/domain/correlation';
import { ANSWER_WITHIN_MS } from '../../src/http/in-time';
import type { TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { startTemporalServer, type TemporalServer } from '../helpers/temporal-server';
import { startStack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

interface Answer {
  status: number;
  retryAfter: string | undefined;
}
const TAKEN = [200, 202];

/** Sends to the intake routes of a stack, as their senders do. */
function sendersOf(stack: Stack, pool: Pool) {
  const send = async (
    path: string,
    body: object,
    headers: (text: string) => Record<string, string>,
  ): Promise<Answer> => {
    const text = JSON.stringify(body);
    const answer = await pool.request({
      ...{ method: 'POST', path, body: text },
      headers: { 'content-type': 'application/json', ...headers(text) },
    });
    await answer.body.dump();
    const after = answer.headers['retry-after'];
    return { status: answer.statusCode, retryAfter: Array.isArray(after) ? after[0] : after };
  };
  const { freshdesk, fieldNation, writeKey } = stack.secrets;
  const key = Buffer.from(`${writeKey}:`).toString('base64');
  return {
    freshdesk: (ticketId: number) =>
      send('/webhooks/freshdesk', { ticket_id: ticketId }, () => ({ 'x-webhook-secret': freshdesk })),
    fieldNation: (name: string, correlationId: string, id: number) =>
      send(
        '/webhooks/field-nation',
        {
          event: { name, created_at: new Date().toISOString() },
          workorder: { id, description: { html: correlationLine(correlationId) } },
        },
        (text) => ({ 'x-fn-signature': `sha256=${createHmac('sha256', fieldNation).update(text).digest('hex')}` }),
      ),
    event: (userId: string, name: string) =>
      send(
        '/v1/identify',
        { userId, messageId: `${userId} ${name}`, traits: { name, marketing_consent: true } },
        () => ({ authorization: `Basic ${key}` }),
      ),
  };
}

describe('a flood over every intake route', () => {
  let stack: Stack;
  let desk: TicketDesk;
  useStack((...made) => ([stack, desk] = made), { withoutWorkers: true, answerWithinMs: ANSWER_WITHIN_MS });

  /** `FLOOD=5000` floods more; the default keeps the test short. */
  const EACH = Number(process.env.FLOOD ?? 200);

  it('is answered with 2xx or 503 with Retry-After, never with 429, and every 2xx is stored', async () => {
    const pool = new Pool(stack.webUrl, { connections: 300, pipelining: 1 });
    const senders = sendersOf(stack, pool);
    const { length } = desk.newTicket().toString();
    const first = 10 ** (length + 3);
    const tickets = Array.from({ length: EACH }, (_, index) => first + index);
    const all = await Promise.all(
      tickets.flatMap((ticket) => [
        senders.freshdesk(ticket).then((answer) => ({ ...answer, ticket })),
        senders.event(`flood-${ticket}`, 'Ann').then((answer) => ({ ...answer, ticket: null })),
        senders.fieldNation('workorder.assigned', '', ticket).then((answer) => ({ ...answer, ticket: null })),
      ]),
    );
    await pool.close();
    const counts: Record<string, number> = {};
    for (const { status, retryAfter } of all) {
      const what = TAKEN.includes(status) ? 'taken' : `${status}${retryAfter === undefined ? '' : ' with Retry-After'}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
    process.stderr.write(`Flood of ${all.length}: ${JSON.stringify(counts)}\n`);
    expect(Object.keys(counts).filter((what) => !['taken', '503 with Retry-After'].includes(what))).toEqual([]);
    expect(counts.taken).toBeGreaterThan(0);
    const taken = all.flatMap(({ status, ticket }) => (status === 202 && ticket !== null ? [ticket] : []));
    await Promise.all(taken.map((ticket) => stack.client.workflow.getHandle(stack.workflowId(ticket)).describe()));
  });
});

describe('a run that takes no more signals', () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  let server: TemporalServer;
  let stack: Stack;
  let pool: Pool;
  beforeAll(async () => {
    server = await startTemporalServer({ 'history.maximumSignalsPerExecution': '5' });
    process.env.TEST_TEMPORAL_ADDRESS = server.address;
    stack = await startStack({ namespace: 'default', withoutWorkers: true, policy: { turnsPerRun: 6 } });
    pool = new Pool(stack.webUrl, { connections: 1 });
  }, 120_000);
  afterAll(async () => {
    process.env.TEST_TEMPORAL_ADDRESS = address;
    await pool.close();
    await stack.stop();
    await server.stop();
  });

  /** Sends until it is refused; gives the refusal. */
  const untilRefused = async (send: (index: number) => Promise<Answer>): Promise<Answer & { taken: number }> => {
    for (let taken = 0; taken < 20; taken++) {
      const answer = await send(taken);
      if (!TAKEN.includes(answer.status)) return { ...answer, taken };
    }
    throw new Error('20 were taken');
  };

  it('is answered 503 on every intake route, and what its sender repeats is taken by the next run', async () => {
    const desk = ticketsOf(stack);
    const senders = sendersOf(stack, pool);
    const id = desk.newTicket();
    desk.trigger(id);
    const refused = { status: 503, retryAfter: expect.stringMatching(/^\d+$/), taken: expect.any(Number) };
    expect(await untilRefused(() => senders.freshdesk(id))).toEqual(refused);
    const correlationId = `FD-${stack.account}-${id}-1`;
    expect(await senders.fieldNation('workorder.assigned', correlationId, 9)).toMatchObject({ status: 503 });
    expect(await untilRefused((index) => senders.event('ann', `Ann ${index}`))).toEqual(refused);

    await stack.startWorkers();
    await until('the next run to take it', async () => (await senders.freshdesk(id)).status === 202);
    await until('the contact to take it', async () => TAKEN.includes((await senders.event('ann', 'Ann Z')).status));
    await desk.dispatched(id);
    expect(desk.publishedOrdersOf(id)).toHaveLength(1);
  });
});
