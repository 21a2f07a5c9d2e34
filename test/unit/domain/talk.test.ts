/** How notes and messages name each other, and what may pass. */
import fc from 'fast-check';
import { UPLOAD_LIMIT, whyLeftOut } from '../../../src/domain/files';
import {
  cutText,
  endsWithLine,
  firstEntries,
  isOurMessage,
  isOurNote,
  MESSAGE_LIMIT,
  messageMarker,
  messageText,
  noteMarker,
} from '../../../src/domain/talk';

const ID = 'FD-acme-4711-1';

describe('a message of ours', () => {
  it('is told by its whole last line, and only of this account', () => {
    const text = messageText('Note by an agent:', 'Ring twice.', messageMarker(ID, 'note', 12));
    expect(isOurMessage(text, 'buyer', 'acme')).toBe(true);
    expect(isOurMessage(`${text}\n`, null, 'acme')).toBe(true);
    expect(isOurMessage(text, 'buyer', 'other')).toBe(false);
    expect(isOurMessage(`${text} thanks`, 'buyer', 'acme')).toBe(false);
    expect(isOurMessage(`> ${messageMarker(ID, 'note', 12)}`, 'buyer', 'acme')).toBe(false);
  });

  it('is never a provider’s, whatever it copies', () => {
    expect(isOurMessage(messageMarker(ID, 'note', 12), 'provider', 'acme')).toBe(false);
    expect(isOurMessage(messageMarker(ID, 'note', 12), 'Assigned Provider', 'acme')).toBe(false);
  });

  it('of note 12 is not that of note 123', () => {
    const text = messageText('Note:', 'x', messageMarker(ID, 'note', 123));
    expect(endsWithLine(text, messageMarker(ID, 'note', 12))).toBe(false);
    expect(endsWithLine(text, messageMarker(ID, 'note', 123))).toBe(true);
  });
});

test('a note of ours is told by its last line, that of an effect too', () => {
  expect(isOurNote(`From Lee:\nhello\n${noteMarker(ID, 'message 5')}`, 'acme')).toBe(true);
  expect(isOurNote(`Done.\nDeskbridge ${ID} work-done 2027-01-01T00:00:00.000Z`, 'acme')).toBe(true);
  expect(isOurNote(`Deskbridge ${ID} message 5\nI saw this.`, 'acme')).toBe(false);
  expect(isOurNote('Deskbridge is down again', 'acme')).toBe(false);
  expect(isOurNote('', 'acme')).toBe(false);
});

test('any text fits into a message, ends with its marker and has no half characters', () => {
  const marker = messageMarker(ID, 'reply', 158040183437);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(12_000), fc.string({ maxLength: 600 }), (piece, times, head) => {
      const text = messageText(head, (piece || '😀').repeat(times % 900), marker);
      expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
      expect(endsWithLine(text, marker)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(cutText('😀😀😀', 4)).toBe('😀…');
});

test('what is taken at once is bounded, in its order, and never nothing', () => {
  expect(firstEntries([1, 2, 3], () => 1)).toEqual([1, 2, 3]);
  expect(firstEntries([], () => 1)).toEqual([]);
  expect(firstEntries([1, 2], () => 1_000_000)).toEqual([1]);
  expect(firstEntries(Array.from({ length: 50 }), () => 1)).toHaveLength(10);
});

test.each([
  ['a.jpg', 1, true],
  ['A.PDF', UPLOAD_LIMIT, true],
  ['a.pdf', UPLOAD_LIMIT + 1, false],
  ['a.csv', null, true],
  ['a.exe', 1, false],
  ['jpg', 1, false],
  ['a.jpg.exe', 1, false],
  ['', 1, false],
])('%p of %p bytes passes: %p', (name, size, passes) => {
  expect(whyLeftOut({ name, size }) === null).toBe(passes);
});
