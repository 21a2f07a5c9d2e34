/** The tickets of a batch as people and programs read them. */
import type { BatchList, BatchView, TicketStage } from '../../contract/dispatch-batch';
import { TO_BEGIN } from '../../domain/dispatch-batch/memory';
import { countsText, stageText } from '../../domain/dispatch-batch/words';
import { printTable } from '../output';

export interface BatchItem {
  ticketId: number;
  /** The visit that is dispatched. */
  visit: number;
  stage: TicketStage;
  /** The most that its pay can come to, in USD; null: no bound, or not known. */
  cost: number | null;
  why: string | null;
}

export const itemsOf = ({ tickets, whys }: BatchList): BatchItem[] =>
  tickets.map(([ticketId, after, stage, cost, why]) => ({
    ...{ ticketId, visit: after + 1, stage, cost },
    why: why === null ? null : (whys[why] ?? null),
  }));

export interface Sum {
  count: number;
  /** In USD. */
  sum: number;
  /** Of how many the pay has no bound. */
  unbounded: number;
}

/** Of those that would be dispatched. */
export function sumOf(items: readonly BatchItem[]): Sum {
  const wanted = items.filter(({ stage }) => TO_BEGIN.includes(stage));
  const cents = wanted.reduce((sum, { cost }) => sum + Math.round((cost ?? 0) * 100), 0);
  const unbounded = wanted.filter(({ stage, cost }) => stage === 'asks' && cost === null).length;
  return { count: wanted.length, sum: cents / 100, unbounded };
}

const costText = ({ stage, cost }: BatchItem): string => {
  if (cost !== null) return cost.toFixed(2);
  return stage === 'asks' ? 'no bound' : '–';
};

const NOTES: Partial<Record<TicketStage, string>> = {
  asks: 'Will wait for an approval: above dispatch.approval.payAbove',
  problem: 'Cannot be mapped and will wait for a person',
};

const noteOf = ({ stage, why }: BatchItem): string => [NOTES[stage], why].filter(Boolean).join(': ');

/** What would be done, before a person's yes. */
export function printPlan(items: readonly BatchItem[]): void {
  const wanted = items.filter(({ stage }) => TO_BEGIN.includes(stage));
  if (wanted.length > 0) {
    const rows = wanted.map((item) => [String(item.ticketId), String(item.visit), costText(item), noteOf(item)]);
    printTable(['Ticket', 'Visit', 'At most, USD', 'Note'], rows);
  }
  printWithWhy('Left out', items, ['left-out']);
  const { count, sum, unbounded } = sumOf(items);
  const beside = unbounded === 0 ? '' : `, and ${unbounded} without a bound`;
  console.log(`\n${countOf(count, 'ticket')} to dispatch: at most ${sum.toFixed(2)} USD${beside}.`);
  const of = (stage: TicketStage): number => items.filter((item) => item.stage === stage).length;
  if (of('asks') > 0) console.log(`${of('asks')} of them will wait for an approval of the pay.`);
  if (of('problem') > 0) console.log(`${of('problem')} of them cannot be mapped, and will wait for a person.`);
  if (of('left-out') > 0) console.log(`${countOf(of('left-out'), 'ticket')} left out.`);
}

/** How far it is, and what needs somebody. */
export function printOutcome(name: string, view: BatchView, items: readonly BatchItem[]): void {
  printWithWhy('Waits for a person', items, ['attention']);
  printWithWhy('Failed', items, ['failed']);
  printWithWhy('Left out', items, ['left-out']);
  console.log(`\n${stageText(name, view)}: ${countsText(view)}.`);
}

function printWithWhy(title: string, items: readonly BatchItem[], stages: TicketStage[]): void {
  const rows = items.filter(({ stage }) => stages.includes(stage)).map((i) => [String(i.ticketId), i.why ?? '']);
  if (rows.length === 0) return;
  console.log('');
  printTable(['Ticket', title], rows);
}

const countOf = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
