/**
 * The one logger of a process: JSON lines, or readable ones on a terminal. Data are fields; bodies are never logged.
 * Promise: one line a record, of bearable length, and no credential, address or number of a person in it
 * even when an error's text repeats one.
 */
import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from './config/settings';
import { withoutPersonal } from './personal';

export type { Logger } from 'pino';

/** Texts are cut here, so that one line stays one line of bearable length. */
const LONGEST_TEXT = 4096;
const LONGEST_KEY = 100;
/** Objects are followed so far; what lies deeper is no data for a log. */
const DEEPEST = 6;
const MOST_ENTRIES = 100;

/** Credentials by their looks, in a line as it is written: text is JSON-escaped there. */
const CREDENTIALS: readonly [RegExp, string][] = [
  [/\b(bearer|basic) +[\w.~+/=-]{6,}/gi, '$1 ***'],
  [/\bsha256=[0-9a-f]{64}\b/gi, 'sha256=***'],
  [/(https?:\/\/)[^\s"\\/@]+@/gi, '$1***@'],
  [/(https?:\/\/[^\s"\\?]*)\?[^\s"\\]*/gi, '$1?***'],
  [
    /(\b(?:access_token|refresh_token|client_secret|password|api_?key)\\?["']?\s*[=:]\s*\\?["']?)[^\s"'\\&,;}]+/gi,
    '$1***',
  ],
];

const scrub = (line: string): string =>
  withoutPersonal(CREDENTIALS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), line));

/** What a terminal obeys or a reader of lines takes for an end; JSON leaves some of it as it is. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

const fitText = (text: string, longest = LONGEST_TEXT): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).replace(OBEYED, ' ');

/** A value fit for a line: bounded in length, depth and breadth, without characters that a terminal obeys. */
function fit(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return fitText(value);
  if (value instanceof Error) return fitError(value, depth);
  if (value === null || typeof value !== 'object' || typeof (value as { toJSON?: unknown }).toJSON === 'function') {
    return value;
  }
  if (depth >= DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, MOST_ENTRIES).map((entry) => fit(entry, depth + 1));
  const entries = Object.entries(value).slice(0, MOST_ENTRIES);
  return Object.fromEntries(entries.map(([key, entry]) => [fitText(key, LONGEST_KEY), fit(entry, depth + 1)]));
}

/** Name, words, place and cause; other properties of an error may hold the request that failed. */
function fitError({ name, message, stack, cause }: Error, depth: number): unknown {
  const inner = cause instanceof Error && depth < DEEPEST ? { cause: fit(cause, depth + 1) } : {};
  return { type: fit(name), message: fit(message), stack: fit(stack ?? ''), ...inner };
}

/** Writes to standard error: standard output belongs to the ready line and to what commands answer. */
export function createLogger(level: LogLevel, terminal: boolean, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Without it pino would turn errors into text before they are made fit.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => fit(fields) as Record<string, unknown>,
    },
    hooks: { streamWrite: scrub },
  };
  if (destination) return pino(options, destination);
  return terminal
    ? pino(options, pretty({ destination: 2, colorize: true, ignore: 'pid,hostname', singleLine: true, sync: true }))
    : pino(options, pino.destination({ dest: 2, sync: true }));
}
