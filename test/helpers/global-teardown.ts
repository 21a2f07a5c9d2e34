/** Ends the server of the global set-up and removes its data. */
import { rm } from 'node:fs/promises';
import { sharedEngine } from './shared-engine';

async function globalTeardown(): Promise<void> {
  const held = sharedEngine.release();
  await held?.engine.stop();
  if (held) await rm(held.dataDir, { recursive: true, force: true });
}

export default globalTeardown;
