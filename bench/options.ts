/** What `npm run bench -- …` takes. */
import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { PHASES } from './phases';
import type { Phase } from './phases/phase';

export interface Options {
  phases: Phase[];
  n: number;
  perRequest: number;
  parallel: number;
  latencyMs: number;
  open: number;
  lone: number;
  minutes: number;
  /** Whether the same is measured with nothing but the SDK. */
  floor: boolean;
  profile: string | null;
  json: boolean;
  save: string | null;
  compare: string | null;
  dir: string;
}

export function readOptions(argv: string[]): Options {
  const command = new Command('npm run bench --')
    .description('Measures Deskbridge as real processes against the sandbox, on data of its own that it removes.')
    .option('--phase <names>', `comma-separated: ${PHASES.map(({ name }) => name).join(', ')} (default: all)`, phasesOf)
    .option('--n <count>', 'events of the full phases', positive, 10_000)
    .option('--per-request <count>', 'events in one batch', positive, 100)
    .option('--parallel <count>', 'requests under way at once', positive, 4)
    .option('--latency <ms>', 'how late the upstreams answer', natural, 0)
    .option('--open <count>', 'dispatches that are open meanwhile, in the phase open', positive, 1000)
    .option('--lone <count>', 'tickets that come alone, a minute apart, in the phases with a quota', positive, 5)
    .option('--minutes <count>', 'how long the lasting load lasts, in the phases with a quota', positive, 3)
    .option('--no-floor', 'do not measure the same calls with nothing but the SDK as well')
    .option('--profile <folder>', 'leaves processor profiles of web server and worker there')
    .option('--json', 'one JSON line a phase on standard output, and nothing else', false)
    .option('--save <file>', 'adds the JSON lines to this file')
    .option('--compare <file>', 'shows each figure beside the one of this earlier output')
    .option('--dir <folder>', 'where the data is kept meanwhile; its disk is what the engine writes to', tmpdir())
    .parse(argv);
  const given = command.opts<Partial<Options> & { phase?: Phase[]; latency: number; perRequest: number }>();
  return {
    phases: given.phase ?? PHASES,
    n: given.n ?? 0,
    perRequest: given.perRequest,
    parallel: given.parallel ?? 0,
    latencyMs: given.latency,
    open: given.open ?? 0,
    lone: given.lone ?? 0,
    minutes: given.minutes ?? 0,
    floor: given.floor ?? true,
    profile: given.profile ?? null,
    json: given.json ?? false,
    save: given.save ?? null,
    compare: given.compare ?? null,
    dir: given.dir ?? tmpdir(),
  };
}

/** A family's name means all of its members: `quota` is `quota-50-fixed` and the others. */
function phasesOf(text: string): Phase[] {
  return text.split(',').flatMap((given) => {
    const name = given.trim();
    const one = PHASES.filter((phase) => phase.name === name);
    const phases = one.length > 0 ? one : PHASES.filter((phase) => phase.name.startsWith(`${name}-`));
    if (phases.length === 0) throw new InvalidArgumentError(`There is no phase ${name}.`);
    return phases;
  });
}

function natural(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function positive(text: string): number {
  const value = natural(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}
