/**
 * The two accounts as a command calls them: at once, without Temporal, from the tenth of each quota that the queues leave
 * alone. Promise: every call is counted, so that a command can say what it used.
 */
import { createFieldNationClient, type FieldNationClient } from '../clients/field-nation';
import { createFreshdeskClient, type FreshdeskClient } from '../clients/freshdesk';
import { asNumber } from '../clients/coerce';
import type { TransportOptions } from '../clients/http-types';
import type { Settings } from '../config/settings';
import { fieldNationTarget, freshdeskTarget, type Runtime } from '../runtime';

/** A person waits; in ms. */
const TIMEOUT_MS = 10_000;

/** What the answers told beside their bodies. */
export interface Meter {
  calls: number;
  /** Calls or credits a minute, and what is left of them; null when no answer said so. */
  limit: number | null;
  remaining: number | null;
  /** How far this machine's clock is ahead of theirs, in ms; null before an answer. */
  clockAheadMs: number | null;
}

export interface Account<Client> {
  client: Client;
  baseUrl: string;
  /** The built-in fake stands in for it. */
  sandbox: boolean;
  meter: Meter;
}

export type FreshdeskAccount = Account<FreshdeskClient>;
export type FieldNationAccount = Account<FieldNationClient>;

type Hooks = Required<Pick<TransportOptions, 'onCall' | 'onHeaders' | 'timeoutMs'>>;

function metered(): { meter: Meter; hooks: Hooks } {
  const meter: Meter = { calls: 0, limit: null, remaining: null, clockAheadMs: null };
  const onHeaders = (headers: Readonly<Record<string, string>>): void => {
    meter.limit = asNumber(headers['x-ratelimit-total'] ?? headers['x-ratelimit-limit']) ?? meter.limit;
    meter.remaining = asNumber(headers['x-ratelimit-remaining']) ?? meter.remaining;
    const theirs = Date.parse(headers.date ?? '');
    if (!Number.isNaN(theirs)) meter.clockAheadMs = Date.now() - theirs;
  };
  return { meter, hooks: { onCall: () => void (meter.calls += 1), onHeaders, timeoutMs: TIMEOUT_MS } };
}

/** @throws Error when only the sandbox could answer and none is known. */
export function openFreshdesk(settings: Settings, runtime: Runtime): FreshdeskAccount {
  const { meter, hooks } = metered();
  const target = freshdeskTarget(settings, runtime);
  const client = createFreshdeskClient({ ...target, ...hooks } as Parameters<typeof createFreshdeskClient>[0]);
  return { client, baseUrl: target.baseUrl, sandbox: settings.freshdesk === null, meter };
}

/** @throws Error when only the sandbox could answer and none is known. */
export function openFieldNation(settings: Settings, runtime: Runtime): FieldNationAccount {
  const { meter, hooks } = metered();
  const target = fieldNationTarget(settings, runtime);
  const client = createFieldNationClient({ ...target, ...hooks } as Parameters<typeof createFieldNationClient>[0]);
  return { client, baseUrl: target.baseUrl, sandbox: settings.fieldNation === null, meter };
}

/** Runs `work` with an account and closes its connections. */
export async function withAccount<Client extends { close(): Promise<void> }, T>(
  account: Account<Client>,
  work: (account: Account<Client>) => Promise<T>,
): Promise<T> {
  try {
    return await work(account);
  } finally {
    await account.client.close();
  }
}
