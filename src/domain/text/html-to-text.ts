/** HTML as plain text that says the same: rows on lines, cells apart, lists with their numbers. Total, never throws. */
import { cutText } from './plain';
import { BLOCKS, readHtml, type HtmlSink } from './read-html';
import type { CleanOptions } from './clean-html';
import { MOST_RAW, stripTags } from './strip-tags';

const MOST_TEXT = 200_000;

/** The text of `markup`; a cut is marked, see {@link CleanOptions}. */
export function htmlToText(markup: string, { base = null, most = MOST_TEXT, rest = '' }: CleanOptions = {}): string {
  const raw = markup.slice(0, MOST_RAW);
  const writer = new TextWriter();
  const text = readHtml(raw, writer, base) ? writer.end() : stripTags(raw);
  return cutText(markup.length > MOST_RAW ? `${text}…` : text, most, rest);
}

/** Lines that belong together: the page, a list item, a quotation, a cell. */
class Frame {
  private text = '';
  /** Line breaks to come before the next word. */
  private breaks = 0;
  private blank = false;
  /** Rows of a table, each with its cells. */
  readonly rows: string[][] = [];
  /** Number of the next item of a list; null for bullets. */
  number: number | null = null;
  href = '';
  linkStart = 0;

  constructor(readonly name: string) {}

  break(count: number): void {
    this.breaks = Math.max(this.breaks, count);
  }

  write(text: string, verbatim = false): void {
    if (verbatim) {
      if (text !== '') this.start(text);
      return;
    }
    const words = text.replace(/[\s\u00a0]+/g, ' ');
    if (words.trim() === '') {
      if (words !== '') this.blank = true;
      return;
    }
    if (words.startsWith(' ')) this.blank = true;
    this.start(words.trim());
    this.blank = words.endsWith(' ');
  }

  /** One line break more, as `<br>` makes them. */
  newLine(): void {
    if (this.text !== '') this.breaks = Math.min(this.breaks + 1, 2);
  }

  get length(): number {
    return this.text.length;
  }
  since(start: number): string {
    return this.text.slice(start).trim();
  }
  get endsInDigit(): boolean {
    return !this.blank && this.breaks === 0 && /[0-9]$/.test(this.text);
  }
  end(): string {
    return this.text.trim();
  }

  private start(text: string): void {
    if (this.text !== '' && this.breaks > 0) this.text += '\n'.repeat(this.breaks);
    else if (this.text !== '' && this.blank && !/\s$/.test(this.text)) this.text += ' ';
    this.breaks = 0;
    this.blank = false;
    this.text += text;
  }
}

/** A blank line goes around these; one line break around other blocks. */
const APART = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'table', 'blockquote', 'pre']);
/** Their lines are put together before they are written. */
const FRAMED = new Set(['ul', 'ol', 'li', 'dd', 'blockquote', 'table', 'td', 'th']);

class TextWriter implements HtmlSink {
  private readonly frames = [new Frame('')];
  private verbatim = 0;
  private raised = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'br') return this.here.newLine();
    if (BLOCKS.has(name)) this.here.break(this.gap(name));
    if (name === 'hr') return this.here.write('---');
    if (name === 'pre') this.verbatim += 1;
    if (name === 'sup') this.raised = true;
    if (name === 'q') this.here.write('“');
    if (name === 'tr') this.table?.rows.push([]);
    if (name === 'a') {
      this.here.href = attributes['href'] ?? '';
      this.here.linkStart = this.here.length;
    }
    if (name === 'li') this.countItem(attributes['value']);
    if (!FRAMED.has(name)) return;
    const frame = new Frame(name);
    if (name === 'ol') frame.number = wholeNumber(attributes['start']) ?? 1;
    this.frames.push(frame);
  }

  text(text: string): void {
    const power = this.raised && this.here.endsInDigit && /^[-−]?[0-9]/.test(text);
    this.raised = false;
    this.here.write(power ? `^${text}` : text, this.verbatim > 0);
  }

  close(name: string): void {
    if (name === 'br' || name === 'hr') return;
    if (name === 'pre') this.verbatim -= 1;
    if (name === 'sup') this.raised = false;
    if (name === 'q') this.here.write('”');
    if (name === 'a') this.endLink();
    const frame = FRAMED.has(name) && this.frames.length > 1 ? this.frames.pop() : undefined;
    if (frame) this.put(frame);
    if (BLOCKS.has(name)) this.here.break(this.gap(name));
  }

  end(): string {
    return this.here.end();
  }

  private get here(): Frame {
    return this.frames.at(-1)!;
  }

  private get table(): Frame | undefined {
    return this.frames.findLast(({ name }) => name === 'table');
  }

  /** Lists in lists and blocks in cells need no blank lines. */
  private gap(name: string): number {
    const inside = this.frames.some((frame) => frame.name === 'li' || frame.name === 'td' || frame.name === 'th');
    return APART.has(name) && !inside ? 2 : 1;
  }

  private countItem(value: string | undefined): void {
    const number = wholeNumber(value);
    if (number !== null && this.here.number !== null) this.here.number = number;
  }

  private put(frame: Frame): void {
    const { name } = frame;
    if (name === 'table') return this.lines(frame.end(), tableText(frame.rows));
    const text = frame.end();
    if (name === 'td' || name === 'th') {
      const table = this.table;
      if (table === undefined) return this.here.write(text, true);
      if (table.rows.length === 0) table.rows.push([]);
      table.rows.at(-1)?.push(text);
      return;
    }
    if (text === '') return;
    if (name === 'li') {
      const { number } = this.here;
      if (number !== null) this.here.number = number + 1;
      const mark = number === null ? '- ' : `${number}. `;
      return this.lines(mark + text.replace(/\n/g, `\n${' '.repeat(mark.length)}`));
    }
    if (name === 'dd') return this.lines(text.replace(/^/gm, '  '));
    if (name === 'blockquote') return this.lines(text.replace(/^/gm, '> '));
    this.lines(text);
  }

  /** Each of the texts on lines of its own. */
  private lines(...texts: string[]): void {
    for (const text of texts) {
      if (text === '') continue;
      this.here.break(1);
      this.here.write(text, true);
      this.here.break(1);
    }
  }

  private endLink(): void {
    const { href, linkStart } = this.here;
    this.here.href = '';
    const address = href.replace(/^mailto:/i, '');
    const shown = this.here.since(linkStart);
    if (address === '' || shown === address || shown === address.replace(/\/$/, '')) return;
    this.here.write(`${shown === '' ? '' : ' '}[${address}]`);
  }
}

const wholeNumber = (text: string | undefined): number | null =>
  text !== undefined && /^-?[0-9]{1,9}$/.test(text.trim()) ? Number(text) : null;

/** Rows on lines. Single words are told apart by a blank, whatever is longer by a bar. */
function tableText(rows: readonly string[][]): string {
  // Columns without any text only make room.
  const isColumn = (index: number): boolean => rows.some((row) => (row[index] ?? '') !== '');
  const filled = rows
    .map((row) => row.filter((_, index) => isColumn(index)))
    .filter((row) => row.some((cell) => cell !== ''));
  const isPlain = filled.every((row) => row.every((cell) => !/\s/.test(cell)));
  return filled
    .map((row) => {
      const cells = row.filter((cell) => cell !== '');
      if (cells.some((cell) => cell.includes('\n'))) return cells.join('\n');
      if (isPlain) return row.map((cell) => cell || '-').join(' ');
      return cells.length === 1 ? cells.join('') : row.join(' | ');
    })
    .join('\n');
}
