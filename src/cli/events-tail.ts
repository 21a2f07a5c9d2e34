/** `events tail`: asks the web process again and again, since it alone knows what it dropped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { adminTokens } from '../config/admin-tokens';
import { NOTHING } from '../config/settings-needs';
import type { EventItem } from '../http/event-list';
import { resolveRuntime } from '../runtime';
import { recordedWeb } from '../config/neighbours';
import { clock } from './clock';
import { readSettings } from './context';
import { UsageError, WorkFailedError } from '../command-errors';
import { plain } from './output';

export interface TailOptions {
  outcome?: string;
  reason?: string;
  person?: string;
  json?: boolean;
}

const EVERY_MS = 1000;
const FIRST = 20;
const LATER = 500;

/** @throws WorkFailedError when the web process does not answer. */
export async function tailEvents({ json = false, ...filter }: TailOptions): Promise<void> {
  const settings = readSettings(NOTHING);
  const url = settings.web.publicUrl ?? recordedWeb(settings.dataDir);
  const [operator] = adminTokens(resolveRuntime(settings).adminToken);
  if (!url) throw new UsageError('No web process is known here: set DESKBRIDGE_URL to its address.');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const ask = async (limit: number): Promise<EventItem[]> => {
    const query = new URLSearchParams({ ...filter, limit: String(limit) });
    const headers: Record<string, string> = operator ? { authorization: `Bearer ${operator.token}` } : {};
    const response = await fetch(`${url.replace(/\/$/, '')}/api/events?${query.toString()}`, { headers }).catch(() => {
      throw new WorkFailedError(`${url} does not answer. Start Deskbridge, or set DESKBRIDGE_URL.`);
    });
    const body = (await response.json()) as { items: EventItem[]; detail?: string };
    if (!response.ok) throw new WorkFailedError(`${url} answers ${response.status}: ${plain(body.detail ?? '')}`);
    return body.items;
  };
  const shown = new Set<string>();
  for (let limit = FIRST; !stop.signal.aborted; limit = LATER) {
    for (const item of (await ask(limit)).reverse()) {
      // Again once its run has ended.
      const line = json ? JSON.stringify(item) : lineOf(item);
      if (shown.has(line)) continue;
      shown.add(line);
      console.log(line);
    }
    await sleep(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

function lineOf({ at, type, event, outcome, reason, notes, result, run }: EventItem): string {
  const words = [reason, ...notes, result && `ended as ${result}`, run]
    .filter(Boolean)
    .map((text) => plain(String(text)));
  return `${clock(at)}  ${plain(event || type || 'unknown').padEnd(16)} ${outcome}  ${words.join(' – ')}`;
}
