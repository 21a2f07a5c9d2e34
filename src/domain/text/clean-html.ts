/**
 * HTML that may stand in a work order: text, lists, tables and plain links; no scripts, handlers, styles or pictures.
 * Promise: total, and bounded after the cleaning, so that rubbish pushes no word out; a cut is marked at its place.
 */
import sanitizeHtml from 'sanitize-html';
import { cutText, escapeHtml, textToHtml } from './plain';
import { BLOCKS, readHtml, type HtmlSink } from './read-html';
import { MOST_RAW, stripTags } from './strip-tags';

export interface CleanOptions {
  /** Address that relative links start from; null when it is not known. */
  base?: string | null;
  /** Most characters of text that are kept; without end for what was bounded before. */
  most?: number;
  /** Where the rest of a cut text is: `the rest is in Freshdesk ticket 4711`. */
  rest?: string;
}

/** No provider reads so much. */
const MOST_TEXT = 200_000;
const MOST_MARKUP = 400_000;
const DEEPEST = 100;

/** Cleaned and harmless HTML; empty when there is no text in it. Cleaning it once more changes nothing. */
export function cleanHtml(markup: string, options: CleanOptions = {}): string {
  const { base = null, most = MOST_TEXT, rest = '' } = options;
  const writer = new Writer(most, rest);
  const raw = markup.slice(0, MOST_RAW);
  if (!readHtml(raw, writer, base)) return textToHtml(cutText(stripTags(raw), most, rest));
  // What has been written holds nothing else; the well-known sanitizer vouches for it.
  return sanitizeHtml(writer.end(markup.length > MOST_RAW), SAFE).trim();
}

const ATTRIBUTES: Record<string, string[]> = {
  ...{ a: ['href'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
  ...{ ol: ['start', 'type', 'reversed'], li: ['value'] },
};
const INLINE = ['span', 'br', 'code', 'a', 'b', 'strong', 'i', 'em', 'u', 'sub', 'sup', 'small'];
const KEPT = [
  ...['p', 'div', 'hr', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption'],
];
const TAGS = new Set([...INLINE, ...KEPT]);
const VOID = new Set(['br', 'hr']);

const SAFE: sanitizeHtml.IOptions = {
  allowedTags: [...TAGS],
  allowedAttributes: { '*': ['dir'], ...ATTRIBUTES },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
};

/** What an element is written as; null for its content alone. */
function writtenAs(name: string): string | null {
  if (TAGS.has(name)) return name === 'span' ? null : name;
  return BLOCKS.has(name) && name !== 'body' ? 'div' : null;
}

class Writer implements HtmlSink {
  private readonly pieces: string[] = [];
  /** What each open element was written as. */
  private readonly tags: (string | null)[] = [];
  private depth = 0;
  private room: number;
  private hasText = false;
  private full = false;

  constructor(
    private textRoom: number,
    private readonly rest: string,
  ) {
    this.room = Math.max(MOST_MARKUP, textRoom);
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const tag = this.full || this.depth >= DEEPEST ? null : writtenAs(name);
    if (!VOID.has(name)) this.tags.push(tag);
    if (tag === null) return;
    const kept = ['dir', ...(ATTRIBUTES[tag] ?? [])].flatMap((key) =>
      attributes[key] === undefined ? [] : [` ${key}="${escapeHtml(attributes[key])}"`],
    );
    this.put(`<${tag}${kept.join('')}${VOID.has(tag) ? ' /' : ''}>`);
    if (!VOID.has(tag)) this.depth += 1;
  }

  close(name: string): void {
    if (VOID.has(name)) return;
    const tag = this.tags.pop() ?? null;
    if (tag === null) return;
    this.pieces.push(`</${tag}>`);
    this.depth -= 1;
  }

  text(text: string): void {
    if (this.full) return;
    if (text.trim() !== '') this.hasText = true;
    if (text.length <= this.textRoom) {
      this.textRoom -= text.length;
      this.put(escapeHtml(text));
      return;
    }
    this.put(escapeHtml(cutText(text, this.textRoom)));
    this.full = true;
  }

  /** `lost`: there was more than has been read. Markup around nothing is no text. */
  end(lost: boolean): string {
    if (!this.hasText) return '';
    const mark = this.rest === '' ? '…' : `… [${escapeHtml(this.rest)}]`;
    return this.pieces.join('') + (this.full || lost ? `<p>${mark}</p>` : '');
  }

  private put(piece: string): void {
    this.room -= piece.length;
    if (this.room < 0) this.full = true;
    else this.pieces.push(piece);
  }
}
