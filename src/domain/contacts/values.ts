/** What single values of a contact must look like before Freshdesk is given them. Total: null for what cannot be sent. */

/** Of name, e-mail, phone, title and external id in Freshdesk. */
export const LONGEST_TEXT = 255;

/** Absent or blank: nobody meant anything by it, so nothing is said about it. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Trimmed, with blanks for control characters and halves of characters; empty when nothing is left. */
export const cleanText = (text: string): string => text.replace(UNPRINTABLE, ' ').trim();

/** The same for fields that may hold several lines. */
export const cleanLines = (text: string): string => text.replace(UNPRINTABLE_BUT_LINES, ' ').trim();

/** At most so many characters, none of them cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const characters = Array.from(text.slice(0, 2 * most));
  return characters.length <= most ? text.slice(0, 2 * most) : characters.slice(0, most).join('').trimEnd();
}

/** Only A to Z: other letters may become those of another person's address, as the sign for kelvin becomes k. */
export const toAsciiLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Without blanks around it, and without what nobody sees: it would make two people of one, or hide who is meant. */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '').trim();

/** The address in lower case, as Freshdesk stores it; null when it is not a plain one. */
export function asEmail(text: string): string | null {
  const address = toAsciiLower(withoutInvisible(text));
  return address.length <= LONGEST_TEXT && ADDRESS.test(address) ? address : null;
}

/** A company's id, as number or in digits. */
export function asCompanyId(value: unknown): number | null {
  const id = typeof value === 'string' && DIGITS.test(value.trim()) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

/** An id is never mended, since two of them could become one. */
export const isUsableId = (text: string): boolean => text.length <= LONGEST_TEXT && text.search(UNPRINTABLE) < 0;

/** Format and direction characters, variation selectors, and letters that are drawn as nothing. */
const INVISIBLE =
  /[\p{Cf}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu;
const UNPRINTABLE_BUT_LINES = /(?![\t\n\r])[\p{Cc}\p{Cs}]/gu;
const DIGITS = /^[0-9]{1,16}$/;

/** One @ and a dot between parts of the domain; plain characters only, and none that only a quoted or listed address has. */
const ADDRESS = /^[!#-'*+\-./0-9=?A-Z^-~]+@(?:[0-9a-z-]+\.)+[0-9a-z-]+$/;
