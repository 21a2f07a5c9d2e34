/** What an action does to the value of its source. Each transform is total and says what it cannot take. */
import type { DateConversion, DateFormat, Json, MappingAction, RangeStep } from './action';
import { postalCode, stateCode } from './address';
import { convertDate, isFault } from './dates';
import type { Moment } from './dates';
import { cleanHtml, htmlToText } from '../text';
import { readPhone } from './phone';
import { asNumber, asText, describe, normalize } from './values';

/** A value on its way through an action; `html` tells markup from plain text. */
export interface Flowing {
  value: unknown;
  html: boolean;
  /** What a date action read: the text that it wrote no longer tells whether a zone was named. */
  moment?: Moment;
  /** The path whose value this is, as long as nothing was put to it. */
  origin?: string;
}

/** A value that a transform cannot take: the sentence about it, and what would mend it. */
export interface Refused {
  message: string;
  remedy: string;
  value: string | null;
}

type Step = Flowing | Refused;

export const isRefused = (step: Step): step is Refused => 'message' in step;

/**
 * Runs the transforms of `action` in their fixed order and stops at the first that cannot take the value. `country` is the
 * address's, two letters; null when it is not known.
 */
export function transform(start: Flowing, action: MappingAction, country: string | null): Step {
  let step: Step = start;
  for (const apply of STEPS) {
    if (isRefused(step)) return step;
    const next: Step = apply(step, action, country) ?? step;
    step = isRefused(next) || start.origin === undefined ? next : { ...next, origin: start.origin };
  }
  return step;
}

/** Null means that the action does not ask for this transform. */
const STEPS: readonly ((flowing: Flowing, action: MappingAction, country: string | null) => Step | null)[] = [
  ({ value }, { text }) => (text === true ? plain(htmlToText(asText(value) ?? '')) : null),
  ({ value }, { map }) => (map === undefined ? null : mapped(value, map)),
  ({ value }, { range }) => (range === undefined ? null : ranged(value, range)),
  ({ value }, { date }) => (date === undefined ? null : dated(value, date)),
  ({ value }, { phone }) => (phone === undefined ? null : phoned(value, phone)),
  ({ value }, { zip }, country) => (zip === true ? zipped(value, country) : null),
  ({ value }, { state }, country) => (state === true ? stated(value, country) : null),
  (flowing, { truncate }) => (truncate === undefined ? null : truncated(flowing, truncate)),
];

const plain = (value: unknown): Flowing => ({ value, html: false });

function mapped(value: unknown, map: Record<string, Json>): Step {
  const text = asText(value);
  const key = text === null ? undefined : Object.keys(map).find((known) => normalize(known) === normalize(text));
  if (key !== undefined) return { value: map[key], html: true };
  return refuse(value, 'is not in the map', 'add it to the map, or give the line a default');
}

function ranged(value: unknown, range: readonly RangeStep[]): Step {
  const number = asNumber(value);
  if (number === null) return refuse(value, 'is not a number', 'correct the field, or give the line a default');
  const step = range.find(({ min, below }) => number >= (min ?? -Infinity) && number < (below ?? Infinity));
  if (step !== undefined) return { value: step.value, html: true };
  return refuse(value, 'is in no step of the range', 'add a step to the range, or give the line a default');
}

function dated(value: unknown, date: DateFormat | DateConversion): Step {
  const read = convertDate(asText(value) ?? '', typeof date === 'string' ? { to: date } : date);
  if (isFault(read)) return refuse(value, read.fault, read.remedy);
  return { ...plain(read.text), moment: read.moment };
}

function phoned(value: unknown, region: string): Step {
  const phone = readPhone(asText(value) ?? '', region);
  if (phone !== null) return plain(phone.extension === null ? phone.number : `${phone.number} ext. ${phone.extension}`);
  return refuse(value, `is not a phone number (region ${region})`, 'correct the number, or give the line a default');
}

function zipped(value: unknown, country: string | null): Step {
  const code = postalCode(asText(value) ?? '', country);
  return code === null
    ? refuse(value, `is not a postal code of ${country}`, 'correct the code or the country in the ticket')
    : plain(code);
}

function stated(value: unknown, country: string | null): Step {
  const code = stateCode(asText(value) ?? '', country);
  return code === null
    ? refuse(value, `is not a state of ${country}`, 'correct the state or the country in the ticket')
    : plain(code);
}

function truncated({ value, html }: Flowing, most: number): Flowing {
  const text = asText(value);
  const characters = Array.from(text ?? '');
  if (text === null || characters.length <= most) return { value, html };
  if (html && /<[a-z]/i.test(text)) return { value: cleanHtml(text, { most }), html };
  const kept = characters.slice(0, Math.max(0, most - 1)).join('');
  return { value: `${kept.trimEnd()}…`, html };
}

const refuse = (value: unknown, what: string, remedy: string): Refused => ({
  message: `"${describe(value)}" ${what}`,
  remedy,
  value: describe(value),
});
