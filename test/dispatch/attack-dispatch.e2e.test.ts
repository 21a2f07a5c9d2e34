/** Attacks on what moves a dispatch: events of other visits, steps that somebody else did by hand, words that come too late. */
import { FIELD_SERVICE_REQUIRED, OPEN, RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const PENDING = 3;
const CLOSED = 5;
const ASK = 'dispatch: { createPatience: 400ms, onTicketClosed: { unassigned: ask, assigned: ask } }\n';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
  // Tells Deskbridge of every change of a linked ticket, as the documented set of rules does.
  stack.sandbox.control.setRule(3, { active: true });
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
  stack.setConfig(DEFAULT_TEST_CONFIG);
});

const refuse = (system: 'freshdesk' | 'field-nation', path: string, status: number, times?: number): string =>
  stack.sandbox.control.addFault({ system, path, kind: 'status', status, ...(times ? { times } : {}) });
const act: Stack['sandbox']['control']['act'] = (id, action, options) => stack.sandbox.control.act(id, action, options);
/** Later by Field Nation's clock, so that what follows is no news of the same second. */
const later = (): void => stack.sandbox.control.advanceClock(60_000);
const change = (id: number, patch: object): unknown =>
  stack.sandbox.control.updateTicket(id, patch as Parameters<typeof stack.sandbox.control.updateTicket>[1]);
const told = (id: number, words: string): Promise<unknown> =>
  stack.view(id, `"${words}" in the timeline`, (v) =>
    v.timeline.some(({ what, detail }) => `${what} ${detail}`.includes(words)),
  );
const quiet = async (id: number): Promise<void> => {
  await stack.sandbox.control.idle();
  await desk.settled(id);
};
const dispatched = async (patch: object = {}): Promise<{ id: number; order: number }> => {
  const id = desk.newTicket(patch);
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await quiet(id);
  return { id, order };
};
const deletesOf = (order: number): number =>
  stack.sandbox.control.history().filter((c) => c.method === 'DELETE' && c.path.endsWith(`/workorders/${order}`))
    .length;

describe('events of an earlier visit', () => {
  const secondVisit = async (): Promise<{ id: number; first: number; second: number }> => {
    const { id, order: first } = await dispatched();
    await desk.finish(id, first);
    desk.trigger(id);
    const { workOrderId } = await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    await quiet(id);
    return { id, first, second: workOrderId ?? 0 };
  };

  test.each(['approve', 'cancel'] as const)(
    '%s of it leaves the question about the newest one open',
    async (action) => {
      stack.setConfig(ASK);
      const { id, first, second } = await secondVisit();
      change(id, { status: CLOSED });
      await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
      later();
      act(first, action);
      await told(id, action === 'approve' ? 'status.approved' : 'status.cancelled');
      await quiet(id);
      const { attention, visit, workOrderId } = await stack.view(id, 'the dispatch', () => true);
      expect({ reason: attention?.reason, visit, workOrderId }).toEqual({
        reason: 'decision',
        visit: 2,
        workOrderId: second,
      });
    },
  );

  test('payment of it leaves a refused cancel of the newest one waiting', async () => {
    const { id, first, second } = await secondVisit();
    act(first, 'approve');
    await told(id, 'status.approved');
    refuse('field-nation', 'deleteWorkOrder', 403);
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the refusal', (v) => v.attention?.reason === 'unauthorized');
    const tries = deletesOf(second);
    later();
    act(first, 'pay');
    await told(id, 'status.paid');
    await quiet(id);
    expect(deletesOf(second)).toBe(tries);
    expect(await stack.dispatches.view(id)).toMatchObject({ attention: { reason: 'unauthorized' } });
  });
});

describe('a publish that somebody else did', () => {
  test('ends the attention of the one that was refused, and no second one is tried', async () => {
    refuse('field-nation', 'publishWorkOrder', 403);
    const id = desk.newTicket();
    desk.trigger(id);
    const { workOrderId } = await stack.view(id, 'the refusal', (v) => v.attention?.reason === 'unauthorized');
    await quiet(id);
    const tries = stack.calls('POST /workorders/:id/publish');
    act(workOrderId ?? 0, 'assign');
    await stack.view(id, 'the assignment', (v) => v.state === 'assigned' && v.attention === null);
    await stack.starter.retry(id);
    await quiet(id);
    expect(stack.calls('POST /workorders/:id/publish')).toBe(tries);
  });

  test('whose own answer was lost makes the note of the second visit once', async () => {
    const { id, order } = await dispatched();
    await desk.finish(id, order);
    const before = desk.privateNotes(id).length;
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
    desk.trigger(id);
    await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    await until('the note', () => desk.privateNotes(id).length > before);
    await quiet(id);
    expect(desk.privateNotes(id)).toHaveLength(before + 1);
  });
});

