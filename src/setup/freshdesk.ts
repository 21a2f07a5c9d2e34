/**
 * The automation rules that tell Deskbridge of tickets: how those of the account stand, and those that are missing made.
 * Promise: what is there is not made again, and nothing that is there is changed. Source: Freshdesk contract 12.
 */
import type { AutomationRule, TicketField } from '../clients/freshdesk';
import { UpstreamError } from '../clients/upstream-error';
import type { Config } from '../config/schema';
import type { Settings } from '../config/settings';
import type { Runtime } from '../runtime';
import { openFreshdesk, withAccount } from '../checks/accounts';
import { checkContactFields, checkRuleChoices, checkStatuses, checkTicketFields } from '../checks/names-freshdesk';
import type { Finding } from '../checks/finding';
import { otherAgents } from '../checks/other-agents';
import { unlessRefused } from '../checks/unless-refused';
import { WorkFailedError } from '../command-errors';
import { faultOf } from '../checks/upstream-fault';
import { PLACEHOLDER } from './address';
import { fieldsToMake, type FieldToMake } from './fields-to-make';
import { makeMissing, rulesOfBothKinds } from './make-rules';
import {
  covers,
  findRule,
  FRESHDESK_ROUTE,
  shortcomings,
  triggerConditions,
  wantedRules,
  type RuleDeps,
  type WantedRule,
} from '../checks/freshdesk-rules';

export interface RuleState extends WantedRule {
  /** `made`: read back, and as it was sent. `not proven`: made, but Freshdesk shows it otherwise or not at all. */
  state: 'already there' | 'to be corrected' | 'missing' | 'made' | 'not proven';
  /** Of the rule in Freshdesk. */
  id: number | null;
  /** What is to be corrected by hand: the API is not known to change rules. */
  problems: string[];
  /** It runs on changes by Deskbridge itself too: no harm, but a call for each. */
  firesOnOwnChanges: boolean;
}

export interface FreshdeskSetup {
  url: string;
  /** As the config names it: rules hold numbers, people see labels. */
  when: Config['dispatch']['when'];
  rules: RuleState[];
  /** Labels of the account's statuses by which a ticket may ask for a technician. */
  statuses: string[];
  /** Statuses and fields of the config that the account lacks. */
  missing: Finding[];
  /** Fields of the config that the account lacks and that can be made for it. */
  fieldsToMake: FieldToMake[];
  /** The agent whose changes must not fire the rules. */
  ownAgent: string;
  /** False: the key may not see the rules, so that none can be told to be there. */
  rulesSeen: boolean;
}

export interface FreshdeskSetupDeps {
  settings: Settings;
  runtime: Runtime;
  config: Config;
  /** Of Deskbridge's route; null: not known yet. */
  address: string | null;
  /** Makes the rules that are missing. */
  apply: boolean;
}

/** How the account stands to the config, after the rules were made where that is asked. @throws WorkFailedError */
export const freshdeskSetup = ({ settings, runtime, config, address, apply }: FreshdeskSetupDeps) =>
  withAccount(openFreshdesk(settings, runtime), async ({ client, baseUrl }): Promise<FreshdeskSetup> => {
    try {
      const me = await client.me();
      const fields = await client.ticketFields();
      const contactFields = await client.contactFields();
      const names = [
        ...checkStatuses(config, fields),
        ...checkRuleChoices(config, fields),
        ...checkTicketFields(config, fields),
        ...checkContactFields(config, contactFields),
      ];
      const { conditions: triggers, unknown } = triggerConditions(config.dispatch.when, fields);
      const deps: RuleDeps & { me: number } = {
        ...{ triggers, linkField: config.dispatch.linkField, me: me.id, account: runtime.account },
        url: address ?? PLACEHOLDER + FRESHDESK_ROUTE,
        secret: runtime.freshdeskWebhookSecrets[0] ?? '',
        agents: (await otherAgents(client, me))?.map(({ id }) => id) ?? null,
      };
      const there = await unlessRefused(() => rulesOfBothKinds(client));
      const rules = wantedRules(deps).map((wanted) => stateOf(wanted, there, deps));
      const setup: FreshdeskSetup = {
        ...{
          url: deps.url,
          when: config.dispatch.when,
          rules,
          missing: names.filter(({ level }) => level !== 'green'),
        },
        statuses: triggerStatuses(fields),
        fieldsToMake: fieldsToMake(config, fields, contactFields),
        ...{ ownAgent: me.contact?.name ?? String(me.id), rulesSeen: there !== null },
      };
      if (apply) await makeMissing(client, setup, unknown.length > 0);
      return setup;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const { subject, cause, remedy } = faultOf(error, baseUrl);
      throw new WorkFailedError(`${subject}: ${cause}. ${remedy}`);
    }
  });

/** Open, resolved and closed: every ticket has these. Source: Freshdesk contract 6. */
const OF_EVERY_TICKET = [2, 4, 5];

const triggerStatuses = (fields: readonly TicketField[]): string[] =>
  (fields.find(({ type }) => type === 'default_status')?.choices ?? [])
    .filter(({ id }) => id !== null && !OF_EVERY_TICKET.includes(id))
    .map(({ label }) => label);

function stateOf(
  wanted: WantedRule,
  there: Record<1 | 4, AutomationRule[]> | null,
  deps: RuleDeps & { me: number },
): RuleState {
  const known = there && findRule(there[wanted.type], wanted);
  if (!known) return { ...wanted, state: 'missing', id: null, problems: [], firesOnOwnChanges: false };
  const problems = shortcomings(known, wanted, deps);
  return {
    ...{ ...wanted, state: problems.length > 0 ? 'to be corrected' : 'already there', id: known.id, problems },
    firesOnOwnChanges: wanted.type === 4 && covers(known, deps.me),
  };
}
