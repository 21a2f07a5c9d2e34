import fc from 'fast-check';
import {
  correlationId,
  correlationLine,
  parseCorrelationId,
  readCorrelationId,
  stripCorrelationIds,
} from '../../src/domain/correlation';

const OWN = 'FD-acme-4711-1';

describe('a correlation id', () => {
  it.each([
    ['FD-acme-4711-1', { account: 'acme', ticketId: 4711, visit: 1 }],
    ['FD-my-desk-2-4711-12', { account: 'my-desk-2', ticketId: 4711, visit: 12 }],
    ['FD-acme-4711', null],
    ['FD-acme-4711-', null],
    ['FD-acme-04711-1', null],
    ['FD-Acme-4711-1', null],
    ['fd-acme-4711-1', null],
    [' FD-acme-4711-1', null],
    ['FD-acme-4711-1\n', null],
    ['FD--4711-1', null],
    ['FD-acme-99999999999999999-1', null],
  ])('%j is read as %j', (text, parts) => {
    expect(parseCorrelationId(text)).toEqual(parts);
  });

  it('is read only from the last line, and as a whole', () => {
    expect(readCorrelationId(`<p>a</p>${correlationLine('FD-acme-4711-12')}\n`)).toBe('FD-acme-4711-12');
    expect(readCorrelationId(`${correlationLine(OWN)}<p>a</p>`)).toBeNull();
    expect(readCorrelationId(`${correlationLine(OWN)}a`)).toBeNull();
    expect(readCorrelationId(`<p>Deskbridge ${OWN} x</p>`)).toBeNull();
    expect(readCorrelationId(`<p>see Deskbridge ${OWN}</p>`)).toBeNull();
    expect(readCorrelationId('')).toBeNull();
  });

  it.each([
    ['see FD-acme-4711-2.', 'see  .'],
    ['FD-acme-4711-12', ' '],
    ['FD-acme-4711-1', 'FD-acme-4711-1'],
    ['(FD-acme-9-3)', '( )'],
  ])('is taken out of %j', (text, left) => {
    expect(stripCorrelationIds(text, OWN)).toBe(left);
  });

  it.each([
    ...['FD-L2-014-03', 'SFD-B1-120-2', 'HFD-220-14-2', 'HD-1080-4711-1', 'FD-acme and 4711-1', 'fd-acme-4711-2'],
    ...['see FD-other-1-1', 'xFD-acme-4711-2', 'FD-acme-04711-2', 'FD-acme-4711-2-B', 'FD-Acme-4711-2', 'FD-acme-4711'],
  ])('is not what %j means: asset tags and part numbers stay', (text) => {
    expect(stripCorrelationIds(text, OWN)).toBe(text);
    expect(stripCorrelationIds(text, 'no id')).toBe(text);
  });

  it('cannot be left over or put together by taking others out', () => {
    const pieces = fc.constantFrom('FD-', 'fd', '-', 'acme', '4711', '1', ' ', 'x', '-1-1', 'FD-acme-1-1');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const words = stripCorrelationIds(parts.join(''), OWN).split(/[^A-Za-z0-9-]+/);
        expect(words.filter((word) => word !== OWN && parseCorrelationId(word)?.account === 'acme')).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is taken out of hostile text in time', () => {
    const before = process.cpuUsage();
    for (const text of ['FD-'.repeat(300_000), `FD-a${'-1'.repeat(400_000)}x`, 'fd-a-1'.repeat(150_000)]) {
      stripCorrelationIds(text, OWN);
      readCorrelationId(text);
    }
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  });

  it('survives its own round trip', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/), fc.nat(), fc.nat(99), (account, ticket, visit) => {
        const id = correlationId(account, ticket + 1, visit + 1);
        expect(readCorrelationId(`x${correlationLine(id)}`)).toBe(id);
        expect(parseCorrelationId(id)).not.toBeNull();
      }),
    );
  });
});