describe('effects that waited for a person', () => {
  const withTechnician = (extra = ''): string => `dispatch: { createPatience: 400ms }
status:
  assigned: { ticketStatus: Pending, addTags: [planned], fields: { cf_technician: '{{provider.name}}' } }
  checked-in: { addTags: [arrived] }
${extra}`;

  test('are still written where no later one wrote the same', async () => {
    stack.setConfig(withTechnician());
    const { id, order } = await dispatched();
    refuse('freshdesk', 'updateTicket', 400, 1);
    act(order, 'assign');
    await stack.view(id, 'the refusal', (v) => v.attention !== null);
    later();
    act(order, 'check-in');
    await until('the later effect', () => JSON.stringify(stack.sandbox.control.ticket(id).tags).includes('arrived'));
    await stack.starter.retry(id);
    await stack.view(id, 'no attention', (v) => v.attention === null);
    await quiet(id);
    const ticket = stack.sandbox.control.ticket(id);
    expect(ticket.status).toBe(PENDING);
    expect(ticket.tags).toEqual(expect.arrayContaining(['planned', 'arrived']));
  });

  test('do not bring back what a later one replaced', async () => {
    stack.setConfig(withTechnician());
    const { id, order } = await dispatched();
    const technician = (): unknown =>
      (stack.sandbox.control.ticket(id).custom_fields as object)['cf_technician' as never];
    refuse('freshdesk', 'updateTicket', 400, 1);
    act(order, 'assign', { providerId: 55021 });
    await stack.view(id, 'the refusal', (v) => v.attention !== null);
    later();
    act(order, 'cancel-assignment');
    later();
    act(order, 'assign', { providerId: 55034 });
    await until('the second technician', () => Boolean(technician()));
    await quiet(id);
    const second = technician();
    await stack.starter.retry(id);
    await stack.view(id, 'no attention', (v) => v.attention === null);
    await quiet(id);
    expect(technician()).toBe(second);
  });
});

describe('a cancel that the ticket asked for', () => {
  test('is no attention any more once the ticket is back', async () => {
    const { id, order } = await dispatched();
    refuse('field-nation', 'deleteWorkOrder', 403);
    change(id, { status: CLOSED });
    await stack.view(id, 'the refusal', (v) => v.attention?.reason === 'unauthorized');
    change(id, { status: FIELD_SERVICE_REQUIRED });
    await stack.view(id, 'no attention', (v) => v.state === 'dispatched' && v.attention === null);
    stack.sandbox.control.clearFaults();
    await stack.starter.retry(id);
    await quiet(id);
    expect(stack.sandbox.control.workOrder(order).status).toMatchObject({ id: 2 });
  });

  test('is given up when the work is done before Field Nation took it', async () => {
    stack.setConfig('dispatch: { createPatience: 400ms, onTicketClosed: { unassigned: cancel, assigned: cancel } }\n');
    const { id, order } = await dispatched();
    act(order, 'assign');
    await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
    refuse('field-nation', 'deleteWorkOrder', 403);
    change(id, { status: CLOSED });
    await stack.view(id, 'the refusal', (v) => v.attention?.reason === 'unauthorized');
    later();
    act(order, 'work-done');
    await stack.view(id, 'the work', (v) => v.state === 'work-done' && v.attention === null);
    stack.sandbox.control.clearFaults();
    await stack.starter.retry(id);
    await quiet(id);
    expect(stack.sandbox.control.workOrder(order).status).toMatchObject({ id: 4 });
  });

  test('whose order lives on after all opens the visit again', async () => {
    const { id, order } = await dispatched();
    refuse('field-nation', 'deleteWorkOrder', 404, 1);
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the doubt', (v) => v.attention?.reason === 'not-found');
    // A 404 proves nothing: the visit ends by the person's word.
    await stack.starter.cancel(id, 'It is gone, I looked');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    later();
    act(order, 'assign');
    const { attention } = await stack.view(
      id,
      'the question',
      (v) => v.workOrderStatus === 'assigned' && v.attention !== null,
    );
    expect(attention?.detail).toBe(`Work order ${order} was cancelled, but is assigned in Field Nation`);
    change(id, { status: OPEN });
    desk.trigger(id);
    await quiet(id);
    expect(desk.publishedOrdersOf(id)).toHaveLength(1);
    await stack.starter.cancel(id, 'Still not needed');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled' && v.attention === null);
    expect(stack.sandbox.control.workOrder(order).status).toMatchObject({ id: 7 });
  });
});

