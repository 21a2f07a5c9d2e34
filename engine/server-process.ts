/** The embedded server as a child process. */
import { spawn } from 'node:child_process';
import { databasePath } from './engine-record';
import { LOOPBACK } from './free-port';
import { openServerLog } from './server-log';

export interface ServerOptions {
  program: string;
  dataDir: string;
  env: NodeJS.ProcessEnv;
  namespace: string;
  grpcPort: number;
  api: EngineApi;
}

/** The server's HTTP API: it answers requests to this very host name alone, which no page on a foreign name can send. */
export interface EngineApi {
  port: number;
  host: string;
}

export interface ServerProcess {
  pid: number;
  /** Resolves with how it ended, when it ends. */
  ended: Promise<string>;
}

/** The server needs nothing of our settings and must not hold our secrets; `TEMPORAL_*` would even redirect it. */
const PASSED_ON = /^(PATH|HOME|TMPDIR|TMP|TEMP|TZ|LANG|GO[A-Z]+|SystemRoot|USERPROFILE|LOCALAPPDATA|APPDATA)$/i;

export const serverEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name)));

/** Starts the server in a session of its own, so that Ctrl-C reaches our worker first and it can drain. */
export async function spawnServer(options: ServerOptions): Promise<ServerProcess> {
  const log = await openServerLog(options.dataDir);
  try {
    // Its database is its owner's alone.
    const umask = process.umask(0o077);
    const child = spawn(options.program, serverArguments(options), {
      detached: true,
      windowsHide: true,
      env: serverEnv(options.env),
      cwd: options.dataDir,
      stdio: ['ignore', log.fd, log.fd],
    });
    process.umask(umask);
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return { pid: child.pid as number, ended };
  } finally {
    await log.close();
  }
}

function serverArguments({ dataDir, namespace, grpcPort, api }: ServerOptions): string[] {
  return [
    'server',
    'start-dev',
    '--disable-config-file',
    ...['--db-filename', databasePath(dataDir)],
    ...['--ip', LOOPBACK],
    ...['--port', String(grpcPort)],
    // Its own UI would serve the whole API to whoever names the port, under any host name: see ui-pages.ts.
    '--headless',
    ...['--http-port', String(api.port)],
    ...['--dynamic-config-value', `frontend.httpAllowedHosts=["${api.host}"]`],
    // Any page may read the metrics: they name no account.
    ...['--dynamic-config-value', 'metrics.breakdownByTaskQueue=false'],
    ...['--namespace', namespace],
    ...['--log-level', 'warn'],
    // `synchronous` stays at its default, FULL: what was acknowledged survives a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL'],
    // With the default of four partitions a rate-limited queue lets calls through in bursts.
    ...['--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1'],
    ...['--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1'],
    // Of many tickets that come together each gives way to those that come alone.
    ...['--dynamic-config-value', 'matching.enableFairness=true'],
    // Its one shard looks for new tasks 20 times a second by default, so each step of a run waited for up to 50 ms.
    ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=100'],
    // At each look it goes through all tasks since the last acknowledgement, by default those of 30 s.
    ...['--dynamic-config-value', 'history.transferProcessorUpdateAckInterval="5s"'],
    ...['--dynamic-config-value', 'history.visibilityProcessorUpdateAckInterval="5s"'],
  ];
}
