import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { ContactsConfig } from '../../../src/cli/import/columns';
import type { BatchProgress, ImportEngine, RowJudge } from '../../../src/cli/import/engine';
import { importFile, type ImportEnd, type ImportOptions } from '../../../src/cli/import/import-file';
import type { ProgressState } from '../../../src/cli/import/progress';
import type { ContactEvent, ImportedRow, ImportRow } from '../../../src/contract/contact';

export const CONTACTS: ContactsConfig = {
  consent: ['traits.marketing_consent'],
  customFields: { signup_method: 'properties.method' },
};

/** A folder that is gone after each test. */
export function testFolder(): { file: (name: string, content: string | Buffer) => string } {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-import-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    file(name, content) {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
  };
}

/** Accepts what has consent and an e-mail or a user id, which are its ids. */
export const judge: RowJudge = (item) => {
  const traits = (item.traits ?? {}) as Record<string, unknown>;
  if (item.type !== 'identify' && item.type !== 'track') return { invalid: ['type: missing'] };
  if (traits.marketing_consent !== true) return { dropped: 'no-consent' };
  const ids = [item.userId, traits.email].filter((id) => typeof id === 'string');
  if (ids.length === 0) return { dropped: 'anonymous' };
  const event: ContactEvent = {
    ...{
      key: '',
      receivedAt: 0,
      at: 0,
      type: 'identify',
      name: 'Identified',
      action: 'upsert',
      standInName: false,
      marks: {},
      ids,
      notes: [],
    },
    contact: { name: '', tags: [], custom_fields: { item: JSON.stringify(item) } },
  };
  return { accepted: event };
};

interface Stored {
  rows: ImportRow[];
  /** How often it is still answered with running. */
  looks: number;
}

/** Keeps batches in memory; each is done when it was looked at `looks` times. */
export class FakeEngine implements ImportEngine {
  readonly stored = new Map<string, Stored>();
  /** Lines in the order in which they were handed over. */
  readonly lines: number[] = [];
  /** Rows that were handed over and have not ended, at most. */
  mostOpen = 0;
  outcomeOf: (row: ImportRow) => Partial<ImportedRow> = () => ({});
  onStart: (batch: number, rows: ImportRow[]) => void = () => undefined;
  attention: Extract<BatchProgress, { state: 'running' }>['attention'] = null;

  constructor(private readonly looks: (batch: number) => number = () => 1) {}

  async start(importId: string, batch: number, rows: ImportRow[]): Promise<void> {
    const key = `${importId}/${batch}`;
    if (this.stored.has(key)) return;
    this.stored.set(key, { rows, looks: this.looks(batch) });
    this.lines.push(...rows.map(({ line }) => line));
    this.mostOpen = Math.max(this.mostOpen, this.open.length);
    this.onStart(batch, rows);
  }

  async progress(importId: string, batch: number): Promise<BatchProgress | null> {
    const stored = this.stored.get(`${importId}/${batch}`);
    if (!stored) return null;
    if (stored.looks > 0) {
      stored.looks -= 1;
      return { state: 'running', done: 0, attention: this.attention };
    }
    const rows = stored.rows.map((row): ImportedRow => {
      return {
        line: row.line,
        outcome: 'created',
        detail: null,
        notes: [],
        ids: row.event.ids,
        ...this.outcomeOf(row),
      };
    });
    return { state: 'done', rows };
  }

  get open(): ImportRow[] {
    return [...this.stored.values()].filter(({ looks }) => looks > 0).flatMap(({ rows }) => rows);
  }

  /** What the items were made of, by line. */
  get items(): Record<string, unknown>[] {
    const rows = [...this.stored.values()].flatMap(({ rows }) => rows).sort((a, b) => a.line - b.line);
    return rows.map(({ event }) => JSON.parse(String(event.contact.custom_fields?.item)) as Record<string, unknown>);
  }
}

export interface Run extends ImportEnd {
  said: string[];
  states: ProgressState[];
  /** Lines of the report, without the header; empty without a report. */
  report: string[];
}

/** One import of the file with the fake engine. */
export async function importWith(
  engine: ImportEngine,
  file: string,
  options: Partial<ImportOptions> = {},
): Promise<Run> {
  const said: string[] = [];
  const states: ProgressState[] = [];
  const all: ImportOptions = {
    ...{ file, again: false, contacts: CONTACTS, stop: new AbortController().signal, now: () => new Date() },
    progress: {
      update: (state) => void states.push(structuredClone(state)),
      say: (text) => void said.push(text),
      end() {},
    },
    pause: async () => void (await turn()),
    ...options,
  };
  const end = await importFile(all, (work) => work({ engine, judge }));
  const { report } = end.result;
  return {
    ...end,
    said,
    states,
    report: report === null ? [] : readFileSync(report, 'utf8').trimEnd().split('\n').slice(1),
  };
}
