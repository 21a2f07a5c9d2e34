/** Lines that belong together: the page, a list item, a quotation, a cell. */
export class Frame {
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
