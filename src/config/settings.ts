/**
 * The settings of the environment, parsed once into a frozen object. Promise: all problems at once, each with the
 * setting's name and what to do, never with a secret's value. Source: interface, section 3.
 */
import { readFileSync } from 'node:fs';
import { duration } from './duration';
import { readEncryptionKeys, type EncryptionKey } from './encryption-keys';
import { isLoopbackHost } from './loopback';

export interface FreshdeskSettings {
  domain: string;
  apiKey: string;
  baseUrl: string;
  webhookSecret: string;
}

export interface FieldNationSettings {
  baseUrl: string;
  credentials: { clientId: string; clientSecret: string; username: string; password: string };
}

/** `freshdesk` and `fieldNation` are null when the sandbox stands in for them. Durations in ms. */
export interface Settings {
  web: { host: string; port: number; adminToken: string | null };
  freshdesk: FreshdeskSettings | null;
  fieldNation: FieldNationSettings | null;
  /** Null: the one that is generated for the sandbox. */
  freshdeskWebhookSecret: string | null;
  fieldNationWebhookSecrets: string[];
  eventsWriteKey: string | null;
  /** Of the hashes in ids and search attributes; the first one names. None: the one that is generated. */
  contacts: { hashKeys: string[] };
  /** The first one encrypts; none: what Temporal keeps is plain. */
  encryptionKeys: readonly EncryptionKey[];
  freshdeskCallsPerMinute: number;
  fieldNationCallsPerMinute: number;
  /** 0: off. */
  reconcileInterval: number;
  configFile: string;
  dataDir: string;
  /** True: a server of our own in the data dir; false: the one that the `TEMPORAL_…` variables name. */
  embeddedTemporal: boolean;
  /** This release among those of its worker deployment; null: workers take every task, whatever release they are. */
  deployment: { name: string; buildId: string } | null;
  /** Of the server that the `TEMPORAL_…` variables name; null: none, or its profile has one. */
  temporalApiKey: string | null;
  /** Root of the Temporal UI, where it is not the embedded server's. */
  temporalUiUrl: string | null;
  /** Where a process without web server answers probes and metrics; null: nowhere. */
  metricsAddress: { host: string; port: number } | null;
  /** Root of the collector that takes traces; null: none are made. */
  tracesEndpoint: string | null;
  /** Signs alerts; null: they go out unsigned. */
  alertsWebhookSecret: Buffer | null;
  logLevel: LogLevel;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface SettingsProblem {
  name: string;
  problem: string;
  remedy: string;
}

/** The settings cannot be used; the command ends with 2. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: SettingsProblem[]) {
    super(
      [
        problems.length === 1 ? 'One setting is wrong:' : `${problems.length} settings are wrong:`,
        ...problems.map(({ name, problem, remedy }) => `  ${name}: ${problem}. ${remedy}`),
      ].join('\n'),
    );
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** A value for a message; never for a secret. A terminal must not obey what stands in it. */
const shown = (value: string): string => `"${value.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 60)}"`;

/** Collects values and problems; every reader returns null where it noted one. */
class Reader {
  readonly problems: SettingsProblem[] = [];
  private readonly secrets = new Map<string, string | null>();

  constructor(private readonly env: Env) {}

  text(name: string): string | null {
    const value = this.env[name]?.trim();
    return value ? value : null;
  }

  fault(name: string, problem: string, remedy: string): null {
    this.problems.push({ name, problem, remedy });
    return null;
  }

  /** A secret, or the content of the file that `NAME_FILE` names; blanks around it are trimmed. */
  secret(name: string): string | null {
    const known = this.secrets.get(name);
    if (known !== undefined) return known;
    const value = this.readSecret(name);
    this.secrets.set(name, value);
    return value;
  }

  /** Notes that a setting is missing, unless something else is wrong with it already. */
  missing(name: string, problem: string, remedy: string): void {
    const noted = this.problems.some((entry) => entry.name === name || entry.name === `${name}_FILE`);
    if (!noted) this.fault(name, problem, remedy);
  }

  private readSecret(name: string): string | null {
    const direct = this.text(name);
    const file = this.text(`${name}_FILE`);
    if (file === null) return direct;
    if (direct !== null) return this.fault(name, `is set, and ${name}_FILE too`, 'Keep one of the two.');
    try {
      const content = readFileSync(file, 'utf8').trim();
      return content || this.fault(`${name}_FILE`, 'names an empty file', 'Put the secret into it.');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      return this.fault(
        `${name}_FILE`,
        `names a file that cannot be read (${code})`,
        'Correct the path or its rights.',
      );
    }
  }

