/** How fast it goes and how long it still takes, by the last minute: what an earlier run had done does not count as speed. */

const WINDOW_MS = 60_000;
const STEP_MS = 1_000;

export class Pace {
  #samples: { at: number; done: number }[] = [];

  /** `at` in ms. */
  note(at: number, done: number): void {
    const last = this.#samples.at(-1);
    if (last && at - last.at < STEP_MS) return;
    this.#samples.push({ at, done });
    while ((this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
  }

  /** Rows in a second; null while that cannot be told. */
  rate(at: number, done: number): number | null {
    const first = this.#samples[0];
    if (!first || at - first.at < STEP_MS) return null;
    return ((done - first.done) * 1000) / (at - first.at);
  }
}

export const rateText = (rate: number): string => `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)}/s`;

/** `45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const rest = hours % 24;
  return rest ? `${Math.floor(hours / 24)} d ${rest} h` : `${Math.floor(hours / 24)} d`;
}
