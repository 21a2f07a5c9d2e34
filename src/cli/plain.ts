/**
 * What goes to a terminal. Promise: nothing that others wrote moves its cursor, colours it, sets its title, or turns the
 * direction of its text.
 */

/** Controls (C0, C1), characters without a shape of their own (such as U+202E), and separators of lines. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value inside a line. */
export const plain = (text: string): string => text.replace(OBEYED, ' ');

/** A message of several lines, parts of which others wrote. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** JSON as anybody reads it back, without a character that a terminal obeys. */
export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2).split('\n').map(escaped).join('\n');

const escaped = (line: string): string =>
  line.replace(OBEYED, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
