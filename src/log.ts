/** The one logger of a process: JSON lines, or readable ones on a terminal. Data are fields; bodies are never logged. */
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config/settings';

export type { Logger } from 'pino';

/** Fields are cut here, so that one line stays one line of bearable length. */
const LONGEST_FIELD = 4096;

const cut = (value: unknown): unknown =>
  typeof value === 'string' && value.length > LONGEST_FIELD ? `${value.slice(0, LONGEST_FIELD)}…` : value;

/** Writes to standard error: standard output belongs to the ready line and to what commands answer. */
export function createLogger(level: LogLevel, terminal: boolean): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, cut(v)])),
    },
  };
  return terminal
    ? pino(options, pretty({ destination: 2, colorize: true, ignore: 'pid,hostname', sync: true }))
    : pino(options, pino.destination({ dest: 2, sync: true }));
}
