/** The room that asks Temporal's index: its questions, and how many of them a process asks. */
import { createCounts } from '../../src/temporal/index/counts';
import { compare, isIn, queryOf } from '../../src/temporal/index/query';
import { SINCE, STATE, TICKET_ID } from '../../src/contract/search-attributes';

describe('a question', () => {
  it('is about one account, whatever the names of others begin with', () => {
    expect(queryOf('acme', {})).toBe(`TaskQueue = 'deskbridge-acme'`);
  });

  it('joins kind, status, states, attention and more', () => {
    const at = new Date('2026-01-02T03:04:05Z');
    const and = [compare(SINCE, '<', at), isIn(TICKET_ID, [1, 2])];
    expect(
      queryOf('acme', { kind: 'ticketDispatch', status: 'running', states: ['starting'], attention: 'any', and }),
    ).toBe(
      `TaskQueue = 'deskbridge-acme' AND WorkflowType = 'ticketDispatch' AND ExecutionStatus = 'Running' AND ` +
        `DeskbridgeState IN ('starting') AND DeskbridgeAttention IS NOT NULL AND ` +
        `DeskbridgeSince < '2026-01-02T03:04:05.000Z' AND DeskbridgeTicketId IN (1, 2)`,
    );
  });

  it('quotes what it is given', () => {
    expect(compare(STATE, '=', `x' OR '1' = '1`)).toBe(`DeskbridgeState = 'x'' OR ''1'' = ''1'`);
  });
});

describe('counts', () => {
  function desk(perSecond = 5) {
    let now = 1_000_000;
    const asked: { query: string; at: number }[] = [];
    const counts = createCounts({
      ask: async (query) => {
        asked.push({ query, at: now });
        if (query === 'fails') throw new Error('away');
        return asked.length;
      },
      ...{ perSecond, now: () => now },
      wait: async (ms) => void (now += ms),
    });
    return { counts, asked, pass: (ms: number) => void (now += ms) };
  }

  it('are asked for once while they may be as old, however many ask', async () => {
    const { counts, asked, pass } = desk();
    expect(await Promise.all([counts.count('a', 2000), counts.count('a', 2000)])).toEqual([1, 1]);
    pass(1999);
    expect(await counts.count('a', 2000)).toBe(1);
    expect(await counts.count('a', 60_000)).toBe(1);
    pass(1);
    expect(await counts.count('a', 2000)).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it('keep to the bound in every second', async () => {
    const { counts, asked } = desk(5);
    for (let i = 0; i < 40; i++) await counts.count(`q${i}`, 0);
    for (const { at } of asked) {
      expect(asked.filter((other) => other.at >= at && other.at < at + 1000).length).toBeLessThanOrEqual(5);
    }
    expect(asked.at(-1)?.at).toBe(1_000_000 + 7000);
  });

  it('that failed are asked for again', async () => {
    const { counts, asked } = desk();
    await expect(counts.count('fails', 60_000)).rejects.toThrow('away');
    await expect(counts.count('fails', 60_000)).rejects.toThrow('away');
    expect(asked).toHaveLength(2);
  });
});
