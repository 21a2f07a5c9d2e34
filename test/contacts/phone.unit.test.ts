import { readPhone } from '../../src/domain/mapping/phone';

const toE164 = (text: string, region: string): string | null => readPhone(text, region)?.number ?? null;

describe('a phone number in E.164', () => {
  it.each<[string, string, string | null]>([
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+44 (0)20 7946 0958', 'US', '+442079460958'],
    ['tel:+1-937-555-0142', 'GB', '+19375550142'],
    ['(937) 555-0142 x5', 'US', '+19375550142'],
    ['0049 30 23125 123', 'GB', '+493023125123'],
    ['555-0137', 'US', null],
    ['12', 'GB', null],
    ['', 'GB', null],
    ['020 7946 0958 or 020 7946 0959', 'GB', null],
    ['020 7946 0958', 'XX', null],
    ['020 7946 0958', '__proto__', null],
    [`020 7946 0958${' '.repeat(100)}`, 'GB', null],
  ])('%p for region %s is %p', (text, region, expected) => {
    expect(toE164(text, region)).toBe(expected);
  });

  it.each([
    ['07700 900123', '+447700900123'],
    ['07700 900999', '+447700900999'],
    ['01632 960000', '+441632960000'],
    ['0115 496 0123', '+441154960123'],
  ])('may be one that is set aside for examples: %s', (text, expected) => {
    expect(toE164(text, 'GB')).toBe(expected);
  });

  it.each([
    ['(937) 555-0142 x5', '5'],
    ['(937) 555-0142 ext. 12', '12'],
    ['(937) 555-0142', null],
  ])('keeps the extension apart: %s', (text, extension) => {
    expect(readPhone(text, 'US')).toEqual({ number: '+19375550142', extension });
  });

  it('is not made of neighbours of those', () => {
    for (const text of ['07700 901123', '07700 90012', '07700 9001234', '01632 961000']) {
      expect(toE164(text, 'GB')).toBeNull();
    }
  });
});
