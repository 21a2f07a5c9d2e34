/**
 * What the settings come to on this machine: real accounts where they are set, the sandbox where not. Promise: the same
 * answer in every process that shares a data dir.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedSecrets, type GeneratedSecrets } from './config/generated-secrets';
import { SettingsError, type FieldNationCredentials, type Settings } from './config/settings';
import { dispatchWorkflowId } from './contract/run-ids';
import type { ContactLinks } from './temporal/contacts';
import type { DispatchLinks } from './contract/dispatch-input';

/** Account name of the sandbox; the examples of the documentation use it too. */
export const SANDBOX_ACCOUNT = 'acme';
const SANDBOX_USER = 'dispatch-bot';
const SANDBOX_CLIENT = 'deskbridge';

/** Addresses of a running sandbox, kept in the data dir for the other processes. */
export interface SandboxAddress {
  url: string;
  freshdeskUrl: string;
  fieldNationUrl: string;
  /** Bearer token of `/sandbox/api`. */
  controlKey: string;
}

/** Everything resolved; `sandbox` tells whether a part of it is needed. */
export interface Runtime {
  account: string;
  usesSandbox: boolean;
  secrets: GeneratedSecrets;
  freshdeskWebhookSecrets: string[];
  fieldNationWebhookSecrets: string[];
  eventsWriteKey: string;
  /** The first one names, the others still find. */
  contactsHashKeys: string[];
  /** As `adminTokens` reads it; null: there is none, and this machine alone operates. */
  adminToken: string | null;
}

/** Whether the sandbox stands in for Field Nation. Never beside a real Freshdesk unless that is asked for. */
export const playsFieldNation = ({ freshdesk, fieldNation, fieldNationSandbox }: Settings): boolean =>
  fieldNation === null && (freshdesk === null || fieldNationSandbox);

/** False: there is a real Freshdesk and no Field Nation, so that contacts work and nothing is dispatched. */
export const hasFieldNation = (settings: Settings): boolean =>
  settings.fieldNation !== null || playsFieldNation(settings);

export function resolveRuntime(settings: Settings): Runtime {
  const secrets = generatedSecrets(settings.dataDir);
  const given = settings.fieldNationWebhookSecrets;
  return {
    account: settings.freshdesk?.domain ?? SANDBOX_ACCOUNT,
    usesSandbox: settings.freshdesk === null || playsFieldNation(settings),
    secrets,
    freshdeskWebhookSecrets: [settings.freshdeskWebhookSecret ?? secrets.freshdeskWebhookSecret],
    fieldNationWebhookSecrets: given.length > 0 ? [...given] : [secrets.fieldNationWebhookSecret],
    eventsWriteKey: settings.eventsWriteKey ?? secrets.eventsWriteKey,
    contactsHashKeys: settings.contactsHashKeys.length > 0 ? [...settings.contactsHashKeys] : [secrets.contactsHashKey],
    adminToken: settings.web.adminToken ?? (settings.web.adminTokenNeeded ? secrets.adminToken : null),
  };
}

const sandboxFile = (dataDir: string): string => join(dataDir, 'sandbox.json');

export const recordSandbox = (dataDir: string, address: SandboxAddress): void =>
  writeFileSync(sandboxFile(dataDir), JSON.stringify(address), { mode: 0o600 });

/** The sandbox that runs, or ran last, on this data dir; null when none ever did. */
export function recordedSandbox(dataDir: string): SandboxAddress | null {
  try {
    return JSON.parse(readFileSync(sandboxFile(dataDir), 'utf8')) as SandboxAddress;
  } catch {
    return null;
  }
}

/** Where and how Freshdesk is called. @throws Error when only the sandbox could answer and none is known. */
export function freshdeskTarget(settings: Settings, runtime: Runtime): { baseUrl: string; apiKey: string } {
  const { freshdesk } = settings;
  if (!freshdesk) return { baseUrl: neededSandbox(settings).freshdeskUrl, apiKey: runtime.secrets.freshdeskApiKey };
  if (freshdesk.apiKey === null) throw new Error('FRESHDESK_API_KEY is not set in this process.');
  return { baseUrl: freshdesk.baseUrl, apiKey: freshdesk.apiKey };
}

