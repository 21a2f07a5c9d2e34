/** `contacts import`: settings, signals and output around one import. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfigFile } from '../../config/load';
import { CONTACTS } from '../../config/settings-needs';
import { readSettings, withContext } from '../context';
import { printJson } from '../output';
import type { ConnectImport } from './engine';
import { importFile, type ImportEnd } from './import-file';
import { countsText, numberText } from './outcomes';
import { durationText } from './pace';
import { createProgress } from './progress';

export interface ImportCommand {
  file: string;
  again: boolean;
  json: boolean;
}

/** @throws WorkFailedError when a row needs a person, or the import was stopped. */
export async function importContacts({ file, again, json }: ImportCommand, connect: ConnectImport): Promise<void> {
  const { contacts, ...config } = await loadConfigFile(readSettings(CONTACTS).configFile);
  const out = json ? process.stderr : process.stdout;
  const progress = createProgress(out, !json && out.isTTY && process.env.TERM !== 'dumb');
  const stop = new AbortController();
  const onSignal = (): void => {
    progress.say('Stopping; no further rows are sent.');
    stop.abort();
  };
  const began = Date.now();
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  const options = { file, again, contacts, progress, stop: stop.signal, pause, now: () => new Date() };
  let end: ImportEnd;
  try {
    end = await importFile(options, (work) =>
      withContext(async (context) => {
        const parts = await connect(context, { contacts, ...config });
        // Once each: who presses Ctrl-C a second time does not want to wait.
        for (const signal of SIGNALS) process.once(signal, onSignal);
        return work(parts);
      }, CONTACTS),
    );
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    progress.end();
  }
  tell(end, Date.now() - began, (text) => out.write(`${text}\n`));
  if (json) printJson(end.result);
  if (end.failure) throw end.failure;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

function tell({ result, begun, complete, failure }: ImportEnd, ms: number, say: (text: string) => void): void {
  const { counts, rows, report } = result;
  if (rows === 0) return failure ? undefined : say('The file has no rows.');
  say(`${numberText(rows)} rows in ${durationText(ms / 1000)}: ${countsText(counts)}.`);
  if (complete && begun === 0 && rows > counts.dropped + counts.invalid) {
    say('Nothing new was sent: the whole file had been sent before. --again sends it once more.');
  }
  if (!failure && report !== null)
    say(`${report} shows the rows that were not done, or not with all that they hold, and why.`);
}
