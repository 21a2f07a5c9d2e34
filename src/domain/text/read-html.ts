/**
 * The one reader of everybody's HTML: mails from Outlook, quoted threads, pasted tables. Promise: total and in time that
 * grows with the length alone. Pictures, styles and what is hidden are gone before anything is measured; a picture leaves
 * its alt text, struck-out text is marked, links lead somewhere.
 */
import { Parser } from 'htmlparser2';
import { resolveLink } from './links';
import { cutText, oneLine, readable } from './plain';

/** What reads along: elements as they open and close, text with its entities decoded. */
export interface HtmlSink {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** Elements that stand on lines of their own. */
export const BLOCKS: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'blockquote', 'body', 'caption', 'center', 'dd', 'details', 'dir', 'div', 'dl'],
  ...['dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr'],
  ...['legend', 'li', 'main', 'menu', 'nav', 'ol', 'p', 'pre', 'section', 'summary', 'table', 'tbody', 'td', 'tfoot'],
  ...['th', 'thead', 'tr', 'ul'],
]);

/** Their content is no text that anybody sees. */
const UNSEEN = new Set([
  ...['script', 'style', 'head', 'title', 'template', 'noscript', 'noembed', 'noframes', 'iframe', 'object', 'applet'],
  ...['svg', 'math', 'canvas', 'audio', 'video', 'map', 'xml', 'datalist', 'select', 'option'],
]);
const STRUCK = new Set(['s', 'del', 'strike']);

const HIDDEN_STYLE = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)/i;
const STRUCK_STYLE = /(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through/i;
const LONGEST_STYLE = 4000;
const LONGEST_ALT = 200;

/** The parser's time grows with the square of the elements that are open at once. Letters have dozens. */
const MOST_OPEN = 1000;
const TOO_DEEP = new Error('nested too deep');

interface Element {
  name: string;
  skipped: boolean;
  struck: boolean;
  /** Stands behind the element's text: the address of a link that cannot be followed. */
  behind: string;
}

/** Reads `markup` into `sink`. False when it is nested deeper than a parser can take: the sink has seen a part of it. */
export function readHtml(markup: string, sink: HtmlSink, base: string | null): boolean {
  const reader = new Reader(sink, base);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      ontext: (text) => reader.text(text),
      onclosetag: () => reader.close(),
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  try {
    parser.end(markup);
  } catch (error) {
    if (error === TOO_DEEP) return false;
    throw error;
  }
  return true;
}

class Reader {
  private readonly elements: Element[] = [];
  /** A mark for struck-out text stands open. */
  private marked = false;
  /** What was emitted last: the edge of a block, text that ends in a blank, a word, or a mention of a picture. */
  private last: 'edge' | 'blank' | 'word' | 'mention' = 'edge';

  constructor(
    private readonly sink: HtmlSink,
    private readonly base: string | null,
  ) {}

  open(name: string, attributes: Record<string, string>): void {
    if (this.elements.length >= MOST_OPEN) throw TOO_DEEP;
    const parent = this.elements.at(-1);
    const style = (attributes['style'] ?? '').slice(0, LONGEST_STYLE);
    const isHidden = 'hidden' in attributes || HIDDEN_STYLE.test(style) || attributes['type'] === 'hidden';
    const skipped = parent?.skipped === true || isHidden || UNSEEN.has(name);
    const struck = parent?.struck === true || STRUCK.has(name) || STRUCK_STYLE.test(style);
    const element: Element = { name, skipped, struck, behind: '' };
    this.elements.push(element);
    if (skipped) return;
    if (BLOCKS.has(name) || name === 'br') this.edge();
    if (name === 'img') this.picture(attributes, style);
    else if (name === 'input') this.box(attributes);
    else if (name === 'a') this.link(element, attributes['href'] ?? '');
    else this.sink.open(name, attributes);
  }

  close(): void {
    const element = this.elements.pop();
    if (element === undefined || element.skipped) return;
    const struck = this.elements.at(-1)?.struck === true;
    if (!struck) this.endMark();
    if (BLOCKS.has(element.name)) this.edge();
    if (element.name !== 'img' && element.name !== 'input') this.sink.close(element.name);
    if (element.behind !== '') this.emit(element.behind);
  }

  text(given: string): void {
    const element = this.elements.at(-1);
    if (element?.skipped === true) return;
    const text = readable(given);
    if (text === '') return;
    if (this.last === 'mention' && /^[\p{L}\p{N}]/u.test(text)) this.emit(' ');
    if (element?.struck !== true || this.marked || text.trim() === '') return this.emit(text);
    const [blank = ''] = /^\s*/.exec(text) ?? [];
    this.marked = true;
    this.emit(`${blank}[struck out: ${text.slice(blank.length)}`);
  }

  private emit(text: string): void {
    this.sink.text(text);
    this.last = /\s$/.test(text) ? 'blank' : 'word';
  }

  /** Marks end with their block: a struck-out row has one in each of its cells. */
  private edge(): void {
    this.endMark();
    this.last = 'edge';
  }

  private endMark(): void {
    if (!this.marked) return;
    this.marked = false;
    this.emit(']');
  }

  private mention(text: string): void {
    this.emit(this.last === 'word' || this.last === 'mention' ? ` ${text}` : text);
    this.last = 'mention';
  }

  private picture(attributes: Record<string, string>, style: string): void {
    const isDot = ['width', 'height'].some((side) => /^[0-2](px)?$/.test(attributes[side] ?? ''));
    if (isDot || /(?:^|;)\s*(?:width|height)\s*:\s*[0-2]px/i.test(style)) return;
    const alt = cutText(oneLine(attributes['alt'] || attributes['title'] || ''), LONGEST_ALT);
    // Mail programs write an emoji as a picture of it.
    if (/\p{Extended_Pictographic}/u.test(alt) && !/[\p{L}\p{N}]{2}/u.test(alt)) this.emit(alt);
    else this.mention(alt === '' ? '[picture]' : `[picture: ${alt}]`);
  }

  /** Boxes to tick, as in pasted lists; other inputs show what they hold. */
  private box({ type = 'text', value = '', ...attributes }: Record<string, string>): void {
    if (type === 'checkbox' || type === 'radio') this.mention('checked' in attributes ? '[x]' : '[ ]');
    else if (value !== '' && type !== 'password') this.text(value);
  }

  private link(element: Element, href: string): void {
    const link = resolveLink(href, this.base);
    if (link !== null && 'shown' in link) element.behind = ` [${link.shown}]`;
    this.sink.open('a', link !== null && 'href' in link ? { href: link.href } : {});
  }
}
