import type { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../engine';

const ALL = {
  DeskbridgeTicketId: 3,
  DeskbridgeWorkOrderId: 3,
  DeskbridgeState: 2,
  DeskbridgeAttention: 2,
  DeskbridgeHeld: 2,
  DeskbridgeTriggeredAt: 6,
  DeskbridgeEndedAt: 6,
  DeskbridgeStart: 3,
  DeskbridgeSince: 6,
  DeskbridgeContact: 7,
};

const grpcError = (code: number, details: string) =>
  Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });

const fakeConnection = (known: Record<string, number>, add: (names: string[]) => void) =>
  ({
    withDeadline: (_: number, work: () => unknown) => work(),
    operatorService: {
      listSearchAttributes: async () => ({ customAttributes: { ...known } }),
      addSearchAttributes: async ({ searchAttributes }: { searchAttributes: Record<string, number> }) => {
        add(Object.keys(searchAttributes));
        Object.assign(known, searchAttributes);
      },
    },
  }) as unknown as Connection;

describe('registering the search attributes', () => {
  it('adds only what is missing', async () => {
    const added: string[][] = [];
    const { DeskbridgeAttention: _, ...known } = ALL;
    await registerSearchAttributes(
      fakeConnection(known, (names) => added.push(names)),
      'acme',
    );
    expect(added).toEqual([['DeskbridgeAttention']]);
  });

  it('gives the exact commands when this service may not', async () => {
    const refusing = fakeConnection({ DeskbridgeTicketId: 3 }, () => {
      throw grpcError(7, 'Request unauthorized.');
    });
    const message = await registerSearchAttributes(refusing, 'acme').catch((error: Error) => error.message);
    expect(message).toContain('Request unauthorized.');
    expect(message).not.toContain('--name DeskbridgeTicketId');
    for (const command of ['DeskbridgeWorkOrderId --type Int', 'DeskbridgeState --type Keyword']) {
      expect(message).toContain(`temporal operator search-attribute create --namespace acme --name ${command}`);
    }
  });

  it('refuses one that exists with another type', async () => {
    const wrong = fakeConnection({ ...ALL, DeskbridgeState: 3 }, () => undefined);
    await expect(registerSearchAttributes(wrong, 'acme')).rejects.toThrow(
      /DeskbridgeState .*another type than Keyword/,
    );
  });

  it('is content when another process was quicker', async () => {
    const known: Record<string, number> = {};
    const raced = fakeConnection(known, () => {
      Object.assign(known, ALL);
      throw grpcError(6, 'already exists');
    });
    await expect(registerSearchAttributes(raced, 'acme')).resolves.toBeUndefined();
  });
});
