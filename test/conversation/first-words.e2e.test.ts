/** What people write in a visit's first and last moments reaches the work order and the ticket. */
import { FIELD_SERVICE_REQUIRED, RESOLVED, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { nextSecond, until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

const PDF = { name: 'plan.pdf', type: 'application/pdf', content: 'the plan of the site' };

test('a note with a file, written between the trigger and the first look, reaches the order', async () => {
  const { control } = stack.sandbox;
  control.holdWebhooks('freshdesk');
  const id = desk.newTicket({ status: FIELD_SERVICE_REQUIRED });
  await nextSecond();
  control.addNote(id, 'Ring the bell twice', { attachments: [PDF] });
  control.releaseWebhooks('created', 'freshdesk');
  const workOrderId = await desk.dispatched(id);
  await until('the note', () => JSON.stringify(control.messages(workOrderId)).includes('Ring the bell twice'));
  await until('the file', () => JSON.stringify(control.workOrder(workOrderId)).includes('plan.pdf'));
});

test('of what was written before the trigger nothing goes out that is older than the last look without one', async () => {
  const { control } = stack.sandbox;
  const id = desk.newTicket();
  control.addNote(id, 'Older words');
  await desk.postFreshdeskWebhook({ ticket_id: id });
  await stack.view(id, 'a look without a trigger', ({ state }) => state === 'skipped');
  await nextSecond();
  control.addNote(id, 'Newer words');
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const said = (): string => JSON.stringify(control.messages(workOrderId));
  await until('the newer words', () => said().includes('Newer words'));
  expect(said()).not.toContain('Older words');
});

test('files of the ticket reach the order, and those of the technician the ticket, when the job is done at once', async () => {
  stack.setConfig(DEFAULT_TEST_CONFIG.replace('400ms', '400ms, deliverables: true'));
  const { control } = stack.sandbox;
  const id = desk.newTicket({ attachments: [PDF] });
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  for (const action of ['assign', 'check-in', 'upload', 'check-out', 'work-done'] as const)
    control.act(workOrderId, action);
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await until('the file in Field Nation', () => JSON.stringify(control.workOrder(workOrderId)).includes('plan.pdf'));
  await until('the file in Freshdesk', () =>
    desk.privateNotes(id).some((note) => (note.attachments as unknown[]).length > 0),
  );
});
