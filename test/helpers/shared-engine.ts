/** Hands the server from jest's global set-up to its teardown: both run in one process, but each loads its own modules. */
import type { EmbeddedEngine } from '../../engine';

interface Held {
  engine: EmbeddedEngine;
  dataDir: string;
}

const KEY = Symbol.for('deskbridge.tests.engine');
const store = globalThis as unknown as Record<symbol, Held | undefined>;

export const sharedEngine = {
  hold: (held: Held): void => void (store[KEY] = held),
  release(): Held | undefined {
    const held = store[KEY];
    store[KEY] = undefined;
    return held;
  },
};
