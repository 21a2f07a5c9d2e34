/** Turns a value into what a target of the work order takes, or says why it cannot. */
import { cleanHtml, oneLine, readable } from '../text';
import { countryCode } from './address';
import { isInstant, parseMoment, parseTime } from './dates';
import { didYouMean } from './did-you-mean';
import { asHtmlOr } from './evaluate';
import type { TargetKind } from './targets';
import type { Flowing, Refused } from './transforms';
import { asNumber, asText, describe, normalize } from './values';

/** The value for a target of this kind. HTML leaves only sanitized. */
export function convert(flowing: Flowing, kind: TargetKind): Flowing | Refused {
  const { value } = flowing;
  switch (kind.type) {
    case 'html':
      return asText(value) === null
        ? refuse(value, 'is not text', TEXT_REMEDY)
        : // Texts of a ticket were cut before; what the config adds to them never is.
          { value: cleanHtml(asHtmlOr(flowing, 'html'), { most: Infinity }), html: true };
    case 'json':
      return typeof value === 'object'
        ? taken(value)
        : refuse(value, 'is not a list or an object', 'use static: [...] or name its parts one by one');
    case 'number':
      return take(asNumber(value), value, 'is not a number', 'write digits, such as 150 or 62.50');
    case 'boolean':
      return take(asBoolean(value), value, 'is neither true nor false', 'use true or false, or a map to them');
    case 'country':
      return take(
        countryCode(asText(value) ?? ''),
        value,
        'is not a country',
        'use two letters such as US, or a map to them',
      );
    case 'moment':
      return asMoment(flowing) ?? refuse(value, 'is not a date', MOMENT_REMEDY);
    case 'date':
      return take(asDay(value), value, 'is not a day', 'write it as 2027-03-02; a time with a zone belongs to .utc');
    case 'time':
      return take(parseTime(asText(value) ?? ''), value, 'is not a time of day', 'write it as 15:00 or 3:00 pm');
    case 'choice':
      return choose(value, kind.choices);
    case 'text':
      return take(asLine(value), value, 'is not text', TEXT_REMEDY);
    case 'lines':
    case 'customField':
      return take(asLines(value), value, 'is not text', TEXT_REMEDY);
  }
}

const MOMENT_REMEDY = 'write it as 2027-03-02 15:00; without a zone it is a time at the site';
const TEXT_REMEDY = 'name one field of it, such as ticket.requester.name';

const taken = (value: unknown): Flowing => ({ value, html: false });

const take = (converted: unknown, value: unknown, what: string, remedy: string): Flowing | Refused =>
  converted === null ? refuse(value, what, remedy) : taken(converted);

const refuse = (value: unknown, what: string, remedy: string): Refused => ({
  message: `"${describe(value)}" ${what}`,
  remedy,
  value: describe(value),
});

function asLine(value: unknown): string | null {
  const text = asText(value);
  return text === null ? null : oneLine(text);
}

function asLines(value: unknown): string | null {
  const text = asText(value);
  return text === null ? null : readable(text).trim();
}

function asBoolean(value: unknown): boolean | null {
  const text = normalize(asText(value) ?? '');
  if (text === 'true' || text === 'yes' || text === '1') return true;
  return text === 'false' || text === 'no' || text === '0' ? false : null;
}

function asMoment(flowing: Flowing): Flowing | null {
  const moment = flowing.moment ?? parseMoment(asText(flowing.value) ?? '');
  return moment === null ? null : { ...flowing, moment };
}

/** `YYYY-MM-DD` of a date without a zone; its time of day, if there is one, has a line of its own. */
function asDay(value: unknown): string | null {
  const moment = parseMoment(asText(value) ?? '');
  return moment === null || isInstant(moment) ? null : moment.date;
}

function choose(value: unknown, choices: readonly string[]): Flowing | Refused {
  const text = asText(value) ?? '';
  const found = choices.find((known) => normalize(known) === normalize(text));
  if (found !== undefined) return taken(found);
  const guess = didYouMean(text, choices);
  const remedy = guess === null ? `use one of ${choices.join(', ')}` : `did you mean "${guess}"?`;
  return refuse(value, `is not one of ${choices.join(', ')}`, remedy);
}
