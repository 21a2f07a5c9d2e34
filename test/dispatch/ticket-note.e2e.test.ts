/** `alerts.ticketNote`: the agent is told in Freshdesk at once when a ticket cannot be sent, and when that is put right. */
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

const notes = (id: number): string[] =>
  stack.sandbox.control.conversations(id).map((note) => String(note.body_text).replace(/\s+/g, ' '));
const having = (id: number, part: string): string[] => notes(id).filter((text) => text.includes(part));

test('one note says what is missing in the agent’s own words, and one that it is put right', async () => {
  const id = desk.newTicket({ custom_fields: { cf_site_address: null } });
  desk.trigger(id);
  await until('the note', () => having(id, 'cannot be sent to the field').length > 0);
  expect(having(id, 'cannot be sent to the field')).toEqual([
    expect.stringContaining('Fill in "Site address" in the ticket'),
  ]);
  // The same cause is told once, however often it is looked at.
  await stack.starter.retry(id);
  stack.sandbox.control.updateTicket(id, { subject: 'Still without an address' });
  await desk.settled(id);
  expect(having(id, 'cannot be sent to the field')).toHaveLength(1);
  expect(having(id, 'The problem is fixed')).toHaveLength(0);

  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_address: '200 Elm Ave' } });
  await stack.view(id, 'the order', ({ state }) => state === 'dispatched');
  await until('the end of it', () => having(id, 'The problem is fixed').length === 1);
  await desk.settled(id);
  expect(notes(id)).toHaveLength(2);
  // What Deskbridge says to agents is not for the field.
  expect(JSON.stringify(desk.ordersOf(id))).not.toContain('The problem is fixed');
});

test('an order that Field Nation refuses is told, too', async () => {
  stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400 },
  });
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.view(id, 'the refusal', ({ attention }) => attention?.reason === 'rejected');
  await until('the note', () => having(id, 'cannot be sent to the field').length === 1);
});

test('a change that cannot be mapped is told once, and that it is put right', async () => {
  const { id } = await desk.inTheField();
  const { control } = stack.sandbox;
  control.updateTicket(id, { custom_fields: { cf_site_address: null } });
  await until('the note', () => having(id, 'The work order stays as it was').length === 1);
  control.updateTicket(id, { subject: 'Still without an address' });
  await stack.view(id, 'the attention', ({ attention }) => attention?.reason === 'mapping');
  await desk.quiet(id);
  expect(notes(id)).toEqual([expect.stringContaining('Fill in "Site address" in the ticket')]);
  control.updateTicket(id, { custom_fields: { cf_site_address: '200 Elm Ave' } });
  await until('the end of it', () => having(id, 'The problem is fixed').length === 1);
  await desk.quiet(id);
  expect(notes(id)).toHaveLength(2);
});

test('a change that could not be mapped and does not matter any more is not told as put right', async () => {
  const { id, workOrderId } = await desk.assigned();
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_address: null } });
  await until('the note', () => having(id, 'The work order stays as it was').length === 1);
  for (const action of ['check-in', 'check-out', 'work-done'] as const) stack.sandbox.control.act(workOrderId, action);
  await stack.view(id, 'the work to be done', ({ state }) => state === 'work-done');
  await desk.quiet(id);
  expect(having(id, 'The problem is fixed')).toEqual([]);
});

test('nothing is written where it is off', async () => {
  stack.setConfig('alerts: { ticketNote: off }');
  const id = desk.newTicket({ custom_fields: { cf_site_address: null } });
  desk.trigger(id);
  await stack.view(id, 'the attention', ({ attention }) => attention?.reason === 'mapping');
  await desk.settled(id);
  expect(notes(id)).toEqual([]);
});
