/** Physical lines of a file, whichever line ends it has. Promise: memory stays flat, however long a line is. */

/** Of one row or line; also what the intake takes as one event. In bytes. */
export const LONGEST_ROW = 32 * 1024;

export interface PhysicalLine {
  /** Null when the line is longer than {@link LONGEST_ROW}. */
  text: string | null;
  /** Bytes from the start of what was read to the start of the next line. */
  end: number;
}

const LF = 10;
const CR = 13;

export async function* physicalLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<PhysicalLine> {
  let read = 0;
  let parts: Buffer[] = [];
  let size = 0;
  let afterCr = false;
  const keep = (part: Buffer): void => {
    size += part.length;
    if (size <= LONGEST_ROW) parts.push(part);
    else parts = [];
  };
  const line = (end: number): PhysicalLine => {
    const text = size > LONGEST_ROW ? null : Buffer.concat(parts).toString('utf8');
    [parts, size] = [[], 0];
    return { text, end };
  };
  for await (const chunk of bytes) {
    // A CRLF may be cut in two by the chunks.
    let from: number = afterCr && chunk[0] === LF ? 1 : 0;
    afterCr = false;
    for (let at: number = nextBreak(chunk, from); at !== -1; at = nextBreak(chunk, from)) {
      keep(chunk.subarray(from, at));
      const isCrLf = chunk[at] === CR && chunk[at + 1] === LF;
      from = at + (isCrLf ? 2 : 1);
      afterCr = chunk[at] === CR && from === chunk.length;
      yield line(read + from);
    }
    keep(chunk.subarray(from));
    read += chunk.length;
  }
  if (size > 0) yield line(read);
}

function nextBreak(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at += 1) if (chunk[at] === LF || chunk[at] === CR) return at;
  return -1;
}
