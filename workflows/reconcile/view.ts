/** A sweep in words, for the Temporal UI. */
import { SYSTEM_NAMES } from '../../src/contract/failures';
import type { ReconcileResult } from '../../src/contract/reconcile';

export function sweepDetails(result: Omit<ReconcileResult, 'marks'>): string {
  const { mended, tickets, orders, drafts, retries, calls } = result;
  const lines = [
    mended === 0 ? '**Nothing was missed**' : `**${mended} found** that no webhook reported`,
    '',
    `* Tickets: ${tickets.listed} changed, ${tickets.started} got their dispatch, ${tickets.signalled} sent to theirs, ${tickets.checked} looked at to be sure`,
    `* Work orders: ${orders.checked} checked, ${orders.signalled} sent to their dispatch`,
    `* Drafts: ${drafts.listed} listed, ${drafts.signalled} sent to their dispatch`,
    `* ${retries} stopped by a refused key were asked to try again`,
    `* Calls: ${calls.freshdesk} to Freshdesk, ${calls.fieldNation} to Field Nation`,
  ];
  if (result.soughtAgain > 0)
    lines.push(`* ${result.soughtAgain} tickets that could not be found were looked for again`);
  if (result.restarted > 0) lines.push(`* ${result.restarted} dispatches that were ended from outside got a new run`);
  if (result.takenOver.length > 0) {
    const ids = result.takenOver.join(', ');
    lines.push('', '### Work orders without a dispatch', `${ids}: their tickets' dispatches take them over.`);
  }
  if (result.unreadable > 0) {
    lines.push(
      '',
      `### ${result.unreadable} dispatches cannot be read`,
      'Put their key back into DESKBRIDGE_ENCRYPTION_KEYS.',
    );
  }
  for (const system of result.refused) {
    lines.push('', `### ${SYSTEM_NAMES[system]} refused the key`, 'Correct the key; the next sweep tries it first.');
  }
  for (const system of result.unavailable) {
    lines.push('', `### ${SYSTEM_NAMES[system]} did not answer`, 'The next sweep goes on from where this one was.');
  }
  if (result.unfinished)
    lines.push('', 'Not all could be looked at within the budget: the next sweep goes on from here.');
  return lines.join('\n');
}
