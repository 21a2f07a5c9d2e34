/** How an import shows how far it is: a bar on a terminal, now and then a line elsewhere. */
import { MultiBar, type GenericFormatter, type Params, type SingleBar } from 'cli-progress';
import { plain } from '../output';
import { countsText, numberText, type Counts } from './outcomes';
import { durationText, Pace, rateText } from './pace';

export interface ProgressState {
  done: number;
  total: number;
  counts: Counts;
}

export interface Progress {
  update(state: ProgressState): void;
  /** A line of its own, which stays. */
  say(text: string): void;
  /** Takes the bar away; what was said stays. */
  end(): void;
}

type Out = NodeJS.WriteStream;

const BETWEEN_LINES_MS = 10_000;

/** `now` in ms. */
export function createProgress(out: Out, asBar: boolean, now: () => number = Date.now): Progress {
  return asBar ? barProgress(out, now) : lineProgress(out, now);
}

function lineProgress(out: Pick<Out, 'write'>, now: () => number): Progress {
  const pace = new Pace();
  let last = now();
  return {
    update(state) {
      pace.note(now(), state.done);
      if (now() - last < BETWEEN_LINES_MS) return;
      last = now();
      const counts = countsText(state.counts);
      out.write(`${[howFar(state), ...speed(state, pace, now()), ...(counts ? [counts] : [])].join(', ')}\n`);
    },
    say: (text) => void out.write(`${plain(text)}\n`),
    end: () => undefined,
  };
}

function barProgress(out: Out, now: () => number): Progress {
  const pace = new Pace();
  let current: ProgressState | null = null;
  // Made when there is something to show: a file that cannot be imported leaves no empty bar behind.
  let bars: MultiBar | null = null;
  let bar: SingleBar | null = null;
  const top: GenericFormatter = (_, { progress }: Params) =>
    current ? [`${barText(progress)} ${howFar(current)}`, ...speed(current, pace, now())].join('  ') : '';
  const bottom: GenericFormatter = () => (current ? `  ${countsText(current.counts) || 'nothing done yet'}` : '');
  return {
    update(state) {
      current = state;
      pace.note(now(), state.done);
      if (bars === null) {
        // The bar is cut at the edge, while what is said above it wraps and writes over it.
        bars = new MultiBar({
          stream: out,
          fps: 5,
          linewrap: true,
          forceRedraw: true,
          clearOnComplete: true,
          gracefulExit: false,
        });
        bar = bars.create(1, 0, {}, { format: top });
        bars.create(1, 0, {}, { format: bottom });
      }
      bar?.setTotal(Math.max(1, state.total));
      bar?.update(state.done);
    },
    say(text) {
      if (bars) bars.log(`${plain(text)}\n`);
      else out.write(`${plain(text)}\n`);
    },
    end() {
      // Stopping alone does not write what is still to be said.
      bars?.update();
      bars?.stop();
      bars = null;
    },
  };
}

const WIDTH = 20;

function barText(progress: number): string {
  const full = Math.floor(progress * WIDTH);
  return `[${'='.repeat(full)}${'-'.repeat(WIDTH - full)}] ${String(Math.floor(progress * 100)).padStart(3)} %`;
}

const howFar = ({ done, total }: ProgressState): string => `${numberText(done)} of ${numberText(total)} rows`;

function speed({ done, total }: ProgressState, pace: Pace, at: number): string[] {
  const rate = pace.rate(at, done);
  if (rate === null || done >= total) return [];
  return rate > 0 ? [rateText(rate), `${durationText((total - done) / rate)} left`] : [rateText(0)];
}
