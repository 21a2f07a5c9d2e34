/** Failed calls as operators find them: by ticket, time, system and status, with what was sent and what came back. */
import type { FailedCalls } from '../../src/temporal/failed-calls';
import { runCli, settingsOf } from '../helpers/cli';
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
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
