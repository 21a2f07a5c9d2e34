/** `contacts replay`: sends contact events again that ended as rejected or conflict; a dry run unless it is told yes. */
import { NOTHING } from '../config/settings-needs';
import { REPLAYED_OUTCOMES, type ReplayCounts, type ReplayedOutcome } from '../contract/contact';
import { loadConfigFile } from '../config/load';
import { createContactReplays } from '../temporal/contact-replays';
import { readSettings, withContext } from './context';
import { UsageError } from '../command-errors';
import { printJson } from './output';
import { momentOf } from './since';

export interface ReplayOptions {
  outcome?: string;
  since?: string;
  yes: boolean;
  json: boolean;
}

/** @throws UsageError for an outcome or a time that is none. */
export async function replayContacts({ outcome, since, yes, json }: ReplayOptions): Promise<void> {
  const outcomes = outcome === undefined ? [...REPLAYED_OUTCOMES] : [known(outcome)];
  const config = await loadConfigFile(readSettings(NOTHING).configFile);
  const input = { outcomes, since: since === undefined ? null : momentOf(since), until: new Date().toISOString() };
  const answer = await withContext(async ({ client, runtime, deadlineMs }) => {
    const replays = createContactReplays({
      client,
      account: runtime.account,
      config: { current: () => config },
      deadlineMs,
    });
    const counts = await replays.count(input);
    return { dryRun: !yes, ...counts, run: yes && counts.events > 0 ? await replays.start(input) : null };
  });
  if (json) printJson(answer);
  else for (const line of linesOf(answer)) console.log(line);
}

function known(outcome: string): ReplayedOutcome {
  const found = REPLAYED_OUTCOMES.find((one) => one === outcome);
  if (found) return found;
  throw new UsageError(`--outcome: "${outcome}" cannot be sent again; use one of ${REPLAYED_OUTCOMES.join(', ')}.`);
}

function linesOf({
  dryRun,
  contacts,
  events,
  newer,
  withdrawn,
  again,
  unmapped,
  run,
}: ReplayCounts & { dryRun: boolean; run: string | null }): string[] {
  const left = [
    [newer, 'a newer event has been sent'],
    [withdrawn, 'consent was withdrawn'],
    [again, 'sent again before'],
    [unmapped, 'the config has no rule for the event any more'],
  ] as const;
  const end =
    run !== null
      ? `They are sent in the background (${run}).`
      : dryRun && events > 0
        ? 'Nothing was sent; --yes sends them.'
        : 'Nothing was sent.';
  return [
    `${events} ${events === 1 ? 'event' : 'events'} of ${contacts} ${contacts === 1 ? 'contact' : 'contacts'} can be sent again.`,
    ...left.filter(([count]) => count > 0).map(([count, why]) => `  ${count} not: ${why}.`),
    end,
  ];
}
