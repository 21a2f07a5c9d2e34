/** HTML as plain text that says the same: rows on lines, cells apart, lists with their numbers. Total, never throws. */
import { cutText } from './plain';
import { BLOCKS, readHtml, type HtmlSink } from './read-html';
import type { CleanOptions } from './clean-html';
import { MOST_RAW, stripTags } from './strip-tags';
import { Frame } from './text-frame';
import { tableText } from './text-table';

const MOST_TEXT = 200_000;

/** The text of `markup`; a cut is marked, see {@link CleanOptions}. */
export function htmlToText(markup: string, { base = null, most = MOST_TEXT, rest = '' }: CleanOptions = {}): string {
  const raw = markup.slice(0, MOST_RAW);
  const writer = new TextWriter();
  const text = readHtml(raw, writer, base) ? writer.end() : stripTags(raw);
  return cutText(markup.length > MOST_RAW ? `${text}…` : text, most, rest);
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
