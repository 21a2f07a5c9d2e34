/** Turns what zod says about the config file into words that name the key, the value and the remedy. */
import type { z } from 'zod';
import { didYouMean } from '../domain/mapping';
import { shown } from './problems';
import { descriptionAt, keysAt } from './schema-walk';
import type { Path } from './yaml-source';

export interface IssueText {
  path: Path;
  atKey: boolean;
  message: string;
  hint: string;
}

export function describeIssue(root: z.core.$ZodType, issue: z.core.$ZodIssue, value: unknown): IssueText[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const found = valueAt(value, path);
  const hint = hintFor(root, path);
  const at = (message: string, remedy = hint): IssueText[] => [{ path, atKey: false, message, hint: remedy }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MOST_KEYS).map((key) => unknownKey(key, path, keysAt(root, path)));
    case 'invalid_value':
      return at(
        `${shown(found)} is not one of ${issue.values.map(String).join(', ')}`,
        choiceHint(found, issue.values),
      );
    case 'invalid_type':
      if (found === undefined) return at('is missing');
      return at(`is ${shown(found)}, not ${EXPECTED[issue.expected] ?? issue.expected}`);
    case 'too_small':
      return at(
        issue.origin === 'string' || issue.origin === 'array' ? 'is empty' : `must be ${issue.minimum} or more`,
      );
    case 'too_big':
      return at(`must be ${issue.maximum} or less`);
    case 'invalid_union':
      return at(`${shown(found)} does not fit here`);
    case 'invalid_format':
    case 'custom':
      // An address may hold a token; nothing need not be shown.
      return at(/address|is empty/.test(issue.message) ? issue.message : `${shown(found)} ${issue.message}`);
    default:
      return at(issue.message);
  }
}

/** Guessing what each key was meant to be takes time; beyond this the file is no config file. */
const MOST_KEYS = 200;

const EXPECTED: Record<string, string> = {
  boolean: 'true or false',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

export function unknownKey(key: string, path: Path, known: readonly string[]): IssueText {
  const guess = didYouMean(key, known);
  const hint = guess === null ? `known here: ${known.join(', ')}` : `did you mean "${guess}"?`;
  return { path: [...path, key], atKey: true, message: `${shown(key)} is not a known key`, hint };
}

function choiceHint(found: unknown, values: readonly unknown[]): string {
  const guess = typeof found === 'string' ? didYouMean(found, values.map(String)) : null;
  return guess === null ? 'write one of them' : `did you mean "${guess}"?`;
}

/** What the schema says about the key, or about what holds it. */
function hintFor(root: z.core.$ZodType, path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    const description = descriptionAt(root, path.slice(0, length));
    if (description !== undefined) return description;
  }
  return 'see docs/mapping.md';
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}