  url(name: string, fallback: string): string {
    const given = this.text(name) ?? fallback;
    try {
      const url = new URL(given);
      if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
        throw new Error('form');
      return given.replace(/\/+$/, '');
    } catch {
      this.fault(name, 'is not an http(s) address', `Use a form such as ${fallback}`);
      return fallback;
    }
  }

  number(name: string, fallback: number, least: number, most: number): number {
    const given = this.text(name);
    if (given === null) return fallback;
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= least && value <= most) return value;
    this.fault(name, `${shown(given)} is not a whole number from ${least} to ${most}`, `The default is ${fallback}.`);
    return fallback;
  }
}

/** The subdomain; a URL or host is refused with the right form shown. */
function readDomain(reader: Reader): string | null {
  const given = reader.text('FRESHDESK_DOMAIN');
  if (given === null) return null;
  if (/^[a-z0-9][a-z0-9-]*$/i.test(given)) return given.toLowerCase();
  const guess = /^(?:https?:\/\/)?([a-z0-9][a-z0-9-]*)\.freshdesk\.com/i.exec(given)?.[1];
  return reader.fault(
    'FRESHDESK_DOMAIN',
    // Not repeated: a pasted address may hold a key.
    'is not a subdomain',
    `Give the subdomain alone${guess ? `: FRESHDESK_DOMAIN=${guess.toLowerCase()}` : ', such as acme for acme.freshdesk.com'}`,
  );
}

function readFreshdesk(reader: Reader, env: Env): FreshdeskSettings | null {
  const named = ['FRESHDESK_DOMAIN', 'FRESHDESK_API_KEY', 'FRESHDESK_API_KEY_FILE', 'FRESHDESK_BASE_URL'];
  if (!named.some((name) => env[name]?.trim())) return null;
  const domain = readDomain(reader);
  const apiKey = reader.secret('FRESHDESK_API_KEY');
  const webhookSecret = reader.secret('FRESHDESK_WEBHOOK_SECRET');
  const missing = (name: string, remedy: string): void =>
    reader.missing(name, 'is missing while Freshdesk is set up', remedy);
  if (domain === null)
    missing('FRESHDESK_DOMAIN', 'Give the subdomain, such as acme; or unset all of FRESHDESK_… to use the sandbox.');
  if (apiKey === null)
    missing('FRESHDESK_API_KEY', "Give an agent's key (Profile settings > API key); or unset all of FRESHDESK_….");
  if (webhookSecret === null) {
    missing(
      'FRESHDESK_WEBHOOK_SECRET',
      'Choose a long random text and send it as X-Webhook-Secret from the automation rule.',
    );
  }
  const baseUrl = reader.url('FRESHDESK_BASE_URL', `https://${domain ?? 'acme'}.freshdesk.com`);
  if (/\/api(\/v2)?$/.test(baseUrl)) {
    const root = baseUrl.replace(/\/api(\/v2)?$/, '');
    reader.fault('FRESHDESK_BASE_URL', 'ends with the path of the API', `Give the root alone: ${root}`);
  }
  return domain && apiKey && webhookSecret ? { domain, apiKey, baseUrl, webhookSecret } : null;
}

function readFieldNation(reader: Reader, env: Env): FieldNationSettings | null {
  const names = ['CLIENT_ID', 'CLIENT_SECRET', 'USERNAME', 'PASSWORD'].map((part) => `FIELD_NATION_${part}`);
  const named = [...names, ...names.map((name) => `${name}_FILE`), 'FIELD_NATION_BASE_URL'];
  if (!named.some((name) => env[name]?.trim())) return null;
  const values = names.map((name) => {
    const value = reader.secret(name);
    if (value === null) {
      reader.missing(
        name,
        'is missing while Field Nation is set up',
        'Give all of FIELD_NATION_CLIENT_ID, _CLIENT_SECRET, _USERNAME and _PASSWORD; or unset them to use the sandbox.',
      );
    }
    return value;
  });
  const baseUrl = reader.url('FIELD_NATION_BASE_URL', 'https://api-sandbox.fndev.net');
  if (/\/api\/rest\/v2\/?$/.test(baseUrl)) {
    reader.fault(
      'FIELD_NATION_BASE_URL',
      'ends with /api/rest/v2',
      `Give the root alone: ${baseUrl.replace(/\/api\/rest\/v2\/?$/, '')}`,
    );
  }
  const [clientId, clientSecret, username, password] = values;
  if (!clientId || !clientSecret || !username || !password) return null;
  return { baseUrl, credentials: { clientId, clientSecret, username, password } };
}

