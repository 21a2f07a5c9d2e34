/** A ticket that was merged into another one is no closed ticket: a person is asked, and the question names the other. */
import type { TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

const CLOSED = 5;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { policy: { mergeWait: 1500 } });

function merge(id: number, into: number): void {
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  stack.sandbox.control.addNote(id, `This ticket is closed and merged into ticket ${into}`);
}

const said = (workOrderId: number): string => JSON.stringify(stack.sandbox.control.messages(workOrderId));

test('the order of a merged ticket is not cancelled: a person is asked', async () => {
  const { id, workOrderId } = await desk.inTheField();
  const other = desk.newTicket();
  merge(id, other);
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.detail).toContain(`merged into ticket ${other}`);
  await desk.settled(id);
  expect(stack.sandbox.control.workOrder(workOrderId)).toMatchObject({ status: { name: 'Published' } });
  await until('the people on the order to be told', () => said(workOrderId).includes(`merged into ticket ${other}`));
  await stack.starter.retry(id);
  await stack.view(id, 'it to be kept', (v) => v.state === 'dispatched' && v.timeline.some((e) => e.what === 'Kept'));
  stack.sandbox.control.addNote(id, 'Ring the bell twice');
  await until('the conversation to go on', () => said(workOrderId).includes('Ring the bell twice'));
  expect(said(workOrderId)).not.toContain('goes on');
  await desk.settled(id);
  expect(JSON.stringify(stack.sandbox.control.conversations(id))).not.toContain('Message from');
});

test('a merge is asked about where a close keeps the order, too', async () => {
  const keep = '400ms, onTicketClosed: { unassigned: keep, assigned: keep }';
  stack.setConfig(DEFAULT_TEST_CONFIG.replace('400ms', keep));
  const { id } = await desk.inTheField();
  const other = desk.newTicket();
  merge(id, other);
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.detail).toContain(`merged into ticket ${other}`);
});

test('with `keep` nobody is asked', async () => {
  stack.setConfig(DEFAULT_TEST_CONFIG.replace('400ms', '400ms, onTicketMerged: keep'));
  const { id, workOrderId } = await desk.inTheField();
  const other = desk.newTicket();
  merge(id, other);
  const view = await stack.view(id, 'the merge', (v) => v.timeline.some((e) => e.detail === 'By the config: keep'));
  expect([view.state, view.attention]).toEqual(['dispatched', null]);
  await until('the people on the order to be told', () => said(workOrderId).includes(`goes on for ticket ${other}`));
});

test('a close without such a note cancels the order that nobody has taken', async () => {
  const { id } = await desk.inTheField();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
});
