/** The result of a drill as people read it. */
import { quantile } from '../../bench/latencies';
import type { Taken } from './others';
import type { BulkResult } from './run';

const SHOWN = 20;

export const isSound = ({ faults }: BulkResult): boolean => faults.length === 0;

const timesText = (all: readonly Taken[]): string => {
  const times = all.map(({ seconds }) => seconds);
  const [median, most] = [quantile(times, 0.5), quantile(times, 1)];
  return median === null || most === null
    ? 'none'
    : `${times.length}, half of them within ${median.toFixed(1)} s, all within ${most.toFixed(1)} s`;
};

export const reportOf = (result: BulkResult): string => {
  const { tickets, quota, seconds, looks, stops, downs, times, faults, calls, refused } = result;
  return [
    `Seed ${result.seed}: ${tickets} tickets at ${quota} calls in any minute, in ${(seconds / 60).toFixed(1)} minutes; stopped ${stops} times, killed ${downs.length} times. ${looks} looks at the progress. Freshdesk refused ${refused} of ${calls} calls.`,
    `${result.others} other tickets, from the webhook to the published order:`,
    `  while all ran:                 ${timesText(times.calm)}`,
    `  in the minute after a kill:    ${timesText(times.afterKill)}`,
    `  while something was killed:    ${timesText(times.duringKill)}`,
    ...downs.map(({ what, from, to }) => `Killed ${what}: all ran again after ${((to - from) / 1000).toFixed(1)} s.`),
    faults.length === 0
      ? 'One published order for each ticket, none twice, and the progress was right at each look.'
      : `Faults: ${faults.length}`,
    ...faults.slice(0, SHOWN).map((fault) => `  ${fault}`),
  ].join('\n');
};
