/** What a phase leaves behind: one JSON line, which a later run can be compared with. */
import { appendFileSync, readFileSync } from 'node:fs';

/** Names are in camel case and end with the unit; null where this machine does not tell. */
export type Figures = Record<string, number | null>;

export interface PhaseRecord extends Measured {
  phase: string;
  at: string;
  seconds: number;
  versions: { deskbridge: string; commit: string | null; node: string; temporal: string };
  machine: { cores: number; processor: string; platform: string; loadBefore: number };
  options: { n: number; perRequest: number; parallel: number; latencyMs: number; open: number };
  unit: string;
  units: number;
  /** The same with nothing but the SDK, right before; null where there is no such thing. `otherCalls`: it is no measure. */
  floor: (Measured & { otherCalls: string | null }) | null;
}

export interface Measured {
  figures: Figures;
  processes: Record<string, Figures>;
  answers: Record<string, number>;
}

export const lineOf = (record: PhaseRecord): string => `${JSON.stringify(record, brief)}\n`;

/** More digits than were measured only make the lines long. */
const brief = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;

export const save = (file: string, record: PhaseRecord): void => appendFileSync(file, lineOf(record));

/** The last record of each phase; lines that are no JSON, such as npm's own, are passed over. */
export function readRecords(file: string): Map<string, PhaseRecord> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const records = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as PhaseRecord);
  return new Map(records.map((record) => [record.phase, record]));
}
