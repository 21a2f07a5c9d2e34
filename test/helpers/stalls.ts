/** How long a machine stood still: what a bound on time must not count. */
const TICK_MS = 50;

export interface Stalls {
  /** Time in which this process should have run and did not, in ms, since the watch began. */
  ms(): number;
  stop(): void;
}

/** Only for what waits while others work: a process that is busy itself stands still by this measure, too. */
export function watchStalls(): Stalls {
  let last = Date.now();
  let stood = 0;
  const look = (): void => {
    const now = Date.now();
    stood += Math.max(0, now - last - 2 * TICK_MS);
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    ms: () => {
      look();
      return stood;
    },
    stop: () => clearInterval(timer),
  };
}
