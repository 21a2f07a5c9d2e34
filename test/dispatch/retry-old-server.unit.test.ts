/** A retry is stored before waiting calls are reset; a server that cannot reset them takes nothing back. */
import type { Client } from '@temporalio/client';
import { createStarter } from '../../src/temporal/starter';

const grpcError = (code: number): Error => Object.assign(new Error('x'), { code, details: 'x', metadata: {} });

function starterWhere(resetActivity: () => Promise<unknown>) {
  const signals: string[] = [];
  const handle = {
    signal: async ({ name }: { name: string }) => void signals.push(name),
    describe: async () => ({ raw: { pendingActivities: [{ activityId: '7', attempt: 3 }] } }),
  };
  const client = {
    connection: { withDeadline: (_: number, work: () => Promise<unknown>) => work() },
    workflow: { getHandle: () => handle },
    workflowService: { resetActivity },
    options: { namespace: 'default', identity: 'test' },
  } as unknown as Client;
  const linksOf = () => ({ ticket: '', workOrders: '', workflow: null });
  return { signals, starter: createStarter({ client, account: 'acme', linksOf }) };
}

test.each([
  ['knows no such request', 12],
  ['has ended the attempt meanwhile', 5],
])('is done where the server %s', async (_, code) => {
  const { starter, signals } = starterWhere(() => Promise.reject(grpcError(code)));
  await starter.retry(4711);
  expect(signals).toEqual(['retry']);
});

test('says so where the server refuses it for another reason', async () => {
  const { starter } = starterWhere(() => Promise.reject(grpcError(7)));
  await expect(starter.retry(4711)).rejects.toThrow('x');
});
