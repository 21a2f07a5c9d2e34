/** How notes and messages name each other, and what may pass. */
import fc from 'fast-check';
import { UPLOAD_LIMIT, whyLeftOut } from '../../src/domain/files';
import {
  carriedEntry,
  cutText,
  endsWithLine,
  firstEntries,
  hasNoteMarker,
  MESSAGE_LIMIT,
  messageMarker,
  messageText,
  noteMarker,
} from '../../src/domain/conversation/markers';

const ID = 'FD-acme-4711-1';

const US = { id: 9, role: 'buyer' };

describe('a message of ours', () => {
  const text = messageText('Note by an agent:', 'Ring twice.', messageMarker(ID, 'note', 12));

  it('is told by its whole last line, and only of this order', () => {
    expect(carriedEntry(text, US, ID, null)).toBe(12);
    expect(carriedEntry(`${text}\n`, { id: null, role: null }, ID, 9)).toBe(12);
    expect(carriedEntry(text, US, 'FD-other-4711-1', null)).toBeNull();
    expect(carriedEntry(text, US, 'FD-acme-4711-12', null)).toBeNull();
    expect(carriedEntry(`${text} thanks`, US, ID, null)).toBeNull();
    expect(carriedEntry(`> ${messageMarker(ID, 'note', 12)}`, US, ID, null)).toBeNull();
  });

  it('is nobody else’s, whatever they copy', () => {
    expect(carriedEntry(text, { id: 7, role: 'provider' }, ID, null)).toBeNull();
    expect(carriedEntry(text, { id: 7, role: 'Assigned Provider' }, ID, null)).toBeNull();
    expect(carriedEntry(text, { id: 7, role: 'buyer' }, ID, 9)).toBeNull();
    expect(carriedEntry(text, US, ID, 9)).toBe(12);
  });

  it('is told by its marker when no person wrote the entry, too', () => {
    const own = messageText('Deskbridge', 'Merged into ticket 2.', messageMarker(ID, 'note', -1));
    expect(carriedEntry(own, US, ID, 9)).toBe(-1);
  });

  it('of note 12 is not that of note 123', () => {
    const text = messageText('Note:', 'x', messageMarker(ID, 'note', 123));
    expect(endsWithLine(text, messageMarker(ID, 'note', 12))).toBe(false);
    expect(endsWithLine(text, messageMarker(ID, 'note', 123))).toBe(true);
  });
});

test('the marker of a note of ours is its last line, that of an effect too, and only on its own ticket', () => {
  const isMarked = (text: string): boolean => hasNoteMarker(text, 'acme', 4711);
  expect(isMarked(`From Lee:\nhello\n${noteMarker(ID, 'message 5')}`)).toBe(true);
  expect(isMarked(`Done.\nDeskbridge ${ID} work-done 2027-01-01T00:00:00.000Z`)).toBe(true);
  expect(isMarked(`Deskbridge ${ID} message 5\nI saw this.`)).toBe(false);
  expect(hasNoteMarker(noteMarker(ID, 'message 5'), 'acme', 471)).toBe(false);
  expect(isMarked('Deskbridge is down again')).toBe(false);
  expect(isMarked('')).toBe(false);
});

test('control characters and halves of characters do not leave', () => {
  expect(messageText('Note:', 'a\u0000b\u001b[31m\ud800c\td\n😀', '[m]')).toBe('Note:\nab[31mc\td\n😀\n\n[m]');
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

test('a note that is too long for a message says where its rest is', () => {
  const text = messageText('Note:', 'x'.repeat(20_000), messageMarker(ID, 'note', 12));
  expect(text.length).toBeLessThanOrEqual(MESSAGE_LIMIT);
  expect(text).toContain('xx… [the rest of this note is in Freshdesk ticket 4711]\n\n[FD-acme-4711-1 note 12]');
});
