/** Tickets that matched when the account could first dispatch, against the real server and the sandbox. */
import { setTimeout as delay } from 'node:timers/promises';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const FIELD_SERVICE_REQUIRED = 8;
const TRIGGERS = ['status:field service required', 'tag:on-site'];

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
  // Only what the test tells is looked at.
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
});
afterEach(() => stack.stop());

const control = () => stack.sandbox.control;
const create = (patch = {}): number => Number(control().createTicket({ status: FIELD_SERVICE_REQUIRED, ...patch }).id);
const look = (id: number) => stack.starter.ticketChanged(id);
/** Freshdesk's times have whole seconds. */
const nextSecond = () => delay(1001 - (Date.now() % 1000));
const nameTriggers = (waitMs = 5000) => stack.dispatching.nameTriggers({ triggers: TRIGGERS, only: true, waitMs });

test('starts nothing by itself, until its trigger has gone and come again', async () => {
  const id = create();
  await nextSecond();
  expect(await nameTriggers()).toEqual({ waitsBefore: null, count: 1, more: false });
  await look(id);
  const skipped = await stack.view(id, 'skipped', ({ state }) => state === 'skipped');
  expect(skipped.timeline.at(-1)?.detail).toContain('matched already when Deskbridge was set up');
  control().updateTicket(id, { subject: 'Edited later' });
  await look(id);
  await stack.view(id, 'skipped', ({ state }) => state === 'skipped');
  expect(stack.calls('POST /workorders')).toBe(0);

  control().updateTicket(id, { status: 2 });
  await look(id);
  await until(
    'the ticket to be one like any other',
    async () => (await stack.dispatching.state()).baseline.count === 0,
  );
  control().updateTicket(id, { status: FIELD_SERVICE_REQUIRED });
  await look(id);
  await stack.view(id, 'dispatched', ({ state }) => state === 'dispatched');
});

test('while it is searched for, older tickets wait and newer ones go on', async () => {
  const old = create();
  await nextSecond();
  control().addFault({ system: 'freshdesk', path: 'searchTickets', kind: 'status', status: 503 });
  expect((await nameTriggers(0)).waitsBefore).not.toBeNull();
  const fresh = create();
  await Promise.all([look(old), look(fresh)]);
  await stack.view(fresh, 'dispatched', ({ state }) => state === 'dispatched');
  expect((await stack.view(old, 'waiting', () => true)).state).toBe('starting');
  expect(stack.calls('POST /workorders')).toBe(1);
  control().clearFaults();
  await stack.view(old, 'skipped', ({ state }) => state === 'skipped');
});
