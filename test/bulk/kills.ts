/** `kill -9` of each process of a drill, and of all at once; what was killed begins again at once. */
import { shuffled } from '../../sandbox/random';
import type { Desk } from '../faults/desk';
import type { Part } from '../faults/part';
import type { Command } from './command';
import type { Down } from './others';

/** In an order that `random` chooses; each notes in `downs` how long not all ran. */
export function killsOf(
  { webs, workers, temporal }: Pick<Desk, 'webs' | 'workers' | 'temporal'>,
  random: () => number,
  downs: Down[],
  command?: Pick<Command, 'kill' | 'goOn'>,
): (() => Promise<void>)[] {
  const killed =
    (what: string, parts: Pick<Part, 'kill' | 'start'>[], withCommand = false) =>
    async () => {
      const from = Date.now();
      await Promise.all([...parts.map((part) => part.kill()), ...(withCommand ? [command?.kill()] : [])]);
      await Promise.all(parts.map((part) => part.start()));
      if (withCommand) command?.goOn();
      downs.push({ what, from, to: Date.now() });
    };
  return shuffled(
    [
      killed(command ? 'everything, and the command' : 'everything', [...webs, ...workers, temporal], true),
      killed('both workers', workers),
      killed('one worker', workers.slice(0, 1)),
      killed('the web server', webs),
      killed('the Temporal server', [temporal]),
    ],
    random,
  );
}