/**
 * Where and how Field Nation is called. @throws Error when only the sandbox could answer and none is known, SettingsError
 * when there is no Field Nation
 */
export function fieldNationTarget(
  settings: Settings,
  runtime: Runtime,
): { baseUrl: string; credentials: FieldNationCredentials; fileHosts?: readonly string[] } {
  const { fieldNation } = settings;
  if (fieldNation?.credentials) return { ...fieldNation, credentials: fieldNation.credentials };
  if (fieldNation) throw new Error('The credentials of Field Nation are not set in this process.');
  if (!playsFieldNation(settings)) throw new SettingsError([NO_FIELD_NATION]);
  return { baseUrl: neededSandbox(settings).fieldNationUrl, credentials: sandboxCredentials(runtime) };
}

/** In the place of a target that is never called. */
export const NO_ADDRESS = { baseUrl: 'https://field-nation.invalid', credentials: null };

/** What a process without Field Nation is told. */
export const NO_FIELD_NATION = {
  name: 'FIELD_NATION_CLIENT_ID',
  problem: 'is missing',
  remedy:
    'Give FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME and _PASSWORD. To play Field Nation beside the real Freshdesk, set FIELD_NATION_SANDBOX=true.',
};

export const sandboxCredentials = ({ secrets }: Runtime): FieldNationCredentials => ({
  clientId: SANDBOX_CLIENT,
  clientSecret: secrets.fieldNationClientSecret,
  username: SANDBOX_USER,
  password: secrets.fieldNationPassword,
});

function neededSandbox(settings: Settings): SandboxAddress {
  const address = recordedSandbox(settings.dataDir);
  if (address) return address;
  throw new Error(
    'No sandbox is known: start it with `deskbridge start --sandbox`, or set the FRESHDESK_… and FIELD_NATION_… accounts.',
  );
}

/** Addresses that a dispatch's view shows. */
export function linkMaker(settings: Settings, runtime: Runtime, uiUrl: string | null, namespace: string) {
  return (ticketId: number): DispatchLinks => {
    return {
      ticket: `${ticketPages(settings, runtime)}/${ticketId}`,
      workOrders: `${workOrderPages(settings)}/`,
      workflow: workflowPages(uiUrl, namespace)(dispatchWorkflowId(runtime.account, ticketId)),
    };
  };
}

/** Where else an operator looks: the list of workflows, and the sandbox where one stands in. */
export const pageLinks =
  (settings: Settings, runtime: Runtime, uiUrl: string | null, namespace: string) =>
  (): { temporal: string | null; sandbox: string | null } => ({
    temporal: uiUrl ? `${uiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows` : null,
    sandbox: runtime.usesSandbox ? (recordedSandbox(settings.dataDir)?.url ?? null) : null,
  });

/** Addresses that a contact's outcome shows. */
export function contactLinks(
  settings: Settings,
  runtime: Runtime,
  uiUrl: string | null,
  namespace: string,
): ContactLinks {
  const contacts = (): string => {
    const sandbox = settings.freshdesk ? null : recordedSandbox(settings.dataDir);
    return `${sandbox ? sandbox.url : `https://${runtime.account}.freshdesk.com/a`}/contacts/`;
  };
  return { contacts, workflow: workflowPages(uiUrl, namespace) };
}

/** The page of a workflow in the Temporal UI; null when no UI is known. */
const workflowPages =
  (uiUrl: string | null, namespace: string) =>
  (workflowId: string): string | null =>
    uiUrl ? `${uiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${workflowId}` : null;

function ticketPages(settings: Settings, runtime: Runtime): string {
  const sandbox = settings.freshdesk ? null : recordedSandbox(settings.dataDir);
  if (sandbox) return `${sandbox.url}/tickets`;
  return `https://${runtime.account}.freshdesk.com/a/tickets`;
}

/** Field Nation's pages stand beside its API (contract 1); the path of an order's page is assumed. */
function workOrderPages(settings: Settings): string {
  const sandbox = settings.fieldNation ? null : recordedSandbox(settings.dataDir);
  if (sandbox) return `${sandbox.url}/work-orders`;
  const api = settings.fieldNation?.baseUrl ?? '';
  return api.includes('api-sandbox.')
    ? 'https://app-sandbox.fndev.net/workorders'
    : 'https://app.fieldnation.com/workorders';
}
