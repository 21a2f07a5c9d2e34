/** How commands speak: tables on a terminal, plain columns elsewhere, JSON alone when asked for. */
import Table from 'cli-table3';
import type { DispatchSummary, DispatchView } from '../contract/dispatch';
import { jsonText, plain } from './plain';

export { plain };

export const printJson = (value: unknown): void => console.log(jsonText(value));

export const BORDERLESS = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: ['bold'], border: [] },
};

/** Columns without lines; values of upstreams are made harmless. A narrow terminal is no reason to cut: it wraps. */
export function printTable(head: string[], rows: readonly string[][]): void {
  const style = process.stdout.isTTY ? BORDERLESS.style : { ...BORDERLESS.style, head: [] };
  const table = new Table({ ...BORDERLESS, style, head });
  for (const row of rows) table.push(row.map(plain));
  console.log(table.toString());
}

/** Text of a state, coloured on a terminal. */
function coloured(state: string): string {
  if (!process.stdout.isTTY) return state;
  const colour = state === 'attention' ? 31 : state === 'completed' || state === 'work-done' ? 32 : 36;
  return `\u001b[${colour}m${state}\u001b[0m`;
}

export function printDispatches(items: DispatchSummary[]): void {
  if (items.length === 0) {
    console.log('No dispatches.');
    return;
  }
  const options = process.stdout.isTTY ? BORDERLESS : { ...BORDERLESS, style: { ...BORDERLESS.style, head: [] } };
  const table = new Table({ ...options, head: ['Ticket', 'Visit', 'State', 'Work order', 'Status', 'Waiting for'] });
  for (const item of items) {
    const wait = item.attention ? `${item.attention.reason}: ${item.attention.detail}` : (item.waitingFor ?? '');
    table.push([
      item.ticketId,
      item.visit,
      coloured(item.state),
      item.workOrderId ?? '–',
      plain(item.workOrderStatus ?? '–'),
      plain(wait).slice(0, 80),
    ]);
  }
  console.log(table.toString());
}

export function printDispatch(view: DispatchView): void {
  console.log(`Ticket ${view.ticketId} of ${view.account}, visit ${view.visit}: ${coloured(view.state)}`);
  const facts: [string, string | number | null][] = [
    ['Correlation id', view.correlationId],
    [
      'Work order',
      view.workOrderId === null ? null : `${view.workOrderId} (${view.workOrderStatus ?? 'status not known yet'})`,
    ],
    ['Waiting for', view.waitingFor],
    ['Next attempt', view.nextAttemptAt],
    ['Ticket page', view.links.ticket],
    ['Order page', view.links.workOrder],
    ['Workflow', view.links.workflow],
  ];
  for (const [name, value] of facts) if (value !== null) console.log(`  ${name.padEnd(15)} ${plain(String(value))}`);
  if (view.attention) {
    console.log(`\nNeeds a person: ${view.attention.reason}`);
    console.log(`  Cause   ${plain(view.attention.detail)}`);
    console.log(`  Remedy  ${plain(view.attention.remedy)}`);
  }
}
