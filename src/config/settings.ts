/**
 * The settings of the environment, parsed once into a frozen object. Promise: all problems at once, each with the
 * setting's name and what to do, never with a secret's value. Source: interface, section 3.
 */
import type { EncryptionKey } from './encryption-keys';
import {
  namesFieldNation,
  namesFreshdesk,
  readFieldNation,
  readFieldNationSandbox,
  readFreshdesk,
  type FieldNationSettings,
  type FreshdeskSettings,
} from './settings-accounts';
import { readAlertsMail, readAlertsSecret, type AlertsMail } from './settings-alerts';
import { EVERYTHING, type Needs } from './settings-needs';
import { Reader, SettingsError, type Env } from './settings-reader';
import { readOwnSecrets } from './settings-secrets';
import { readDeployment, readEmbedded } from './settings-temporal';
import { readInterval, readKeys, readLogLevel, readMetricsAddress, type LogLevel } from './settings-values';

export { SettingsError } from './settings-reader';
export type { LogLevel } from './settings-values';
export type { SettingsProblem } from './settings-reader';
export type { FieldNationCredentials, FieldNationSettings, FreshdeskSettings } from './settings-accounts';

/** `freshdesk` and `fieldNation` are null when the sandbox stands in for them. Durations in ms. */
export interface Settings {
  web: {
    host: string;
    port: number;
    /** As it is set, `adminTokens` reads it; null: the generated one, or none. */
    adminToken: string | null;
    /** A real account, or an address that others reach: nobody operates without a token. */
    adminTokenNeeded: boolean;
    /** Under which others reach the web server; null: as each request names it. */
    publicUrl: string | null;
  };
  freshdesk: FreshdeskSettings | null;
  fieldNation: FieldNationSettings | null;
  /** Field Nation is played beside a real Freshdesk, on purpose. */
  fieldNationSandbox: boolean;
  /** Null or empty, here and below: the one that is generated into the data dir. */
  freshdeskWebhookSecret: string | null;
  fieldNationWebhookSecrets: readonly string[];
  eventsWriteKey: string | null;
  /** Keys of the hashes that stand for people; the first one names, the others still find. */
  contactsHashKeys: readonly string[];
  /** The first one encrypts; none: what Temporal keeps is plain. */
  encryptionKeys: readonly EncryptionKey[];
  /** With keys: whether payloads that are not encrypted are read. */
  plainPayloads: 'accept' | 'refuse';
  /** `numbers`: lists and memos hold no subject, site, technician or pay. */
  lists: 'full' | 'numbers';
  /** Undefined: half of what the account itself allows. */
  freshdeskCallsPerMinute: number | undefined;
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
  /** Null: no alert goes out by e-mail. */
  alertsMail: AlertsMail | null;
  logLevel: LogLevel;
}

const CALLS_PER_MINUTE = [1, 1_000_000] as const;

/** `needs` is what the process does with them. @throws SettingsError with all problems at once. */
export function parseSettings(env: Env, needs: Needs = EVERYTHING): Settings {
  const reader = new Reader(env);
  const host = (reader.text('HOST') ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1');
  const embeddedTemporal = readEmbedded(reader, env);
  const real = namesFreshdesk(reader) || namesFieldNation(reader);
  const freshdesk = readFreshdesk(reader, needs);
  const fieldNation = readFieldNation(reader, needs);
  const { adminToken, adminTokenNeeded, ...secrets } = readOwnSecrets(reader, needs, {
    ...{ host, embedded: embeddedTemporal, real },
  });
  const publicUrl = reader.text('DESKBRIDGE_URL') && reader.url('DESKBRIDGE_URL', 'https://desk.example.com');
  const settings: Settings = {
    web: { host, port: reader.number('PORT', 3000, [0, 65_535]), adminToken, adminTokenNeeded, publicUrl },
    ...{ freshdesk, fieldNation, ...secrets },
    fieldNationSandbox: readFieldNationSandbox(reader),
    encryptionKeys: readKeys(reader),
    plainPayloads: reader.choice('DESKBRIDGE_ENCRYPTION_PLAIN', ['accept', 'refuse']),
    lists: reader.choice('DESKBRIDGE_LISTS', ['full', 'numbers']),
    freshdeskCallsPerMinute: reader.number(
      'FRESHDESK_CALLS_PER_MINUTE',
      undefined,
      CALLS_PER_MINUTE,
      "Unset it to take half of the account's own limit.",
    ),
    fieldNationCallsPerMinute: reader.number('FIELD_NATION_CALLS_PER_MINUTE', 60, CALLS_PER_MINUTE),
    reconcileInterval: readInterval(reader),
    configFile: reader.text('DESKBRIDGE_CONFIG') ?? 'config/deskbridge.yaml',
    dataDir: reader.text('DESKBRIDGE_DATA_DIR') ?? '.deskbridge',
    embeddedTemporal,
    deployment: readDeployment(reader),
    temporalApiKey: reader.secret('TEMPORAL_API_KEY'),
    temporalUiUrl: reader.text('TEMPORAL_UI_URL') && reader.url('TEMPORAL_UI_URL', 'http://127.0.0.1:8233'),
    metricsAddress: readMetricsAddress(reader),
    tracesEndpoint:
      reader.text('OTEL_EXPORTER_OTLP_ENDPOINT') && reader.url('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318'),
    alertsWebhookSecret: readAlertsSecret(reader),
    alertsMail: readAlertsMail(reader),
    logLevel: readLogLevel(reader),
  };
  if (reader.problems.length > 0) throw new SettingsError(reader.problems);
  return frozen(settings);
}

/** The key objects of node are left alone. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part !== 'object' || part === null) continue;
    if (Array.isArray(part) || Object.getPrototypeOf(part) === Object.prototype) frozen(part);
  }
  return Object.freeze(value);
}
