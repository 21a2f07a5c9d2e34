/** Makes the automation rules that are missing, and reads back what Freshdesk kept of them. */
import type { AutomationRule, FreshdeskClient } from '../clients/freshdesk';
import { UpstreamError } from '../clients/upstream-error';
import { WorkFailedError } from '../command-errors';
import { allRules } from '../checks/all-rules';
import type { FreshdeskSetup, RuleState } from './freshdesk';
import { differences } from '../checks/freshdesk-rules';

export const rulesOfBothKinds = async (client: FreshdeskClient): Promise<Record<1 | 4, AutomationRule[]>> => ({
  1: await allRules(client, 1),
  4: await allRules(client, 4),
});

/** @throws WorkFailedError where a rule could be made twice, or would fire for every ticket. */
export async function makeMissing(
  client: FreshdeskClient,
  { rules, rulesSeen }: FreshdeskSetup,
  unknownStatus: boolean,
): Promise<void> {
  if (!rulesSeen) {
    throw new WorkFailedError(
      'FRESHDESK_API_KEY: only the key of an administrator may see and make rules. Run it once with such a key, or without --apply and paste.',
    );
  }
  if (unknownStatus || rules.some(({ rule }) => rule.conditions.every(({ properties }) => properties.length === 0))) {
    throw new WorkFailedError(
      'dispatch.when names a status or priority that Freshdesk lacks, or nothing at all. Add the status (Admin > Ticket Fields > Status) or correct the config, then run it again.',
    );
  }
  const missing = rules.filter(({ state }) => state === 'missing');
  for (const entry of missing) await makeRule(client, entry);
  if (missing.length === 0) return;
  // That Freshdesk took a rule does not say that it kept all of it.
  const there = await rulesOfBothKinds(client);
  for (const entry of missing) {
    const made = there[entry.type].find(({ id, name }) =>
      entry.id === null ? name === entry.rule.name : id === entry.id,
    );
    const problems = made
      ? differences(made, entry).map((what) => `Freshdesk does not show ${what} as sent`)
      : ['Freshdesk does not list it'];
    Object.assign(entry, { id: made?.id ?? entry.id, problems, state: problems.length > 0 ? 'not proven' : 'made' });
  }
}

/** @throws WorkFailedError with the rule's name where Freshdesk refuses it. */
async function makeRule(client: FreshdeskClient, entry: RuleState): Promise<void> {
  try {
    entry.id = (await client.createAutomationRule(entry.type, entry.rule)).id;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    // Made, but answered in a form that nobody knows: the list says what came of it.
    if (error.phase === 'unreadable') return;
    if (error.status !== 400) throw error;
    throw new WorkFailedError(
      `Freshdesk refused the rule "${entry.rule.name}": ${error.message}. Run setup freshdesk without --apply and paste it.`,
    );
  }
}
