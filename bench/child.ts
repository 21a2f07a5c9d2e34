/** A process of the bench's own: what it says is kept for when it fails, and it is ended by its id alone. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const SAID_KEPT = 20_000;
const START_MS = 90_000;
/** Deskbridge ends itself within 25 s. */
const END_MS = 40_000;

export interface Child {
  pid: number;
  /** Resolves with how it ended. */
  ended: Promise<string>;
  /** The end of what it said. */
  said(): string;
  /** Waits for a line; gives the match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGTERM; after a while SIGKILL. Resolves when it has ended. */
  end(): Promise<void>;
  /** For an exit hook, which cannot wait. */
  tellToEnd(): void;
}

export function startChild(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Child {
  // A group of its own: Ctrl-C reaches the bench, which then ends its processes in order.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (text: string): void => void (said = (said + text).slice(-SAID_KEPT));
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  let isOver = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `code ${code}`));
  });
  void ended.then(() => (isOver = true));
  return {
    pid: child.pid ?? 0,
    ended,
    said: () => said,
    async says(pattern) {
      for (const deadline = Date.now() + START_MS; ; await delay(20)) {
        const match = pattern.exec(said);
        if (match) return match;
        if (isOver || Date.now() > deadline)
          throw new Error(`${args.join(' ')} did not say ${String(pattern)}:\n${said}`);
      }
    },
    async end() {
      if (isOver) return;
      child.kill('SIGTERM');
      const inTime = await Promise.race([ended.then(() => true), delay(END_MS, false, { ref: false })]);
      if (!inTime) child.kill('SIGKILL');
      await ended;
    },
    tellToEnd: () => void child.kill('SIGTERM'),
  };
}
