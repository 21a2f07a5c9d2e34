/**
 * Postal codes, states and countries as a country's post writes them. Promise: total; what the country does not have is
 * null, what nobody keeps a list of passes. Codes by `validator`, ISO 3166-2 names by `iso-3166-2`.
 */
import iso3166 from 'iso-3166-2';
import isPostalCode, { locales, type PostalCodeLocale } from 'validator/lib/isPostalCode';
import { isSupportedCountry } from 'libphonenumber-js';

const LONGEST = 80;

/** Codes of digits alone: a number field has lost their leading zeros. */
const DIGITS: Record<string, number> = { US: 5, PR: 5, DE: 5, ES: 5, FI: 5, FR: 5, IT: 5, MX: 5, AU: 4, NO: 4 };

/** The postal code as `country` writes it: `2134` → `02134`, `k1a0b1` → `K1A 0B1`; null when it has no such code. */
export function postalCode(given: string, country: string | null): string | null {
  if (given.length > LONGEST) return null;
  const text = given
    .trim()
    .toUpperCase()
    .replace(/\.0+$/, '')
    .replace(/\s*[-–—]\s*/g, '-')
    .replace(/\s+/g, ' ');
  if (country === null) return text;
  const code = written(text, country);
  const known = (locales as readonly string[]).includes(country);
  return !known || isPostalCode(code, country as PostalCodeLocale) ? code : null;
}

function written(text: string, country: string): string {
  const bare = text.replace(/[ -]/g, '');
  if (country === 'CA') return `${bare.slice(0, 3)} ${bare.slice(3)}`;
  if (country === 'GB') return `${bare.slice(0, -3)} ${bare.slice(-3)}`;
  if (country === 'US' && /^[0-9]{9}$/.test(bare)) return `${bare.slice(0, 5)}-${bare.slice(5)}`;
  const [first = '', ...rest] = text.split('-');
  const length = DIGITS[country];
  // Shorter than three digits is no code that lost its zeros.
  if (length === undefined || !/^[0-9]{3,}$/.test(first)) return text;
  return [first.padStart(length, '0'), ...rest].join('-');
}

/** Here an address needs one of the country's own states, by its code. */
const WITH_STATES = new Set(['US', 'CA', 'AU']);

/** Names and codes in use that the ISO list lacks. */
const ALSO: Record<string, Record<string, string>> = {
  US: {
    ...{ aa: 'AA', ae: 'AE', ap: 'AP', 'washington dc': 'DC', 'washington d c': 'DC', 'd c': 'DC' },
    ...{ 'us virgin islands': 'VI', 'virgin islands': 'VI' },
  },
  CA: { newfoundland: 'NL', labrador: 'NL', pei: 'PE', 'p e i': 'PE', yukon: 'YT', 'northwest territory': 'NT' },
};

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();

/**
 * The state as an address of `country` names it: `Massachusetts` → `MA`. Other countries than the United States, Canada
 * and Australia keep names as they are written. Null when the country has no such state.
 */
export function stateCode(given: string, country: string | null): string | null {
  const text = given.trim();
  if (text.length > LONGEST) return null;
  if (country === null) return text;
  const name = folded(text.replace(new RegExp(`^${country}-`, 'i'), ''));
  const found =
    ALSO[country]?.[name] ??
    Object.entries(iso3166.country(country)?.sub ?? {})
      .map(([code, { name: known }]): [string, string] => [code.slice(country.length + 1), folded(known)])
      .find(([code, known]) => code.toLowerCase() === name || known === name)?.[0];
  if (WITH_STATES.has(country)) return found ?? null;
  // A code is one of the country's; a county may well be missing in the list.
  return found === undefined && /^[A-Z]{2}$/.test(text) ? null : text;
}

const COUNTRIES: Record<string, string> = {
  ...{ usa: 'US', 'u s a': 'US', 'u s': 'US', 'united states of america': 'US', america: 'US' },
  ...{
    uk: 'GB',
    'u k': 'GB',
    'great britain': 'GB',
    england: 'GB',
    scotland: 'GB',
    wales: 'GB',
    'northern ireland': 'GB',
  },
};

/** Two letters for a country by code or English name; null when it is none. */
export function countryCode(given: string): string | null {
  const text = given.trim();
  if (text.length > LONGEST || text === '') return null;
  const code = text.toUpperCase();
  if (isSupportedCountry(code)) return code;
  const named = COUNTRIES[folded(text)] ?? iso3166.country(text)?.code;
  return named !== undefined && isSupportedCountry(named) ? named : null;
}
