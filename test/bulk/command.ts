/** The person at a shell: begins a batch with one command, stops it, and goes on with it. */
import type { Child } from '../../bench/child';
import type { Desk } from '../faults/desk';

export interface Command {
  /** The name of the batch. */
  name: string;
  /** `--stop`; gives what it said. The command that watches ends by that. */
  stop(): Promise<string>;
  /** `--yes` with the batch's name. */
  goOn(): void;
  /** `kill -9` of the command that watches. */
  kill(): Promise<void>;
  /** Resolves once the command that watches has ended, with how it did and what it said. */
  ended(): Promise<{ how: string; said: string }>;
  /** Commands that ended early, although nobody stopped or killed them. */
  faults: string[];
}

export async function beginBatch({ command }: Pick<Desk, 'command'>, file: string): Promise<Command> {
  const faults: string[] = [];
  let mayEnd = false;
  const watch = (args: string[]): Child => {
    mayEnd = false;
    const child = command(['dispatch', ...args, '--yes']);
    void child.ended.then((how) => {
      if (!mayEnd && how !== 'code 0') faults.push(`dispatch ${args.join(' ')} ended ${how}: ${child.said()}`);
    });
    return child;
  };
  let watching = watch(['--file', file]);
  const [, name = ''] = await watching.says(/^(batch-\w+): /m);
  const of = ['--batch', name];
  return {
    ...{ name, faults },
    stop: async () => {
      mayEnd = true;
      const stopping = command(['dispatch', ...of, '--stop']);
      await stopping.ended;
      await watching.ended;
      return stopping.said();
    },
    goOn: () => void (watching = watch(of)),
    kill: async () => {
      mayEnd = true;
      process.kill(watching.pid, 'SIGKILL');
      await watching.ended;
    },
    ended: async () => {
      const child = watching;
      return { how: await child.ended, said: child.said() };
    },
  };
}
