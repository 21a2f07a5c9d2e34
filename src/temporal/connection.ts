/** How this process reaches Temporal: one description that the client and every worker share. */
import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { SettingsError, type Settings } from '../config/settings';
import { UI_PATH } from '../contract/names';
import type { Tracing } from '../tracing';

/** Where Temporal is; for the embedded server only the address is set. */
export interface TemporalTarget {
  options: NativeConnectionOptions;
  namespace: string;
  /** Root of the Temporal UI when it is known. */
  uiUrl: string | null;
}

/**
 * The target that the `TEMPORAL_…` variables name, read as the `temporal` command does; its key may stand in a file.
 * @throws SettingsError when the profile or its file cannot be used.
 */
export function targetFromEnvironment(
  env: NodeJS.ProcessEnv,
  { temporalApiKey, temporalUiUrl }: Pick<Settings, 'temporalApiKey' | 'temporalUiUrl'>,
): TemporalTarget {
  try {
    const key = temporalApiKey === null ? {} : { TEMPORAL_API_KEY: temporalApiKey };
    return { ...readTarget({ ...env, ...key }), uiUrl: temporalUiUrl };
  } catch (error) {
    const problem = `cannot be used (${(error as Error).message})`;
    const remedy = 'Correct TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE, or set TEMPORAL_ADDRESS alone.';
    throw new SettingsError([{ name: 'TEMPORAL_…', problem, remedy }]);
  }
}

function readTarget(env: NodeJS.ProcessEnv): Omit<TemporalTarget, 'uiUrl'> {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const file = env.TEMPORAL_CONFIG_FILE?.trim();
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: given,
    disableFile: !file && !env.TEMPORAL_PROFILE?.trim(),
    ...(env.TEMPORAL_PROFILE?.trim() ? { profile: env.TEMPORAL_PROFILE.trim() } : {}),
  });
  return { options: connectionOptions, namespace: namespace ?? 'default' };
}

/** `webUrl`: of the web server that shows the engine's UI; null: none has run yet. */
export const targetOfEngine = (
  engine: { address: string; namespace: string },
  webUrl: string | null,
): TemporalTarget => ({
  options: { address: engine.address },
  namespace: engine.namespace,
  uiUrl: webUrl && `${webUrl}${UI_PATH}`,
});

/** Of one answer: a page of a thousand memos is far above gRPC's own 4 MB. The SDK's own option has a name that gRPC does not know. */
const MOST_BYTES = 128 * 1024 * 1024;

/** A client that connects at its first call, so that the web process starts while Temporal is away. */
export function createClient(
  target: TemporalTarget,
  dataConverter: DataConverter,
  tracing: Pick<Tracing, 'client'> | null = null,
): Client {
  const { address, tls, apiKey, metadata } = target.options;
  const connection = Connection.lazy({
    ...(address === undefined ? {} : { address }),
    ...(tls === undefined ? {} : { tls }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(metadata === undefined ? {} : { metadata }),
    connectTimeout: '2s',
    channelArgs: { 'grpc.max_receive_message_length': MOST_BYTES },
    // Senders and people try again themselves, within a deadline of ours; the SDK's own retries outlive both it and the
    // connection.
    interceptors: [],
  });
  const interceptors = tracing ? { workflow: [tracing.client] } : {};
  return new Client({ connection, namespace: target.namespace, dataConverter, interceptors });
}

export const connectWorkers = (target: TemporalTarget): Promise<NativeConnection> =>
  NativeConnection.connect(target.options);
