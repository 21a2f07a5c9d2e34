/** Failed calls as operators find them: by ticket, time, system and status, with what was sent and what came back. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { findFailedCalls, type FailedCalls } from '../../src/temporal/failed-calls';
import { runCli, settingsOf } from '../helpers/cli';
import { DEADLINE_MS, type Stack } from '../helpers/stack';
import { FIELD_SERVICE_REQUIRED, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => void ([stack, desk] = made));

const calls = async (...args: string[]): Promise<FailedCalls> =>
  (await runCli(['calls', ...args, '--json'], settingsOf(stack, '/nonexistent'))).json<FailedCalls>();

/** A ticket whose first create is refused, and one whose first link fails for a moment. */
async function withFailures(): Promise<{ refused: number; shaky: number }> {
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400, times: 1 });
  const refused = desk.newTicket({ subject: 'Till of Mara Quint' });
  desk.trigger(refused);
  await stack.view(refused, 'a refusal', ({ state }) => state === 'attention');
  control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 503, times: 1 });
  const shaky = desk.newTicket();
  desk.trigger(shaky);
  await desk.dispatched(shaky);
  return { refused, shaky };
}

test('they are found by ticket, system, status and time, with the request and the answer, and without personal data', async () => {
  const { refused, shaky } = await withFailures();
  const ofTicket = await calls(String(refused));
  expect(ofTicket.items).toMatchObject([{ ticketId: refused, to: 'Field Nation', status: 400, outcome: 'failed' }]);
  const [{ exchange } = {}] = ofTicket.items;
  expect(exchange?.request).toMatch(/^POST \/api\/rest\/v2\/workorders\?access_token=\*+\n\{"/);
  expect(exchange?.request).toContain('"pay":{"type":"fixed"');
  expect(exchange?.request).not.toContain('Mara');
  expect(exchange?.answer).toMatch(/^400\n/);

  // Tried again by Temporal: the last failed attempt stays in the history, with its status.
  const healed = await calls(String(shaky));
  expect(healed.items).toMatchObject([{ to: 'Freshdesk', status: 503, outcome: 'done', attempts: 2 }]);
  expect(healed.items[0]?.exchange?.request).toMatch(new RegExp(`^PUT /api/v2/tickets/${shaky}\n`));

  const idsOf = ({ items }: FailedCalls) => items.map(({ ticketId }) => ticketId);
  expect(idsOf(await calls())).toEqual(expect.arrayContaining([refused, shaky]));
  expect(idsOf(await calls('--system', 'freshdesk'))).toEqual([shaky]);
  expect(idsOf(await calls('--status', '400'))).toEqual([refused]);
  expect(idsOf(await calls('--since', new Date(Date.now() + 60_000).toISOString()))).toEqual([]);

  const { out } = await runCli(['calls', String(refused)], settingsOf(stack, '/nonexistent'));
  expect(out).toMatch(new RegExp(`Ticket ${refused} {2}Field Nation: create work order – status 400, failed`));
  expect(out).toMatch(/^ {2}sent {4}POST /m);
  const page = await (await fetch(`${stack.webUrl}/dispatches/${refused}/calls`)).text();
  expect(page).toContain('POST /api/rest/v2/workorders?access_token=***');
  expect(page).not.toContain('Mara');
  expect(await (await fetch(`${stack.webUrl}/dispatches/${refused}`)).text()).toContain(`/dispatches/${refused}/calls`);
});

describe('with keys set', () => {
  let encrypted: Stack;
  const key = { id: 'k1', secret: createSecretKey(randomBytes(32)) };
  useStack((made) => void (encrypted = made), { encryptionKeys: [key] });

  test('they are encrypted, and a call that waits for its next attempt keeps its status and both sides', async () => {
    const { client, account, sandbox } = encrypted;
    sandbox.control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 503 });
    const id = Number(sandbox.control.createTicket({ status: FIELD_SERVICE_REQUIRED }).id);
    let found: FailedCalls = { items: [], tickets: 0, more: false };
    await until('the failed attempt', async () => {
      const since = new Date(0).toISOString();
      found = await findFailedCalls({ client, account, deadlineMs: DEADLINE_MS }, { ticketId: id, since });
      return found.items.length > 0;
    });
    expect(found.items[0]).toMatchObject({ to: 'Freshdesk', status: 503 });
    expect(found.items[0]?.exchange?.answer).toMatch(/^503/);
    const raw = await client.workflow.getHandle(encrypted.workflowId(id)).describe();
    const failure = JSON.stringify(raw.raw.pendingActivities?.map(({ lastFailure }) => lastFailure));
    expect(failure).not.toContain('PUT');
  });
});