test('a deleted ticket that is restored takes the question back, whatever its status', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms }\nstatus: { assigned: { ticketStatus: Pending } }\n');
  const { id, order } = await dispatched();
  act(order, 'assign');
  await until('Pending', () => desk.statusOf(id) === PENDING);
  await quiet(id);
  stack.sandbox.control.deleteTicket(id);
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  stack.sandbox.control.restoreTicket(id);
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'no question', (v) => v.state === 'assigned' && v.attention === null);
});

test('a change after the work was done reaches the order as soon as the work is incomplete', async () => {
  const { id, order } = await dispatched();
  await desk.finish(id, order);
  change(id, { subject: 'The second till as well' });
  await quiet(id);
  later();
  act(order, 'incomplete');
  await until('the change', () => stack.sandbox.control.workOrder(order).title === 'The second till as well');
});

test('a reply that reopens a resolved ticket sends nobody, even where Open is a trigger status', async () => {
  const rule = 'dispatch: { createPatience: 400ms, when: { statuses: [Open, Field Service Required], tags: [] } }\n';
  stack.setConfig(rule);
  const id = desk.newTicket();
  await stack.starter.ticketChanged(id);
  const order = await desk.dispatched(id);
  await desk.finish(id, order);
  await quiet(id);
  stack.sandbox.control.reply(id, 'Thanks a lot!', 'requester');
  stack.sandbox.control.updateTicket(id, { status: OPEN }, 'requester');
  await stack.starter.ticketChanged(id);
  await quiet(id);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);

  // A person who wants another visit is understood all the same.
  desk.trigger(id);
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
});

describe('signals that a person typed', () => {
  const ODD: unknown[][] = [
    [],
    [null],
    [''],
    ['text'],
    [0],
    [-1.5],
    [true],
    [[]],
    [[[{}]]],
    [{}],
    [{ reason: null, by: {}, only: [] }],
    [{ reason: { toString: 1 } }],
    [{ event: 'workorder.status.assigned' }],
    [{ event: { name: {} } }],
    [{ event: { name: 'workorder.status.assigned', params: 'x' }, workorder: 'x', timestamp: {} }],
    [{ event: { name: 'workorder.status.paid' }, workorder: { id: 'abc' }, timestamp: 'yesterday' }],
    [{ event: { name: 'constructor' }, workorder: { id: 1e300 } }],
    [{ event: { name: '__proto__' }, timestamp: 8.64e20 }],
    [{ event: { name: 'n'.repeat(100_000) }, delivery: 'd'.repeat(100_000) }],
    ['one', 'two', 'three'],
  ];
  const SIGNALS = ['ticketChanged', 'workOrderEvent', 'retry', 'dispatchVisit', 'noSuchSignal'];

  test('break no run, whatever their arguments are', async () => {
    const { id, order } = await dispatched();
    const handle = stack.client.workflow.getHandle(stack.workflowId(id));
    for (const signal of SIGNALS) for (const args of ODD) await handle.signal(signal, ...args);
    await quiet(id);
    expect(desk.publishedOrdersOf(id)).toHaveLength(1);
    await desk.finish(id, order);
    expect(desk.statusOf(id)).toBe(RESOLVED);
  });

  test.each(ODD.map((args) => [JSON.stringify(args).slice(0, 60), args] as const))(
    'cancelDispatch with %s cancels',
    async (_, args) => {
      const { id, order } = await dispatched();
      await stack.client.workflow.getHandle(stack.workflowId(id)).signal('cancelDispatch', ...args);
      await stack.view(id, 'the end', (v) => v.state === 'cancelled');
      expect(deletesOf(order)).toBe(1);
    },
  );

  test('a reason of a million characters cancels with its beginning', async () => {
    const { id } = await dispatched();
    await stack.starter.cancel(id, 'No longer needed. '.repeat(50_000));
    await stack.view(id, 'the end', (v) => v.state === 'cancelled' && v.attention === null);
  });
});
