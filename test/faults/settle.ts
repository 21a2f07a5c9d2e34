/** Waits until nothing is left to do: no webhook waits, no call is made, no dispatch has anything under way. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from './desk';
import { dispatchFacts, openContacts } from './engine-facts';
import { missingEntries } from './invariants';
import type { Life } from './lives';
import type { Tell } from './play';
import { ticketsOfWorld } from './ticket-facts';
import type { World } from './world';

const LOOK_MS = 1_000;
/** It reads all there is. */
const TOLD_LOOK_MS = 3_000;
/** Calls are at most so far apart while something goes on. */
const QUIET_MS = 4_000;
const ON_THE_WAY = new Set(['starting', 'creating']);

export interface Patience {
  desk: Desk;
  world: World;
  withinMs: number;
}

/** The tickets whose dispatches never came to rest in that time: what has not settled is what the invariants are for. */
export async function untilSettled({ desk, world, withinMs }: Patience, tell: Tell): Promise<Set<number>> {
  const { control } = world.sandbox;
  const deadline = Date.now() + withinMs;
  await control.idle({ retries: true, timeoutMs: withinMs }).catch(() => undefined);
  let open: number[] = [];
  while (Date.now() < deadline) {
    await untilQuiet(world, deadline);
    const facts = [...(await dispatchFacts(desk.client))];
    open = facts.flatMap(([id, { isBusy, isBroken, state }]) =>
      isBusy || isBroken || ON_THE_WAY.has(state) ? id : [],
    );
    const contacts = await openContacts(desk.client);
    tell('settling', facts.length - open.length, facts.length + contacts);
    if (open.length + contacts === 0) break;
    await delay(LOOK_MS);
  }
  return new Set(open);
}

/** Notes and messages come last, some of them minutes after they were written; gives up in silence as well. */
export async function untilTold(world: World, lives: Life[], withinMs: number, tell: Tell): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(TOLD_LOOK_MS)) {
    const { of, violations } = missingEntries(ticketsOfWorld(world, lives, new Map()));
    tell('notes and messages', of - violations.length, of);
    if (violations.length === 0) return;
  }
}

async function untilQuiet({ sandbox: { control } }: World, deadline: number): Promise<void> {
  let [known, since] = [-1, Date.now()];
  while (Date.now() < deadline && Date.now() - since < QUIET_MS) {
    const made = control.calls().reduce((sum, { count }) => sum + count, 0);
    if (made !== known) [known, since] = [made, Date.now()];
    await delay(LOOK_MS / 4);
  }
}
