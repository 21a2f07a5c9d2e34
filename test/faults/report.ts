/** The result of a run as people read it. */
import Table from 'cli-table3';
import type { Verdict } from './invariants';
import { recoveryLines } from './recovery';
import type { RunResult } from './run';

const SHOWN = 10;
const PLAIN = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};

/** No violation among N says so much and no more. */
const atMost = ({ of, violations }: Verdict): string =>
  violations.length === 0 && of > 0 ? `at most ${Math.min(100, Number((300 / of).toPrecision(2)))} % at 95 %` : '';

export const isSound = ({ verdicts, findings }: RunResult): boolean =>
  findings.length === 0 && verdicts.every(({ violations }) => violations.length === 0);

export function reportOf(result: RunResult): string {
  const { verdicts, findings, webhooks, seconds, drain, pace } = result;
  const table = new Table({ head: ['', 'Must not be', 'Found', 'of N', ''], ...PLAIN });
  for (const verdict of verdicts)
    table.push([verdict.id, verdict.what, verdict.violations.length, `${verdict.of} ${verdict.unit}`, atMost(verdict)]);
  const listed = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([what, count]) => `  ${String(count).padStart(6)} × ${what}`)
      .join('\n');
  return [
    `Seed ${result.seed}: ${result.tickets} tickets, ${result.orders} work orders, ${webhooks.accepted} webhooks accepted in ${webhooks.attempts} attempts, ${result.kills} processes killed, ${result.lostCreates} creates unanswered.`,
    `${Math.round(seconds.chaos)} s of faults, settled ${Math.round(seconds.settle)} s after their end, ${Math.round(seconds.all)} s in all.`,
    `${result.answered} times an operator was asked, and said, that a visit is wanted of whose trigger Freshdesk had given the webhook up. ${result.drafts} drafts of runs that are gone were published by an operator, ${result.retried} other questions answered with a retry.`,
    `\nTroubles:\n${listed(result.troubles)}`,
    `\nSeconds until a webhook was acknowledged, and a dispatch taken up, by a worker again (p50 / p99 of each):`,
    ...recoveryLines(result.recoveries),
    `\nLives:\n${listed(result.kinds)}`,
    `\nAnswers of the upstreams (0: none):\n${listed(result.answers)}`,
    ...result.drains.map(
      ({ part, ms, how }) => `SIGTERM: ${part} ended with ${how} after ${(ms / 1000).toFixed(1)} s.`,
    ),
    ...(pace
      ? [
          `Before all faults, ${pace.count} of each: one worker ${pace.perSecond.toFixed(1)} dispatches a second; store ${pace.kb.published.toFixed(1)} kB a published dispatch, ${pace.kb.whole.toFixed(1)} kB a whole one, ${pace.kb.contact.toFixed(1)} kB a contact.`,
        ]
      : []),
    ...(result.restarts > 0
      ? [`The Temporal server ended by itself, and was begun again, ${result.restarts} times.`]
      : []),
    ...(drain
      ? [
          `Backlog: ${drain.tickets} tickets, ${drain.credits} credits at ${drain.quotaPerMinute} a minute in ${drain.seconds.toFixed(1)} s: ×${drain.ratio.toFixed(2)} of what the quota allows; ${drain.refused} calls refused.`,
        ]
      : []),
    `\n${table.toString()}`,
    ...verdicts.flatMap(({ id, violations }) => violations.slice(0, SHOWN).map((violation) => `${id} ${violation}`)),
    ...result.courses.map((course) => `\n${course}`),
    ...findings.slice(0, SHOWN).map((finding) => `Also: ${finding}`),
  ].join('\n');
}
