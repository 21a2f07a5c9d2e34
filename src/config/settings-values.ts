/** Settings with a form of their own. */
import { duration } from './duration';
import { readEncryptionKeys, type EncryptionKey } from './encryption-keys';
import { shown, type Reader } from './settings-reader';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `host:port`; an IPv6 host stands in brackets. */
export function readMetricsAddress(reader: Reader): { host: string; port: number } | null {
  const given = reader.text('METRICS_ADDRESS');
  if (given === null) return null;
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(given) ?? [];
  if (host && Number(port) <= 65535) return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  return reader.fault(
    'METRICS_ADDRESS',
    `${shown(given)} is not host:port`,
    'Use a form such as 127.0.0.1:9464, or 0.0.0.0:9464 for all addresses.',
  );
}

export function readInterval(reader: Reader): number {
  const text = reader.text('RECONCILE_INTERVAL') ?? '10m';
  const interval = text === '0' ? 0 : (duration.safeParse(text).data ?? null);
  if (interval !== null && (interval === 0 || interval >= 1000)) return interval;
  const remedy = 'Use a form such as 15s, 10m or 1h; 0 turns it off.';
  reader.fault('RECONCILE_INTERVAL', `${shown(text)} is not a length of time of at least 1s`, remedy);
  return 0;
}

export function readKeys(reader: Reader): EncryptionKey[] {
  const { keys, problems } = readEncryptionKeys(reader.secret('DESKBRIDGE_ENCRYPTION_KEYS'));
  for (const { problem, remedy } of problems) reader.fault('DESKBRIDGE_ENCRYPTION_KEYS', problem, remedy);
  return keys;
}

export function readLogLevel(reader: Reader): LogLevel {
  const given = reader.text('LOG_LEVEL')?.toLowerCase() ?? 'info';
  const level = LOG_LEVELS.find((one) => one === given);
  if (level === undefined)
    reader.fault('LOG_LEVEL', `${shown(given)} is not a level`, `Use one of ${LOG_LEVELS.join(', ')}.`);
  return level ?? 'info';
}
