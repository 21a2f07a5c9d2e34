/** What starts a dispatch beside statuses and tags, and what must hold besides (interface, sections 7 and 8). */
import { startStack, type Stack } from '../helpers/stack';
import { FIELD_SERVICE_REQUIRED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const OPEN = 2;
const [LOW, URGENT] = [1, 4];

let stack: Stack;
let desk: TicketDesk;
beforeEach(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
  // Only what the test tells is looked at.
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
});
afterEach(() => stack.stop());

const change = (id: number, patch: Parameters<Stack['sandbox']['control']['updateTicket']>[1]) => {
  stack.sandbox.control.updateTicket(id, patch);
  return stack.starter.ticketChanged(id);
};
const isSkipped = ({ state }: { state: string }): boolean => state === 'skipped';
const isDispatched = ({ state }: { state: string }): boolean => state === 'dispatched';
const fieldGroup = async (): Promise<number> => {
  const answer = await fetch(`${stack.sandbox.freshdeskUrl}/api/v2/ticket_fields`, {
    headers: { authorization: `Basic ${Buffer.from('freshdesk-key:X').toString('base64')}` },
  });
  const fields = (await answer.json()) as { type: string; choices: Record<string, number> }[];
  return fields.find(({ type }) => type === 'default_group')?.choices['Field Service'] ?? 0;
};

test('a priority that comes to match starts a visit, and the next one once it has gone and come again', async () => {
  stack.setConfig('dispatch: { when: { statuses: [], tags: [], priorities: [Urgent] } }');
  const id = desk.newTicket({ priority: LOW });
  await change(id, {});
  await stack.view(id, 'nothing', isSkipped);
  await change(id, { priority: URGENT });
  const { workOrderId } = await stack.view(id, 'the order', isDispatched);
  for (const action of ['assign', 'work-done'] as const) stack.sandbox.control.act(workOrderId ?? 0, action);
  await stack.view(id, 'the work to be done', ({ state }) => state === 'work-done');
  // A customer's reply changes no priority.
  await change(id, { status: OPEN });
  await change(id, { priority: LOW });
  const looks = stack.calls('GET /tickets/:id');
  await change(id, { subject: 'Still low' });
  await until('the look', () => stack.calls('GET /tickets/:id') > looks);
  expect(desk.ordersOf(id)).toHaveLength(1);
  await change(id, { priority: URGENT });
  await stack.view(id, 'the second visit', ({ visit, state }) => visit === 2 && state === 'dispatched');
});

test('a priority that is taken back before the work is done leaves the rule', async () => {
  stack.setConfig(
    'dispatch: { when: { statuses: [], tags: [], priorities: [Urgent] }, onTriggerRemoved: cancel, afterCreate: draft }',
  );
  const id = desk.newTicket({ priority: URGENT });
  await change(id, {});
  await stack.view(id, 'the draft', ({ workOrderId }) => workOrderId !== null);
  await change(id, { priority: LOW });
  await stack.view(id, 'its end', ({ state }) => state === 'cancelled');
});

test('dispatch.only keeps a ticket out, also when it comes to hold later, until it is triggered again', async () => {
  stack.setConfig('dispatch: { only: { groups: [Field Service] } }');
  const id = desk.newTicket();
  await change(id, { status: FIELD_SERVICE_REQUIRED });
  const out = await stack.view(id, 'to be kept out', isSkipped);
  expect(out.timeline.at(-1)?.detail).toContain('its group is not in dispatch.only.groups (Field Service)');
  await change(id, { group_id: await fieldGroup() });
  await stack.view(id, 'the second look', ({ timeline }) =>
    timeline.some(({ detail }) => detail?.includes('kept it out when it came to match') ?? false),
  );
  expect(stack.calls('POST /workorders')).toBe(0);
  await change(id, { status: OPEN });
  await stack.view(id, 'the trigger to be gone', ({ timeline }) =>
    timeline.some(({ detail }) => detail?.includes('matches no rule') ?? false),
  );
  await change(id, { status: FIELD_SERVICE_REQUIRED });
  await stack.view(id, 'the order', isDispatched);
  // Once a visit has begun it is never judged again.
  await change(id, { group_id: null, subject: 'Moved to another group' });
  await until('the change', () => JSON.stringify(desk.ordersOf(id)).includes('Moved to another group'));
});

test('a person sends somebody whatever dispatch.only says', async () => {
  stack.setConfig('dispatch: { only: { companies: [Somebody Else] } }');
  const id = desk.newTicket({ company: { name: 'Quint Foods' } });
  await change(id, { status: FIELD_SERVICE_REQUIRED });
  await stack.view(id, 'to be kept out', isSkipped);
  await stack.starter.dispatchVisit(id, 'ann');
  await stack.view(id, 'the order', isDispatched);
});

test('a company is known by its name', async () => {
  stack.setConfig('dispatch: { only: { companies: [quint foods] } }');
  const id = desk.newTicket({ company: { name: 'Quint Foods' } });
  await change(id, { status: FIELD_SERVICE_REQUIRED });
  await stack.view(id, 'the order', isDispatched);
});
