/** How far a phase is: a bar on a terminal, now and then a line elsewhere. On standard error, since results go to the other. */
import { SingleBar } from 'cli-progress';

const BETWEEN_LINES_MS = 10_000;

export interface Progress {
  update: (done: number, total: number) => void;
  end(): void;
}

export function createProgress(name: string, out: NodeJS.WriteStream = process.stderr): Progress {
  if (out.isTTY) {
    const format = `${name} [{bar}] {percentage} % | {value} of {total} | {eta_formatted} left`;
    const bar = new SingleBar({ stream: out, format, fps: 4, clearOnComplete: true, gracefulExit: false });
    bar.start(1, 0);
    return {
      update(done, total) {
        bar.setTotal(total);
        bar.update(done);
      },
      end: () => bar.stop(),
    };
  }
  let last = Date.now();
  return {
    update(done, total) {
      if (Date.now() - last < BETWEEN_LINES_MS) return;
      last = Date.now();
      out.write(`${name}: ${done} of ${total}\n`);
    },
    end: () => undefined,
  };
}
