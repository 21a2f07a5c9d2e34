/**
 * The hosts of the two systems, held against those that the account works with. Promise: a worker with others never starts,
 * so that no ticket of one system meets an order of another.
 */
import type { Client } from '@temporalio/client';
import { SettingsError, type Settings } from '../config/settings';
import type { Upstreams } from '../contract/dispatching';
import { hostOf, SANDBOX, settleUpstreams, type UpstreamClash } from '../domain/dispatching/upstreams';
import { playsFieldNation } from '../runtime';
import { withDeadline } from '../temporal/deadline';
import { queryOf } from '../temporal/index/query';
import type { Dispatching } from '../temporal/dispatching';

export const upstreamsOf = (settings: Settings): Upstreams => {
  const { freshdesk, fieldNation } = settings;
  return {
    freshdesk: freshdesk ? hostOf(freshdesk.baseUrl) : SANDBOX,
    fieldNation: fieldNation ? hostOf(fieldNation.baseUrl) : playsFieldNation(settings) ? SANDBOX : null,
  };
};

export interface UpstreamPartDeps {
  settings: Settings;
  client: Client;
  account: string;
  dispatching: Dispatching;
}

const WITHIN_MS = 8_000;

/** What is recorded, and what is to be. Needs no worker. @throws SettingsError when the account works with other hosts */
export async function checkUpstreams({
  settings,
  client,
  account,
  dispatching,
}: UpstreamPartDeps): Promise<{ recorded: Upstreams; upstreams: Upstreams }> {
  const { upstreams: recorded } = await dispatching.state();
  const given = upstreamsOf(settings);
  if (given.fieldNation === null && recorded.fieldNation !== null) {
    throw new SettingsError([withoutFieldNation(account, recorded.fieldNation)]);
  }
  const { count } = await withDeadline(client, WITHIN_MS, () =>
    client.workflow.count(queryOf(account, { kind: 'ticketDispatch', status: 'running' })),
  );
  const settled = settleUpstreams(recorded, given, count > 0);
  if ('clashes' in settled) throw new SettingsError(settled.clashes.map((clash) => problemOf(account, clash)));
  return { recorded, upstreams: settled.upstreams };
}

/** Records what fits; needs a worker. @throws as {@link checkUpstreams}, when another process was quicker with other hosts */
export async function recordUpstreams(deps: UpstreamPartDeps): Promise<void> {
  const { recorded, upstreams } = await checkUpstreams(deps);
  const isNew = upstreams.freshdesk !== recorded.freshdesk || upstreams.fieldNation !== recorded.fieldNation;
  if (isNew) await deps.dispatching.record(recorded, upstreams);
}

const withoutFieldNation = (account: string, recorded: string) => ({
  name: 'FIELD_NATION_CLIENT_ID',
  problem: `is missing, but account ${account} works with ${inWords(recorded)}`,
  remedy:
    recorded === SANDBOX
      ? 'Set FIELD_NATION_SANDBOX=true as before, or give the FIELD_NATION_… credentials.'
      : 'Give the FIELD_NATION_… credentials as before: its workers need them.',
});

const SETTINGS = {
  freshdesk: { name: 'FRESHDESK_BASE_URL', label: 'Freshdesk' },
  fieldNation: { name: 'FIELD_NATION_BASE_URL', label: 'Field Nation' },
} as const;

function problemOf(account: string, { system, recorded, given, whenNoneIsOpen }: UpstreamClash) {
  const { name, label } = SETTINGS[system];
  const remedy = whenNoneIsOpen
    ? `Cancel or finish the open dispatches with the old settings first: \`deskbridge list\` shows them.`
    : `Set ${label} as before. To work with ${inWords(given)}, use another TEMPORAL_NAMESPACE, or another DESKBRIDGE_DATA_DIR.`;
  return {
    name,
    problem: `leads to ${inWords(given)}, but account ${account} works with ${inWords(recorded)}`,
    remedy,
  };
}

const inWords = (host: string): string => (host === SANDBOX ? "Deskbridge's own sandbox" : host);
