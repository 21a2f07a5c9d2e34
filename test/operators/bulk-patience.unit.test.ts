/** A command with a yes outlives the restarts of what it asks. */
import type { BatchView } from '../../src/contract/dispatch-batch';
import { patiently } from '../../src/cli/bulk/patience';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { NoBatchError, NoWorkerError, type DispatchBatches } from '../../src/temporal/dispatch-batches';

const VIEW = { stage: 'listed' } as BatchView;

function world(failures: Error[], forMs = 1_000) {
  const said: string[] = [];
  const told: string[] = [];
  const left = new AbortController();
  const step =
    <T>(what: string, answer: T) =>
    (name: string): Promise<T> => {
      const failure = failures.shift();
      if (failure) return Promise.reject(failure);
      told.push(`${what} ${name}`);
      return Promise.resolve(answer);
    };
  const batches: DispatchBatches = {
    start: () => step('start', 'batch-a')('batch-a'),
    view: step('view', VIEW),
    list: step('list', { tickets: [], whys: [] }),
    run: step('run', undefined),
    stop: step('stop', undefined),
  };
  const asked = patiently(batches, { say: (text) => said.push(text), left: left.signal, forMs, everyMs: 1 });
  return { asked, said, told, left };
}

it.each(['view', 'list', 'run', 'stop'] as const)(
  'waits with %s while no worker or no server is there',
  async (step) => {
    const { asked, said, told } = world([new NoWorkerError('No worker answers'), new TemporalUnavailableError('Away')]);
    await asked[step]('batch-a');
    expect({ said, told }).toEqual({ said: ['No worker answers.'], told: [`${step} batch-a`] });
  },
);

it('gives up at once on what no waiting changes', async () => {
  const { asked, said } = world([new NoBatchError('There is no batch')]);
  await expect(asked.view('batch-a')).rejects.toThrow(NoBatchError);
  expect(said).toEqual([]);
});

it('gives up when they stay away, and when whoever waits leaves', async () => {
  const away = Array.from({ length: 10_000 }, () => new NoWorkerError('No worker answers'));
  await expect(world([...away], 5).asked.view('batch-a')).rejects.toThrow(NoWorkerError);
  const { asked, left } = world([...away], 60_000);
  const asking = asked.view('batch-a');
  left.abort();
  await expect(asking).rejects.toThrow(NoWorkerError);
});

it('begins no batch twice: a beginning whose answer is lost may have been made', async () => {
  const { asked } = world([new TemporalUnavailableError('Away')]);
  await expect(asked.start({ tickets: [1] }, false)).rejects.toThrow(TemporalUnavailableError);
});
