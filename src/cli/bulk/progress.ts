/** How far a batch is: a bar on a terminal, elsewhere a line when it has changed, at most every few seconds. */
import { SingleBar } from 'cli-progress';
import type { BatchView } from '../../contract/dispatch-batch';
import { TO_BEGIN } from '../../domain/dispatch-batch/memory';
import { countsText } from '../../domain/dispatch-batch/words';
import { plain } from '../output';

export interface BatchProgress {
  update(view: BatchView): void;
  /** A line of its own, which stays. */
  say(text: string): void;
  end(): void;
}

const BETWEEN_LINES_MS = 10_000;

/** Of a list that is being made those that were read, of a running one those that have ended. */
const doneOf = ({ stage, counts, total }: BatchView): number =>
  stage === 'finding' || stage === 'reading'
    ? total - counts.unread
    : total - counts.begun - TO_BEGIN.reduce((sum, one) => sum + counts[one], 0);

const textOf = (view: BatchView): string => {
  const paused = view.paused === null ? '' : `; dispatching is paused: ${view.paused}`;
  return plain(`${doneOf(view)} of ${view.total} tickets: ${countsText(view) || 'asking Freshdesk'}${paused}`);
};

/** `now` in ms. */
export function createBatchProgress(
  out: NodeJS.WriteStream,
  asBar: boolean,
  now: () => number = Date.now,
): BatchProgress {
  let bar: SingleBar | null = null;
  let last = { at: now(), text: '' };
  const end = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    update(view) {
      const text = textOf(view);
      if (!asBar) {
        if (text === last.text || now() - last.at < BETWEEN_LINES_MS) return;
        last = { at: now(), text };
        out.write(`${text}\n`);
        return;
      }
      if (bar === null) {
        bar = new SingleBar({
          stream: out,
          format: '[{bar}] {text}',
          barsize: 20,
          clearOnComplete: true,
          gracefulExit: false,
        });
        bar.start(Math.max(1, view.total), doneOf(view), { text });
        return;
      }
      bar.setTotal(Math.max(1, view.total));
      bar.update(doneOf(view), { text });
    },
    say(text) {
      end();
      out.write(`${plain(text)}\n`);
    },
    end,
  };
}
