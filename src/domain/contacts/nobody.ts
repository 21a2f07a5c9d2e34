/** Words that stand for nobody. Promise: taken as ids, names or addresses they would make one contact out of many people. */
import { toAsciiLower } from './values';

/** What programs write where a value is missing; no person is called so. */
const MISSING = new Set([
  ...['null', 'nil', 'none', 'undefined', 'nan', '#null!', '#value!', '\\n', '-', '--', '.', '?'],
  ...['n/a', 'n.a.', '#n/a'],
  ...['[object object]', '[email]', '[name]', '[id]', '0', '-1', '00000000-0000-0000-0000-000000000000'],
  ...['empty', 'blank', 'not set', 'not available', 'not provided', 'no email', 'no name', 'noname', 'no-email'],
]);

/** What a site calls visitors whom it does not know. Some are surnames as well. */
const STRANGERS = new Set(
  ['anonymous', 'anon', 'guest', 'unknown', 'visitor'].flatMap((word) => [word, `${word} user`]),
);

/** A place of a template that nobody filled in: the same for everybody. */
const UNFILLED = /^(?:\{\{.*\}\}|\$\{.*\}|%.+%|\*\|.*\|\*)$/s;

const QUOTED = /^(?:"(.*)"|'(.*)'|`(.*)`|\((.*)\)|<(.*)>|\{\{?(.*?)\}?\})$/s;

/** The word without what programs put around it. */
function bare(text: string): string {
  const word = toAsciiLower(text.trim());
  const inner = QUOTED.exec(word)
    ?.slice(1)
    .find((part) => part !== undefined);
  return (inner ?? word).trim();
}

/** Written like this they are names of people. */
const NAMES = new Set(['Null', 'Nan', 'Nil']);

/** For a part of a name, which may be `Guest`. */
export const isMissingName = (text: string): boolean => !NAMES.has(text.trim()) && MISSING.has(bare(text));

/** For a whole name; `more` as in {@link isNobody}. */
export const isNobodysName = (text: string, more: ReadonlySet<string>): boolean =>
  !NAMES.has(text.trim()) && isNobody(text, more);

/** `more` are the words of the config, in lower case. */
export function isNobody(text: string, more?: ReadonlySet<string>): boolean {
  const word = bare(text);
  return (
    word === '' || UNFILLED.test(text.trim()) || MISSING.has(word) || STRANGERS.has(word) || more?.has(word) === true
  );
}
