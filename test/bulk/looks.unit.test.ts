/** A look that finds nothing wrong is worth nothing unless it can: each thing that must not be said is said on purpose. */
import type { BatchCounts, BatchView } from '../../src/contract/dispatch-batch';
import { faultsOfLook } from './looks';

const NONE: BatchCounts = {
  ...{ unread: 0, ready: 0, asks: 0, problem: 0, begun: 0 },
  ...{ dispatched: 0, attention: 0, 'left-out': 0, failed: 0 },
};
const view = (counts: Partial<BatchCounts>): BatchView => ({
  ...{ stage: 'running', total: 100, paused: null, refusal: null },
  counts: { ...NONE, ...counts },
});
const faults = (counts: Partial<BatchCounts>, before: Partial<BatchCounts> = {}, published = 40): string[] =>
  faultsOfLook(view(counts), view(before), { before: published, after: published }, 100);

it.each([
  ['nothing where all is right', { ready: 55, begun: 5, dispatched: 40 }, {}, []],
  ['nothing where a step is not answered yet', { ready: 68, dispatched: 32 }, {}, []],
  ['more dispatched than there are orders', { ready: 59, dispatched: 41 }, {}, [/41 dispatched, and there are 40/]],
  ['orders that it does not know of', { ready: 69, dispatched: 31 }, {}, [/knows of 31 tickets, and there are 40/]],
  ['a ticket that is not counted', { ready: 59, dispatched: 40 }, {}, [/counts 99 of 100/]],
  ['progress that goes back', { ready: 61, dispatched: 39 }, { ready: 60, dispatched: 40 }, [/39 dispatched after 40/]],
  ['a ticket that needs somebody', { ready: 59, dispatched: 40, failed: 1 }, {}, [/need a person/]],
])('finds %s', (_, counts, before, found) => {
  expect(faults(counts, before)).toEqual(found.map((text) => expect.stringMatching(text) as string));
});
