/** What `npm run faults -- …` takes. */
import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { RunOptions } from './run';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const KINDS = [
  'poisoned',
  'second visit',
  'conversation',
  'unheard',
  'closed by an agent',
  'cancelled by the buyer',
  'done again',
];

/** A form for every test run: only what is over in a moment. */
export const SHORT: Omit<RunOptions, 'seed' | 'dir' | 'cluster'> = {
  ...{ tickets: 20, webhooks: 0, kills: 4, doses: 0, outage: 0, settleWithin: 5 * MINUTE, pause: 400 },
  ...{ entries: false, backlog: 0, backlogQuota: 0, pace: 0, kinds: KINDS },
};

const FULL: Omit<RunOptions, 'seed' | 'dir' | 'cluster'> = {
  ...{ tickets: 1000, webhooks: 10_000, kills: 200, doses: 5, outage: 30 * SECOND, settleWithin: 20 * MINUTE },
  ...{ pause: 4 * SECOND, entries: true, backlog: 200, backlogQuota: 600, pace: 0, kinds: KINDS },
};

export interface Options extends RunOptions {
  json: boolean;
}

export function readOptions(argv: string[]): Options {
  const command = new Command('npm run faults --')
    .description(
      'Kills, cuts and delays what it can while tickets go through Deskbridge, then counts what was lost or doubled.',
    )
    .option('--seed <number>', 'chooses lives and faults', natural)
    .option('--tickets <count>', 'tickets (1000)', natural)
    .option('--webhooks <count>', 'webhooks accepted at least (10000)', natural)
    .option('--kills <count>', 'processes killed with kill -9, about (200)', natural)
    .option('--doses <count>', 'how often each other fault comes (5)', natural)
    .option('--backlog <count>', 'tickets of the backlog whose drain is timed; 0: none (200)', natural)
    .option(
      '--pace <count>',
      'dispatches and contacts of which pace and store are measured on a new cluster (0)',
      natural,
    )
    .option('--short', 'a run of about a minute, as npm test makes it', false)
    .option('--cluster', 'two web servers and three workers on a Temporal server with PostgreSQL', false)
    .option('--json', 'the result as one JSON line on standard output, and nothing else', false)
    .option('--dir <folder>', 'where the data is kept meanwhile; its disk is what Temporal writes to', tmpdir())
    .parse(argv);
  const { short, seed, ...given } = command.opts<
    Partial<RunOptions> & { short: boolean; json: boolean; cluster: boolean; dir: string }
  >();
  // Of its own, so that no two runs are the same; it is printed, so that each can be run again.
  return { ...(short ? SHORT : FULL), ...given, seed: seed ?? Date.now() % 1_000_000 };
}

function natural(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
