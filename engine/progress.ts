/** How a step that takes minutes shows that it goes on. */

const PLAIN_LINE_EVERY_MS = 30_000;
const REDRAW_EVERY_MS = 1_000;

export interface Progress {
  /** Ends the drawing; on a terminal the line is wiped. */
  stop(): void;
}

/** `41 s`, `7 min 36 s`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Shows `describe()` and the time since the start: one line that is redrawn on a terminal, else a line every half minute. */
export function startProgress(options: {
  describe: () => string;
  report: (line: string) => void;
  isTerminal: boolean;
}): Progress {
  const { describe, report, isTerminal } = options;
  const startedAt = Date.now();
  const show = () => {
    const line = `${describe()} (${formatElapsed(Date.now() - startedAt)})`;
    if (isTerminal) process.stderr.write(`\r\x1b[K${line}`);
    else report(line);
  };
  const timer = setInterval(show, isTerminal ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      if (isTerminal) process.stderr.write('\r\x1b[K');
    },
  };
}
