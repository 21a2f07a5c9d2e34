/** What an import asks of the Temporal side. Promise of the file side: the same file gives the same batches, row by row. */
import type { ContactEvent, DropReason, ImportRow, ImportedRow } from '../../contract/contact';
import type { Config } from '../../config/schema';
import type { CliContext } from '../context';

export type BatchProgress =
  | { state: 'running'; done: number; attention: { reason: string; detail: string; remedy: string } | null }
  | { state: 'done'; rows: ImportedRow[] };

/** Batches are counted from 1; their numbers have gaps, because a batch without accepted rows is not sent. */
export interface ImportEngine {
  /** Stores the batch; does nothing when it is stored already (the same file gives the same ids). */
  start(importId: string, batch: number, rows: ImportRow[]): Promise<void>;
  /** Null: the batch is not known. */
  progress(importId: string, batch: number): Promise<BatchProgress | null>;
}

/** Checks, gates and maps one item as the intake does; `saidAt` (ISO 8601) is when, for an item without a time of its own. */
export interface RowJudge {
  (
    item: Record<string, unknown>,
    saidAt?: string,
  ):
    | { invalid: string[] }
    /** A withdrawal goes to the engine although nothing of the row is sent. */
    | { dropped: DropReason; notes?: string[]; withdrawal?: { events: ContactEvent[] } }
    | { accepted: ContactEvent };
}

export interface ImportParts {
  engine: ImportEngine;
  judge: RowJudge;
}

/** Makes both from what every command has; called after the file was found good. */
export type ConnectImport = (context: CliContext, config: Config) => ImportParts | Promise<ImportParts>;
