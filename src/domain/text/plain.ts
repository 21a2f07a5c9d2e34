/**
 * Plain text on its way to Field Nation, to notes and to messages. Promise: pure, total, no parser behind it, so that
 * workflow code may import it; what is cut off is always marked.
 */

/** Whole characters only: half an emoji would make the text unreadable to some parsers. */
function upTo(text: string, most: number): string {
  const cut = text.slice(0, Math.max(0, most));
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * At most `most` characters. A cut shows: `…`, and with `rest` (`the rest is in Freshdesk ticket 4711`) also where the
 * rest is, as far as there is room for that.
 */
export function cutText(text: string, most: number, rest = ''): string {
  if (text.length <= most) return text;
  const mark = rest === '' || rest.length + 40 > most ? '…' : `… [${rest}]`;
  return `${upTo(text, most - mark.length)}${mark}`;
}

/** What turns the direction of all that follows; the marks U+200E and U+200F, which turn nothing, stay. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g;

/** Without what some parsers stumble over and nobody can read: control and direction characters, halves of characters. */
export const readable = (text: string): string =>
  text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '',
    )
    .replace(DIRECTION, '');

/** The text of a title, a name or an address: readable, on one line. */
export const oneLine = (text: string): string => readable(text.replace(/[\r\n\t\v\f\u0085\u2028\u2029]+/g, ' ')).trim();

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Plain text as HTML that looks the same: escaped, with its line breaks. */
export const textToHtml = (text: string): string => escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');
