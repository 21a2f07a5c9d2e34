/** A phone number as people write it: one judgement for work orders and contacts. */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export interface PhoneNumber {
  /** E.164, which knows no extensions. */
  number: string;
  extension: string | null;
}

/** The number, read with the region where it has no country code; null when it is not a valid one. */
export function readPhone(text: string, region: string): PhoneNumber | null {
  if (text.length > LONGEST || !isSupportedCountry(region)) return null;
  const parsed = parsePhoneNumberFromString(text, region);
  if (parsed === undefined || !E164.test(parsed.number)) return null;
  if (!parsed.isValid() && !SET_ASIDE.test(parsed.number)) return null;
  return { number: parsed.number, extension: parsed.ext ?? null };
}

/** Parsing costs more with every character; no number with its extension is longer. */
const LONGEST = 60;

const E164 = /^\+[1-9][0-9]{6,14}$/;

/**
 * Ofcom sets these ranges aside for examples and trials, as in 07700 900123. The library knows only ranges in use, so it
 * calls them invalid; those of other countries and cities pass.
 */
const SET_ASIDE = /^\+44(?:7700900|1632960|1154960)[0-9]{3}$/;
