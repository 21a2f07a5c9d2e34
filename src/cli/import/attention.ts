/** What of the open batches waits for a person, said once and again only when it changes. */
import type { OpenBatch } from './run-batches';

export class AttentionNotes {
  #said = new Set<string>();

  /** The lines that are new. Several batches often wait for the same thing. */
  next(open: OpenBatch[]): string[] {
    const now = new Set(open.flatMap(({ attention }) => (attention ? [lineOf(attention)] : [])));
    const lines = [...now].filter((line) => !this.#said.has(line));
    if (this.#said.size > 0 && now.size === 0) lines.push('The import goes on.');
    this.#said = now;
    return lines;
  }
}

const lineOf = ({ reason, detail, remedy }: NonNullable<OpenBatch['attention']>): string =>
  `The import waits for a person (${reason}): ${detail} Remedy: ${remedy}`;
