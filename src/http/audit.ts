/**
 * The audit trail: who did what. Promise: one line of JSON for each act, no secret in it and no reason that somebody gave, which stands in the timeline; a trail that
 * cannot be written holds nothing up, and the log says so. The file has a bound: one older one stands beside it.
 */
import { appendFileSync, openSync, readFileSync, readSync, closeSync, fstatSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings';
import type { Operator } from './admin';
import type { Logger } from '../log';

export type Act =
  | 'signed in'
  | 'sign-in refused'
  | 'signed out'
  | 'dispatched'
  | 'approved'
  | 'retried'
  | 'cancelled'
  | 'paused'
  | 'resumed'
  | 'replayed contacts'
  | 'changed the config'
  | 'changed the settings'
  | 'made in Freshdesk'
  | 'made in Field Nation'
  | 'restarted';

export interface AuditEntry {
  /** ISO 8601. */
  at: string;
  act: Act;
  /** Null: no name is known. */
  who: string | null;
  via: Operator['via'] | 'shell' | null;
  /** Such as `ticket 4711`; null: nothing in particular. */
  what: string | null;
  detail: string | null;
}

/** Whose act it is. */
export type By = Pick<AuditEntry, 'who' | 'via'>;

export interface Audit {
  /** Writes down what was done, once it is done. */
  note(entry: { act: Act; by: By; what?: string; detail?: string }): void;
  /** The newest first; null: no file is kept here, the log has them. */
  newest(most: number): AuditEntry[] | null;
}

export interface AuditDeps {
  /** Null: log lines only, since the data dir of one process of many would hold a part. */
  file: string | null;
  log: Logger;
  now?: () => Date;
}

/** The embedded server's data dir belongs to one machine; on a cluster it is each process's own, and may go with it. */
export const auditFile = ({
  embeddedTemporal,
  dataDir,
}: Pick<Settings, 'embeddedTemporal' | 'dataDir'>): string | null =>
  embeddedTemporal ? join(dataDir, 'audit.jsonl') : null;

/** In bytes; about 25,000 acts. */
const LARGEST = 5_000_000;
/** Of the end of the file, read for the page. */
const TAIL = 200_000;

export const operatorIs = ({ name, via }: Operator): By => ({ who: name, via });

export function createAudit({ file, log, now = () => new Date() }: AuditDeps): Audit {
  return {
    note: ({ act, by, what = null, detail = null }) => {
      const entry: AuditEntry = { at: now().toISOString(), act, who: by.who, via: by.via, what, detail };
      log.info({ ...entry, audit: true }, 'audit');
      if (file === null) return;
      try {
        if (sizeOf(file) > LARGEST) renameSync(file, `${file}.1`);
        // Whole lines at the end: several processes on one data dir may write.
        appendFileSync(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
      } catch (error) {
        log.error({ err: error }, 'the audit trail cannot be written');
      }
    },
    newest: (most) => {
      if (file === null) return null;
      const lines = tailOf(file).concat(sizeOf(file) < TAIL ? tailOf(`${file}.1`) : []);
      return lines.flatMap(entryOf).slice(0, most);
    },
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines, the newest first. */
function tailOf(file: string): string[] {
  const size = sizeOf(file);
  if (size === 0) return [];
  if (size <= TAIL) return readFileSync(file, 'utf8').split('\n').reverse();
  const handle = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(TAIL);
    const length = readSync(handle, buffer, 0, TAIL, fstatSync(handle).size - TAIL);
    // The first line is not whole.
    return buffer.subarray(0, length).toString('utf8').split('\n').slice(1).reverse();
  } finally {
    closeSync(handle);
  }
}

/** What is no entry, such as half a line after a power cut, is left out. */
function entryOf(line: string): AuditEntry[] {
  try {
    const entry = JSON.parse(line) as AuditEntry;
    return typeof entry.act === 'string' && typeof entry.at === 'string' ? [entry] : [];
  } catch {
    return [];
  }
}
