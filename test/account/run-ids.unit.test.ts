/** Which ids are whose, and what a run takes of an input that somebody typed. */
import { accountOfQueue, taskQueues } from '../../src/contract/names';
import { DEFAULT_DISPATCHING_POLICY, DEFAULT_POLICY } from '../../src/contract/policy';
import * as ids from '../../src/contract/run-ids';
import { completedInput } from '../../src/contract/started-by-hand';

const UUID = '0f9d3a52-8a5e-4f0e-9a37-3b1e0a6a2f11';

it.each<[string, (account: string) => string]>([
  ['reconcile', (account) => ids.reconcileId(account)],
  ['reconcile', (account) => `${ids.reconcileId(account)}-2026-03-01T08:00:00Z`],
  ['alerts', ids.alertsWorkflowId],
  ['dispatching', ids.dispatchingWorkflowId],
  ['ticketDispatch', (account) => ids.dispatchWorkflowId(account, 7)],
  ['workOrderEvent', (account) => ids.workOrderEventWorkflowId(account, '777')],
  ['mappingPreview', (account) => ids.mappingPreviewWorkflowId(account, UUID)],
  ['contactSync', (account) => ids.contactWorkflowId(account, 'ab_C9')],
  ['contactBatch', (account) => ids.contactBatchWorkflowId(account, UUID)],
  ['dispatchBatch', (account) => ids.dispatchBatchWorkflowId(account, 'batch-k23456')],
  ['contactImport', (account) => ids.contactImportWorkflowId(account, 'f00', 3)],
])('a run of %s belongs to its own account and to no other that begins the same', (type, idOf) => {
  for (const account of ['acme', 'acme-2', '7']) {
    for (const other of ['acme', 'acme-2', '7', 'acme-2-7', 'cme']) {
      const isOwn = account === other;
      expect([other, ids.isRunOf(other, idOf(account))]).toEqual([other, isOwn]);
      expect([other, ids.wrongIdOf(other, type, idOf(account)) === null]).toEqual([other, isOwn]);
    }
  }
});

it('a batch is never taken for the dispatch of a ticket', () => {
  expect(['batch-k23456', 'batch-a00000'].map(ids.isBatchName)).toEqual([true, true]);
  expect(['batch-123456', 'batch-k2345', 'K23456', '../x'].map(ids.isBatchName)).toEqual([false, false, false, false]);
  expect(ids.parseTicketRun(ids.dispatchBatchWorkflowId('acme', 'batch-k23456'))).toBeNull();
});

it('an id of another kind is wrong, and the right form is named', () => {
  expect(ids.wrongIdOf('acme', 'ticketDispatch', 'alerts-acme')).toBe('dispatch-acme-<ticket number>');
  expect(ids.wrongIdOf('acme', 'ticketDispatch', 'dispatch-acme-07')).toBe('dispatch-acme-<ticket number>');
  expect(ids.wrongIdOf('acme', 'alerts', 'alerts-acme-1')).toBe('alerts-acme');
});

it('the queue of workflows names the account', () => {
  expect(accountOfQueue(taskQueues('acme-2').workflows)).toBe('acme-2');
  expect(accountOfQueue('another')).toBeNull();
});

describe('the input of a run', () => {
  const run = { account: 'acme', workflowType: 'ticketDispatch', workflowId: 'dispatch-acme-7', isContinued: false };
  const links = { ticket: 't', workOrders: 'w', workflow: null };

  it('has account and ticket of the id, whatever was typed', () => {
    for (const given of [
      undefined,
      null,
      5,
      'x',
      [],
      { account: 'b', ticketId: 8 },
      { policy: {}, links: 'x', carried: {} },
    ]) {
      expect(completedInput(run, given)).toEqual({ account: 'acme', ticketId: 7 });
    }
  });

  it('keeps policy and links of the right form, and what it carries on from a run before it', () => {
    const given = { account: 'acme', ticketId: 7, policy: DEFAULT_POLICY, links };
    expect(completedInput(run, given)).toEqual(given);
    const carried = { ...given, carried: { schema: 1 } };
    expect(completedInput(run, carried)).toEqual(given);
    expect(completedInput({ ...run, isContinued: true }, carried)).toEqual(carried);
  });

  it('of the run for pause and orders is complete without any', () => {
    const input = completedInput({ ...run, workflowType: 'dispatching', workflowId: 'dispatching-acme' }, undefined);
    expect(input).toEqual({ account: 'acme', policy: DEFAULT_DISPATCHING_POLICY });
  });
});
