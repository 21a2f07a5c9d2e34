/** A Temporal server of a test's own, for what the one that all tests share must not be set to. */
import { spawn } from 'node:child_process';
import { registerSearchAttributes } from '../../engine';
import { withEngineConnection } from '../../engine/engine-connection';
import { findTemporalProgram } from '../../engine/find-program';
import { LOOPBACK, portOrFree } from '../../engine/free-port';

const START_MS = 60_000;

export interface TemporalServer {
  address: string;
  /** The `temporal` program with arguments, at this server; its output. @throws Error with what it said */
  temporal(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Begins a server without file, its namespace `default`; `dynamicConfig` by the server's own names. */
export async function startTemporalServer(dynamicConfig: Record<string, string>): Promise<TemporalServer> {
  const program = await findTemporalProgram({ env: process.env, report: (line) => process.stderr.write(`${line}\n`) });
  const port = await portOrFree(0);
  const address = `${LOOPBACK}:${port}`;
  const values = Object.entries(dynamicConfig).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${value}`,
  ]);
  const options = ['--headless', '--disable-config-file', '--ip', LOOPBACK, '--port', String(port)];
  const server = spawn(program, ['server', 'start-dev', ...options, '--log-level', 'never', ...values], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  const stop = (): Promise<void> => {
    process.removeListener('exit', kill);
    kill();
    return ended;
  };
  try {
    await withEngineConnection(address, START_MS, (connection) => registerSearchAttributes(connection, 'default'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, temporal: (...args) => run(program, [...args, '--address', address]), stop };
}

function run(program: string, args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`temporal ${args.join(' ')}: ${code}\n${out}${err}`)),
    );
  });
}
