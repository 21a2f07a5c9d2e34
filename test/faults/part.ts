/** A process of the run that can be killed, told to end and begun again; one that ends by itself is a finding. */
import { startChild, type Child } from '../../bench/child';

export interface Part {
  name: string;
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** All that its processes have said, as far as it was kept. */
  said(): string;
  /** SIGTERM; gives how long it took, in ms, and how it ended. */
  end(): Promise<{ ms: number; how: string }>;
}

export interface PartOptions {
  name: string;
  command: () => { program: string; args: string[]; cwd: string; env: NodeJS.ProcessEnv };
  ready: RegExp;
  /** Told when it ends although nobody asked it to. */
  onCrash: (what: string) => void;
}

export function createPart({ name, command, ready, onCrash }: PartOptions): Part & { pid(): number | null } {
  let child: Child | null = null;
  const all: Child[] = [];
  const letGo = (): Child | null => {
    const left = child;
    child = null;
    return left;
  };
  return {
    name,
    pid: () => child?.pid ?? null,
    async start() {
      const { program, args, cwd, env } = command();
      const started = (child = startChild(program, args, cwd, env));
      all.push(started);
      void started.ended.then((how) => {
        if (child !== started) return;
        child = null;
        onCrash(`${name} ended by itself (${how}):\n${started.said().slice(-2000)}`);
      });
      await started.says(ready);
    },
    said: () => all.map((one) => one.said()).join(''),
    async kill() {
      const killed = letGo();
      if (!killed) return;
      process.kill(killed.pid, 'SIGKILL');
      await killed.ended;
    },
    async end() {
      const ending = letGo();
      const begun = performance.now();
      await ending?.end();
      return { ms: performance.now() - begun, how: (await ending?.ended) ?? 'was not there' };
    },
  };
}
