import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

import { linesOf, PIECE_BYTES, writeAll } from './journal';
import type { JournalLine } from './journal';

const COMPACT_AFTER_BYTES = 64 * 1024 * 1024;

/**
 * Records in memory with a journal of JSON lines. What a call has saved is in the file before the call returns, so an
 * answered request survives `kill -9`. A torn last line is what a kill leaves behind; it was never answered and is dropped.
 */
export class Store {
  private readonly data = new Map<string, Map<string, object>>();
  private fd: number | null = null;
  private pending: string[] | null = null;
  /** In the file since it was last rewritten, and then. */
  private bytes = 0;
  private bytesKept = 0;

  constructor(private readonly file: string | null) {
    if (file === null) return;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (existsSync(file)) this.load(file);
    this.compact(file);
  }

  /** The records of one kind; `keyOf` must not change over a record's life. */
  collection<T extends object>(name: string, keyOf: (record: T) => string | number): Collection<T> {
    const records = this.records(name) as Map<string, T>;
    return new Collection(
      records,
      (record) => String(keyOf(record)),
      (key, value) => this.write({ c: name, k: key, v: value }),
    );
  }

  /** The next number of a named sequence; the first one given is `first`. Never given twice, also after a restart. */
  nextId(sequence: string, first: number): number {
    const sequences = this.records('sequences') as Map<string, { last: number }>;
    const last = (sequences.get(sequence)?.last ?? first - 1) + 1;
    sequences.set(sequence, { last });
    this.write({ c: 'sequences', k: sequence, v: { last } });
    return last;
  }

  /** Changes made inside go to the file in one write, at the end. */
  batch<R>(work: () => R): R {
    if (this.pending !== null) return work();
    this.pending = [];
    try {
      return work();
    } finally {
      const lines = this.pending;
      this.pending = null;
      if (lines.length > 0) this.append(lines.join(''));
    }
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }

  private records(name: string): Map<string, object> {
    let records = this.data.get(name);
    if (records === undefined) this.data.set(name, (records = new Map<string, object>()));
    return records;
  }

  private write(line: JournalLine): void {
    if (this.file === null) return;
    const text = `${JSON.stringify(line)}\n`;
    if (this.pending !== null) this.pending.push(text);
    else this.append(text);
  }

  private append(text: string): void {
    if (this.fd === null || this.file === null) return;
    this.bytes += writeAll(this.fd, text);
    // Not before the file has doubled: a large state would be rewritten again and again.
    if (this.bytes > Math.max(COMPACT_AFTER_BYTES, this.bytesKept)) this.compact(this.file);
  }

  private load(file: string): void {
    for (const line of linesOf(file)) {
      const records = this.records(line.c);
      if (line.v === null) records.delete(line.k);
      else records.set(line.k, line.v);
    }
  }

  /** Written beside and renamed, so that a kill in between leaves the old journal whole. */
  private compact(file: string): void {
    this.close();
    const beside = `${file}.new`;
    const fd = openSync(beside, 'w', 0o600);
    let piece = '';
    this.bytesKept = 0;
    for (const [name, records] of this.data) {
      for (const [key, value] of records) {
        piece += `${JSON.stringify({ c: name, k: key, v: value })}\n`;
        if (piece.length < PIECE_BYTES) continue;
        this.bytesKept += writeAll(fd, piece);
        piece = '';
      }
    }
    this.bytesKept += writeAll(fd, piece);
    fsyncSync(fd);
    closeSync(fd);
    renameSync(beside, file);
    this.fd = openSync(file, 'a', 0o600);
    this.bytes = 0;
  }
}

/** Records of one kind, by key, in the order of their creation. */
export class Collection<T extends object> {
  constructor(
    private readonly records: Map<string, T>,
    private readonly keyOf: (record: T) => string,
    private readonly write: (key: string, value: T | null) => void,
  ) {}

  get(key: string | number): T | undefined {
    return this.records.get(String(key));
  }

  all(): T[] {
    return [...this.records.values()];
  }

  /** The newest ones first, at most `count` of them. */
  newest(count = Number.POSITIVE_INFINITY): T[] {
    return this.all().slice(-count).reverse();
  }

  find(holds: (record: T) => boolean): T | undefined {
    for (const record of this.records.values()) if (holds(record)) return record;
    return undefined;
  }

  get size(): number {
    return this.records.size;
  }

  save(record: T): T {
    const key = this.keyOf(record);
    this.records.set(key, record);
    this.write(key, record);
    return record;
  }

  remove(key: string | number): void {
    if (this.records.delete(String(key))) this.write(String(key), null);
  }
}
