import { QuotaBook } from '../../src/temporal/quota-book';

const MINUTE = 60_000;
let now: number;
let book: QuotaBook;
beforeEach(() => {
  now = 100 * MINUTE;
  book = new QuotaBook(() => now);
});
const low = { limit: 50, remaining: 2 };
const plenty = { limit: 50, remaining: 40 };

describe('a quota', () => {
  it('says nothing before anything was asked', () => {
    expect(book.nearlyUsed('freshdesk')).toBeNull();
  });

  it('is not nearly used when single minutes run low, as they do under load', () => {
    book.note('freshdesk', low);
    now += MINUTE;
    book.note('freshdesk', plenty);
    now += MINUTE;
    book.note('freshdesk', low);
    expect(book.nearlyUsed('freshdesk')).toBe(false);
  });

  it('is nearly used when several minutes on end run low, whether the answer said so or was a 429', () => {
    book.note('freshdesk', low);
    now += MINUTE;
    book.noteStatus('freshdesk', 429);
    now += MINUTE;
    book.note('freshdesk', low);
    expect(book.nearlyUsed('freshdesk')).toBe(true);
    expect(book.nearlyUsed('field-nation')).toBeNull();
  });

  it('is fine again when minutes have enough left, and unknown when nothing is asked any more', () => {
    for (let i = 0; i < 4; i++, now += MINUTE) book.note('freshdesk', low);
    for (let i = 0; i < 3; i++, now += MINUTE) book.note('freshdesk', plenty);
    expect(book.nearlyUsed('freshdesk')).toBe(false);
    now += 10 * MINUTE;
    expect(book.nearlyUsed('freshdesk')).toBeNull();
  });
});