const commaSeparated = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function readFieldNationSecrets(reader: Reader, real: boolean): string[] {
  const given = reader.secret('FIELD_NATION_WEBHOOK_SECRET');
  const secrets = commaSeparated(given);
  if (real && secrets.length === 0) {
    reader.missing(
      'FIELD_NATION_WEBHOOK_SECRET',
      'is missing while Field Nation is set up',
      "Give the webhook's secret; several, comma-separated, while it is rotated.",
    );
  }
  return secrets;
}

function readEmbedded(reader: Reader, env: Env): boolean {
  const chosen = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].some((name) => reader.text(name));
  if (chosen) return false;
  const stray = Object.keys(env).filter(
    (name) =>
      /^TEMPORAL_(NAMESPACE|API_KEY|TLS|DEPLOYMENT_NAME|WORKER_BUILD_ID)/.test(name) &&
      env[name]?.trim() &&
      name !== 'TEMPORAL_TLS_DISABLED',
  );
  for (const name of stray) {
    reader.fault(
      name,
      'is set, but no TEMPORAL_ADDRESS',
      'Set TEMPORAL_ADDRESS as well, or unset it to use the embedded server.',
    );
  }
  return true;
}

/** What Temporal takes: it joins the two by a dot or a colon, and keeps names that begin with two underscores for itself. */
const DEPLOYMENT_NAME = /^(?!__)[\w@/+-]{1,120}$/;
const BUILD_ID = /^(?!__)[\w@/+:.-]{1,120}$/;

function readDeployment(reader: Reader): Settings['deployment'] {
  const name = reader.text('TEMPORAL_DEPLOYMENT_NAME');
  const buildId = reader.text('TEMPORAL_WORKER_BUILD_ID');
  if (name === null && buildId === null) return null;
  const both = 'Set both for a rolling change of releases, or none: see docs/operations.md, Upgrade.';
  if (name === null)
    reader.missing('TEMPORAL_DEPLOYMENT_NAME', 'is missing while TEMPORAL_WORKER_BUILD_ID is set', both);
  if (buildId === null)
    reader.missing('TEMPORAL_WORKER_BUILD_ID', 'is missing while TEMPORAL_DEPLOYMENT_NAME is set', both);
  const form = 'at most 120 of letters, digits, _ @ / + -';
  if (name !== null && !DEPLOYMENT_NAME.test(name))
    reader.fault(
      'TEMPORAL_DEPLOYMENT_NAME',
      `${shown(name)} is no name that Temporal takes`,
      `Use ${form}: deskbridge.`,
    );
  if (buildId !== null && !BUILD_ID.test(buildId))
    reader.fault(
      'TEMPORAL_WORKER_BUILD_ID',
      `${shown(buildId)} is no id that Temporal takes`,
      `Use ${form} . : – such as 1.4.0.`,
    );
  return name !== null && buildId !== null ? { name, buildId } : null;
}

/** `host:port`; an IPv6 host stands in brackets. */
function readMetricsAddress(reader: Reader): Settings['metricsAddress'] {
  const given = reader.text('METRICS_ADDRESS');
  if (given === null) return null;
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(given) ?? [];
  if (host && Number(port) <= 65535) return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  return reader.fault(
    'METRICS_ADDRESS',
    `${shown(given)} is not host:port`,
    'Use a form such as 127.0.0.1:9464, or 0.0.0.0:9464 for all addresses.',
  );
}

/** As Standard Webhooks has them: `whsec_` and base64 of 24 to 64 bytes. */
function readAlertsSecret(reader: Reader): Buffer | null {
  const given = reader.secret('ALERTS_WEBHOOK_SECRET');
  if (given === null) return null;
  const text = given.replace(/^whsec_/, '');
  const key = Buffer.from(text, 'base64');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && key.length >= 24 && key.length <= 64) return key;
  return reader.fault(
    'ALERTS_WEBHOOK_SECRET',
    'is not the base64 of 24 to 64 bytes, with or without whsec_ before it',
    'Make one with: echo "whsec_$(openssl rand -base64 32)"',
  );
}

