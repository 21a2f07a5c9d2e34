/** What interrupts a batch: seeded stops by a person and kills of processes, each gone on with. */
import type { Desk } from '../faults/desk';
import type { Command } from './command';
import { killsOf } from './kills';
import { IN_ONE_STEP, type Looks } from './looks';
import type { Down } from './others';

export interface Interruption {
  /** The share of the whole at which it comes. */
  at: number;
  interrupt: () => Promise<void>;
}

interface Drill {
  desk: Desk;
  command: Command;
  looks: Looks;
  until: (holds: () => boolean) => Promise<void>;
}

/** The first kill comes while the tickets are read, the stops and most kills while they are dispatched. */
const KILLS_FROM = 0.3;
const STOPS_FROM = 0.5;
/** Nothing interrupts the last tickets: they may be over before it does. */
const TO = 0.9;

export function interruptionsOf(
  count: number,
  random: () => number,
  { desk, command, looks, until }: Drill,
): { plan: Interruption[]; downs: Down[]; faults: string[] } {
  const downs: Down[] = [];
  const faults: string[] = [];
  const kills = killsOf(desk, random, downs, command);
  const toBegin = (): number => looks.last()?.counts.ready ?? 0;
  const stopped = async (): Promise<void> => {
    const said = await command.stop();
    await until(() => ['stopped', 'done'].includes(looks.last()?.stage ?? ''));
    if (looks.last()?.stage === 'done') return void faults.push('the batch was over before it was stopped');
    const before = toBegin();
    await until(() => looks.last()?.counts.begun === 0);
    if (before - toBegin() > IN_ONE_STEP) faults.push(`${before - toBegin()} tickets were begun after a stop: ${said}`);
    command.goOn();
    // The rest may be done before the next look.
    await until(() => looks.last()?.stage !== 'stopped');
  };

  const spread = (from: number, interrupt: (nth: number) => () => Promise<void>): Interruption[] =>
    Array.from({ length: count }, (_, nth) => ({
      at: from + ((TO - from) * (nth + random())) / count,
      interrupt: interrupt(nth),
    }));
  const plan = [
    ...spread(KILLS_FROM, (nth) => kills[nth % kills.length] as () => Promise<void>),
    ...spread(STOPS_FROM, () => stopped),
  ];
  return { plan: plan.sort((a, b) => a.at - b.at), downs, faults };
}
