/**
 * How many rows a file has, for the progress bar: a guess at the speed of reading, within a few rows of the truth. A real
 * parser needs 20 s for a million rows. Blank and broken rows make the difference.
 */
import { LONGEST_ROW } from './lines';

const [LF, CR, QUOTE, SPACE] = [10, 13, 34, 32];

/** Feed it the file in pieces. With a delimiter, breaks inside quoted cells do not count. */
export class RowCount {
  #rows = 0;
  #inQuotes = false;
  /** At the start of a cell, where alone a quotation mark opens one. */
  #cellStart = true;
  #rowHasText = false;
  /** Rows that there are if the open quote is never closed, and how far it reaches. */
  #rowsInQuotes = 0;
  #quotedBytes = 0;
  #before = 0;
  readonly #delimiter: number;

  constructor(delimiter: string | null) {
    this.#delimiter = delimiter === null ? -1 : delimiter.charCodeAt(0);
  }

  add(chunk: Buffer): void {
    const quoted = this.#delimiter !== -1;
    for (const byte of chunk) {
      if (this.#inQuotes) this.#inside(byte);
      else if (byte === LF || byte === CR) {
        if (this.#rowHasText) this.#rows += 1;
        [this.#rowHasText, this.#cellStart] = [false, true];
      } else if (byte === this.#delimiter) this.#cellStart = true;
      else if (quoted && byte === QUOTE && this.#cellStart) this.#open();
      else if (byte !== SPACE) {
        this.#cellStart = false;
        this.#rowHasText = true;
      }
      this.#before = byte;
    }
  }

  /** Of all that was fed, the header included. */
  get rows(): number {
    const unfinished = this.#rowHasText && this.#before !== LF ? 1 : 0;
    return this.#rows + unfinished + (this.#inQuotes ? this.#rowsInQuotes : 0);
  }

  #open(): void {
    [this.#inQuotes, this.#cellStart, this.#rowHasText] = [true, false, true];
    [this.#rowsInQuotes, this.#quotedBytes] = [0, 0];
  }

  #inside(byte: number): void {
    this.#quotedBytes += 1;
    // A doubled quotation mark closes and opens again, which comes to the same.
    if (byte === QUOTE) [this.#inQuotes, this.#cellStart] = [false, true];
    else if (byte === LF && this.#before !== LF) this.#rowsInQuotes += 1;
    if (this.#inQuotes && this.#quotedBytes > LONGEST_ROW) {
      this.#inQuotes = false;
      this.#rows += this.#rowsInQuotes;
    }
  }
}
