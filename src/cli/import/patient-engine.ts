/** An engine that sits out a restart of Temporal: an import takes hours, and starting again is for longer troubles. */
import { EXIT, exitCodeOf } from '../exit';
import type { ImportEngine } from './engine';

const PATIENCE_MS = 5 * 60_000;
const PAUSE_MS = 5_000;

interface Waiting {
  pause: (ms: number) => Promise<void>;
  stop: AbortSignal;
  say: (text: string) => void;
}

/** The first call of all is not repeated: who starts an import without Temporal wants to know at once. */
export function patientEngine(engine: ImportEngine, { pause, stop, say }: Waiting): ImportEngine {
  let answered = false;
  async function patiently<T>(call: () => Promise<T>): Promise<T> {
    for (let waited = 0; ; waited += PAUSE_MS) {
      try {
        const answer = await call();
        if (waited > 0) say('Temporal is back; the import goes on.');
        answered = true;
        return answer;
      } catch (error) {
        const isOver = !answered || waited >= PATIENCE_MS || stop.aborted;
        if (isOver || exitCodeOf(error) !== EXIT.noTemporal) throw error;
        if (waited === 0) say('Temporal is out of reach; trying again for 5 minutes.');
        await pause(PAUSE_MS);
      }
    }
  }
  return {
    start: (importId, batch, rows) => patiently(() => engine.start(importId, batch, rows)),
    progress: (importId, batch) => patiently(() => engine.progress(importId, batch)),
  };
}
