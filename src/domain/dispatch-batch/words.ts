/** A batch in words, for the Temporal UI and the command line. */
import type { BatchStage, BatchView, TicketStage } from '../../contract/dispatch-batch';
import { markdownText } from '../markdown';

const STAGES: Record<BatchStage, string> = {
  finding: 'asks Freshdesk which tickets it has',
  reading: 'reads its tickets',
  listed: 'waits for a person’s yes: nothing is dispatched yet',
  running: 'dispatches its tickets',
  stopped: 'is stopped: no further ticket is dispatched',
  done: 'is done',
  expired: 'has ended: nobody said yes, or went on with it, in time',
  refused: 'has no list',
};

const TICKETS: Record<TicketStage, string> = {
  unread: 'to be read',
  ready: 'to be dispatched',
  asks: 'to be dispatched, and then to wait for an approval',
  problem: 'to be dispatched, and then to wait since they cannot be mapped',
  begun: 'under way',
  dispatched: 'dispatched',
  attention: 'waiting for a person',
  'left-out': 'left out',
  failed: 'failed',
};

/** `3 dispatched, 1 left out`: those that there are. */
export const countsText = ({ counts }: Pick<BatchView, 'counts'>): string =>
  (Object.keys(TICKETS) as TicketStage[])
    .filter((stage) => counts[stage] > 0)
    .map((stage) => `${counts[stage]} ${TICKETS[stage]}`)
    .join(', ');

export const stageText = (name: string, { stage }: Pick<BatchView, 'stage'>): string => `${name} ${STAGES[stage]}`;

/** Shown in the Temporal UI as the run's current details. */
export function batchDetails(name: string, view: BatchView): string {
  const lines = [`**${view.stage}** – ${stageText(name, view)}`, '', `* ${countsText(view) || 'No ticket yet'}`];
  if (view.paused !== null) lines.push(`* Dispatching is paused: ${markdownText(view.paused)}`);
  if (view.refusal) lines.push('', markdownText(view.refusal.detail));
  return lines.join('\n');
}
