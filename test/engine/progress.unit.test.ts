import { formatElapsed, startProgress } from '../../engine/progress';

describe('the progress of a long step', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is a plain line every half minute where there is no terminal', () => {
    const lines: string[] = [];
    let compiled = 0;
    const progress = startProgress({
      describe: () => `${compiled} of 1717 packages`,
      report: (line) => lines.push(line),
      isTerminal: false,
    });
    compiled = 120;
    jest.advanceTimersByTime(30_000);
    compiled = 260;
    jest.advanceTimersByTime(30_000);
    progress.stop();
    jest.advanceTimersByTime(60_000);
    expect(lines).toEqual(['120 of 1717 packages (30 s)', '260 of 1717 packages (1 min 0 s)']);
  });

  it.each([
    [400, '0 s'],
    [59_400, '59 s'],
    [456_000, '7 min 36 s'],
  ])('shows %d ms as %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
