/** `backup` and `restore`: the embedded engine's data as one file, and back. Promise: neither shows anything of what is in it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createBackup, restoreBackup } from '../../engine';
import type { Settings } from '../config/settings';
import { SANDBOX_ACCOUNT } from '../runtime';
import { sandboxAnswers } from '../service/sandbox-part';
import { readSettings } from './context';
import { UsageError, WorkFailedError } from '../command-errors';
import { printJson } from './output';

const report = (line: string): void => console.error(line);

/** @throws UsageError where Temporal is a cluster, which has a backup of its own. */
function embeddedSettings(command: string): Settings {
  const settings = readSettings({ calls: [], secrets: [] });
  if (settings.embeddedTemporal) return settings;
  throw new UsageError(
    `\`${command}\` is for the embedded Temporal server, and TEMPORAL_ADDRESS names a cluster. Back up the database of that cluster.`,
  );
}

const optionsOf = (settings: Settings) => ({
  dataDir: settings.dataDir,
  account: settings.freshdesk?.domain ?? SANDBOX_ACCOUNT,
  encryptionKeys: settings.encryptionKeys.map(({ id }) => id),
  report,
});

export async function backup(file: string, json: boolean): Promise<void> {
  const settings = embeddedSettings('backup');
  if (existsSync(file)) throw new UsageError(`${file} exists already. Name a new file.`);
  const made = await createBackup({ ...optionsOf(settings), file });
  const { account, takenAt, server, encryptionKeys, open, bytes, heldMs } = made;
  const keptApart = encryptionKeys.length > 0;
  if (json) return printJson({ file: resolve(file), bytes, account, takenAt, server, encryptionKeys, open, heldMs });
  console.log(`${resolve(file)}: ${size(bytes)}, account ${account}, ${countsOf(open)}, as of ${takenAt}.`);
  if (heldMs !== null) console.log(`Temporal stood still for ${heldMs} ms. Webhooks of that time are sent again.`);
  console.log(
    'It holds secrets in plain text: keep it where only you can read it. Settings and the config file are not in it.',
  );
  if (keptApart)
    console.log(`It can be read only with the keys ${encryptionKeys.join(', ')}: keep them apart from it.`);
}

export async function restore(file: string, { checkOnly, json }: { checkOnly: boolean; json: boolean }): Promise<void> {
  const settings = embeddedSettings('restore');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  if (!checkOnly && (await sandboxAnswers(settings.dataDir))) {
    throw new WorkFailedError(
      `The sandbox of ${settings.dataDir} runs. Stop Deskbridge, then restore. Nothing was changed.`,
    );
  }
  const restored = await restoreBackup({ ...optionsOf(settings), file, checkOnly });
  const { account, takenAt, server, encryptionKeys, open, aside } = restored;
  if (json)
    return printJson({
      file: resolve(file),
      restored: !checkOnly,
      account,
      takenAt,
      server,
      encryptionKeys,
      open,
      aside,
    });
  console.log(`${resolve(file)}: account ${account}, ${countsOf(open)}, as of ${takenAt}. It is whole.`);
  if (checkOnly) return console.log('Nothing was changed.');
  console.log(`${resolve(settings.dataDir)} holds it now.${aside === null ? '' : ` What was there is in ${aside}.`}`);
  console.log(
    'Start Deskbridge. Each dispatch asks Field Nation before it orders anything; reconcile finds what came since.',
  );
}

const countsOf = ({ runs, dispatches }: { runs: number; dispatches: number }): string =>
  `${dispatches} open ${dispatches === 1 ? 'dispatch' : 'dispatches'} among ${runs} open runs`;

const size = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
