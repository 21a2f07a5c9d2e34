/** Whether an account can be reached with what a person typed: whose key, which rights, how many calls. Reads only. */
import { UpstreamError } from '../clients/upstream-error';
import type { Settings } from '../config/settings';
import type { Env } from '../config/settings-reader';
import { openFieldNation, openFreshdesk, withAccount } from '../checks/accounts';
import type { Finding } from '../checks/finding';
import { whoseKey } from '../checks/freshdesk';
import { faultOf, type Fault } from '../checks/upstream-fault';
import { perMinuteOf } from '../domain/quota-share';
import { resolveRuntime } from '../runtime';
import { parsed } from './desk';
import { regionOf } from './region';

export interface FreshdeskTested {
  findings: Finding[];
  /** An administrator's key may see and make automation rules. */
  administrator: boolean;
  /** Calls a minute of the plan; null: Freshdesk did not tell. */
  limit: number | null;
  /** Of phone numbers without a country code, by the time zone of the key's agent; null: it names none. */
  region: string | null;
  /** Where it was asked. */
  host: string;
}

export interface FieldNationTested {
  host: string;
}

export type Tested<T> = { tested: T } | { fault: Fault };

/** Only what concerns one account, so that a mistake elsewhere does not hinder its test. */
const partOf = (env: Env, prefix: 'FRESHDESK_' | 'FIELD_NATION_'): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith(prefix) || name === 'DESKBRIDGE_DATA_DIR'));

/** The settings of Freshdesk alone, or what is wrong with them. */
export const freshdeskOf = (env: Env) => parsed(partOf(env, 'FRESHDESK_'), { calls: ['freshdesk'], secrets: [] });

/** The settings of Field Nation alone, or what is wrong with them. */
export const fieldNationOf = (env: Env) =>
  parsed(partOf(env, 'FIELD_NATION_'), { calls: ['field-nation'], secrets: [] });

/** Three calls. */
export const testFreshdesk = (settings: Settings): Promise<Tested<FreshdeskTested>> =>
  withAccount(openFreshdesk(settings, resolveRuntime(settings)), async ({ client, baseUrl, meter, sandbox }) => {
    try {
      const me = await client.me();
      await client.listTickets({ orderBy: 'updated_at', orderType: 'desc', page: 1, perPage: 1 });
      const administrator = await unlessForbidden(() => client.automationRules(1, 1));
      const limit = meter.limit === null ? null : Math.floor(perMinuteOf(meter.limit));
      const region = regionOf(me.contact?.time_zone ?? null);
      return { tested: { findings: whoseKey(me, sandbox), administrator, limit, region, host: new URL(baseUrl).host } };
    } catch (error) {
      return { fault: faultOf(error, baseUrl) };
    }
  });

/** Two calls: the token, and the list of work orders. */
export const testFieldNation = (settings: Settings): Promise<Tested<FieldNationTested>> =>
  withAccount(openFieldNation(settings, resolveRuntime(settings)), async ({ client, baseUrl }) => {
    try {
      await client.listWorkOrders({ list: 'workorders_all', sort: 'created_date', order: 'desc', page: 1, perPage: 1 });
      return { tested: { host: new URL(baseUrl).host } };
    } catch (error) {
      return { fault: faultOf(error, baseUrl) };
    }
  });

async function unlessForbidden(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (error instanceof UpstreamError && [403, 404, 405].includes(error.status ?? 0)) return false;
    throw error;
  }
}
