import { Writable } from 'node:stream';
import { durationText, Pace } from '../../../src/cli/import/pace';
import { noCounts } from '../../../src/cli/import/outcomes';
import { patientEngine } from '../../../src/cli/import/patient-engine';
import { createProgress } from '../../../src/cli/import/progress';
import { cellText } from '../../../src/cli/import/report';
import { TemporalUnavailableError } from '../../../src/temporal/deadline';
import { FakeEngine } from './helpers';

describe('cells of the report', () => {
  it.each([
    ['=1+1', "'=1+1"],
    [' =1+1', "' =1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['+447700900123', '+447700900123'],
    ['+44 (0)20 7946', '+44 (0)20 7946'],
    ['-5.20', '-5.20'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    [' a', '" a"'],
    ['', ''],
  ])('%j is written as %j', (text, written) => {
    expect(cellText(text, ',')).toBe(written);
  });
});

describe('pace', () => {
  it('goes by the last minute', () => {
    const pace = new Pace();
    expect(pace.rate(0, 0)).toBeNull();
    pace.note(0, 5_000);
    expect(pace.rate(500, 5_100)).toBeNull();
    for (let at = 1_000; at <= 300_000; at += 1_000) pace.note(at, 5_000 + at / 500);
    expect(pace.rate(300_000, 5_600)).toBeCloseTo(2, 1);
    pace.note(1_000_000, 5_600);
    expect(pace.rate(1_002_000, 5_601)).toBeCloseTo(0.5, 1);
  });

  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [61, '1 min'],
    [3_600, '1 h'],
    [12_000, '3 h 20 min'],
    [187_200, '2 d 4 h'],
  ])('%d seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));
});

class Screen extends Writable {
  text = '';
  readonly columns = 80;
  constructor(readonly isTTY: boolean) {
    super();
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
const asOut = (screen: Screen): NodeJS.WriteStream => screen as unknown as NodeJS.WriteStream;

describe('progress', () => {
  const state = (done: number) => ({ done, total: 2_000, counts: { ...noCounts(), created: done, dropped: 0 } });

  it('is a line every ten seconds where there is no terminal', () => {
    const screen = new Screen(false);
    let now = 0;
    const progress = createProgress(asOut(screen), false, () => now);
    progress.say('Importing');
    for (; now <= 25_000; now += 500) progress.update(state(now / 500));
    progress.end();
    expect(screen.text.split('\n')).toEqual([
      'Importing',
      '20 of 2,000 rows, 2.0/s, 17 min left, 20 created',
      '40 of 2,000 rows, 2.0/s, 16 min left, 40 created',
      '',
    ]);
  });

  it('is a bar on a terminal, over which lines are said that stay', () => {
    const screen = new Screen(true);
    const progress = createProgress(asOut(screen), true);
    progress.say('before');
    progress.update(state(0));
    progress.say('it waits\u001b[2J');
    progress.update(state(1_000));
    progress.end();
    expect(screen.text).toMatch(/^before\n/);
    expect(screen.text).toContain('it waits [2J\n');
    expect(screen.text).toContain('[==========----------]  50 % 1,000 of 2,000 rows');
    expect(screen.text).toContain('1,000 created');
    // The bar is taken away at the end.
    expect(screen.text.endsWith('\u001b[0J')).toBe(true);
  });

  it('leaves no trace of a bar when there was nothing to show', () => {
    const screen = new Screen(true);
    createProgress(asOut(screen), true).end();
    expect(screen.text).toBe('');
  });
});

describe('an engine that is out of reach', () => {
  function patient(failures: Error[]) {
    const engine = new FakeEngine();
    const said: string[] = [];
    let pauses = 0;
    const flaky = {
      start: engine.start.bind(engine),
      async progress(id: string, batch: number) {
        const failure = failures.shift();
        if (failure) throw failure;
        return engine.progress(id, batch);
      },
    };
    const stop = new AbortController();
    const pause = async () => void (pauses += 1);
    return {
      said,
      stop,
      pauses: () => pauses,
      engine: patientEngine(flaky, { pause, stop: stop.signal, say: (text) => void said.push(text) }),
    };
  }

  it('ends the import at once when it never answered', async () => {
    const { engine, pauses } = patient([new TemporalUnavailableError('no server')]);
    await expect(engine.progress('i', 1)).rejects.toThrow('no server');
    expect(pauses()).toBe(0);
  });

  it('is waited for later on, which is said once', async () => {
    const failures: Error[] = [];
    const { engine, said } = patient(failures);
    await engine.start('i', 1, []);
    failures.push(...Array.from({ length: 3 }, () => new TemporalUnavailableError('no server')));
    expect(await engine.progress('i', 1)).toMatchObject({ state: 'running' });
    expect(said).toEqual([expect.stringContaining('out of reach'), expect.stringContaining('is back')]);
  });

  it('is not waited for for ever, nor after a stop, nor for another fault', async () => {
    const failures: Error[] = [];
    const { engine, stop, pauses } = patient(failures);
    await engine.start('i', 1, []);
    failures.push(new Error('a bug'));
    await expect(engine.progress('i', 1)).rejects.toThrow('a bug');
    failures.push(...Array.from({ length: 100 }, () => new TemporalUnavailableError('no server')));
    await expect(engine.progress('i', 1)).rejects.toThrow('no server');
    expect(pauses()).toBe(60);
    stop.abort();
    await expect(engine.progress('i', 1)).rejects.toThrow('no server');
    expect(pauses()).toBe(60);
  });
});