/** @throws SettingsError with all problems at once. */
export function parseSettings(env: Env): Settings {
  const reader = new Reader(env);
  const freshdesk = readFreshdesk(reader, env);
  const fieldNation = readFieldNation(reader, env);
  const realFreshdesk = freshdesk !== null || reader.problems.some((p) => p.name.startsWith('FRESHDESK_'));
  const realFieldNation = fieldNation !== null || reader.problems.some((p) => p.name.startsWith('FIELD_NATION_'));
  const eventsWriteKey = reader.secret('EVENTS_WRITE_KEY');
  if (realFreshdesk && eventsWriteKey === null) {
    reader.missing(
      'EVENTS_WRITE_KEY',
      'is missing while Freshdesk is set up',
      'Choose a long random text; event senders use it as write key.',
    );
  }
  const host = (reader.text('HOST') ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const adminToken = reader.secret('ADMIN_TOKEN');
  if (!isLoopbackHost(host) && adminToken === null) {
    reader.missing(
      'ADMIN_TOKEN',
      `is missing while HOST is ${shown(host)}`,
      'Choose a long random text; operators sign in with it.',
    );
  }
  const logLevel = reader.text('LOG_LEVEL')?.toLowerCase() ?? 'info';
  if (!LOG_LEVELS.includes(logLevel as LogLevel)) {
    reader.fault('LOG_LEVEL', `${shown(logLevel)} is not a level`, `Use one of ${LOG_LEVELS.join(', ')}.`);
  }
  const interval = reader.text('RECONCILE_INTERVAL') ?? '10m';
  const reconcileInterval = interval === '0' ? 0 : (duration.safeParse(interval).data ?? null);
  if (reconcileInterval === null || (reconcileInterval > 0 && reconcileInterval < 1000)) {
    reader.fault(
      'RECONCILE_INTERVAL',
      `${shown(interval)} is not a length of time of at least 1s`,
      'Use a form such as 15s, 10m or 1h; 0 turns it off.',
    );
  }
  const { keys: encryptionKeys, problems: keyProblems } = readEncryptionKeys(
    reader.secret('DESKBRIDGE_ENCRYPTION_KEYS'),
  );
  for (const { problem, remedy } of keyProblems) reader.fault('DESKBRIDGE_ENCRYPTION_KEYS', problem, remedy);
  const settings: Settings = {
    web: { host, port: reader.number('PORT', 3000, 0, 65535), adminToken },
    freshdesk,
    fieldNation,
    freshdeskWebhookSecret: freshdesk?.webhookSecret ?? reader.secret('FRESHDESK_WEBHOOK_SECRET'),
    fieldNationWebhookSecrets: readFieldNationSecrets(reader, realFieldNation),
    eventsWriteKey,
    contacts: { hashKeys: commaSeparated(reader.secret('CONTACTS_HASH_KEY')) },
    encryptionKeys,
    freshdeskCallsPerMinute: reader.number('FRESHDESK_CALLS_PER_MINUTE', 50, 1, 1_000_000),
    fieldNationCallsPerMinute: reader.number('FIELD_NATION_CALLS_PER_MINUTE', 60, 1, 1_000_000),
    reconcileInterval: reconcileInterval ?? 0,
    configFile: reader.text('DESKBRIDGE_CONFIG') ?? 'config/deskbridge.yaml',
    dataDir: reader.text('DESKBRIDGE_DATA_DIR') ?? '.deskbridge',
    embeddedTemporal: readEmbedded(reader, env),
    deployment: readDeployment(reader),
    temporalApiKey: reader.secret('TEMPORAL_API_KEY'),
    temporalUiUrl: reader.text('TEMPORAL_UI_URL') && reader.url('TEMPORAL_UI_URL', 'http://127.0.0.1:8233'),
    metricsAddress: readMetricsAddress(reader),
    tracesEndpoint:
      reader.text('OTEL_EXPORTER_OTLP_ENDPOINT') && reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318'),
    alertsWebhookSecret: readAlertsSecret(reader),
    logLevel: logLevel as LogLevel,
  };
  if (reader.problems.length > 0) throw new SettingsError(reader.problems);
  for (const part of [
    settings.web,
    settings.freshdesk,
    settings.fieldNation?.credentials,
    settings.fieldNation,
    settings.deployment,
  ]) {
    if (part) Object.freeze(part);
  }
  Object.freeze(settings.fieldNationWebhookSecrets);
  Object.freeze(settings.encryptionKeys);
  return Object.freeze(settings);
}
