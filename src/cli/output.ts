/** How commands speak: tables on a terminal, plain columns elsewhere, JSON alone when asked for. */
import Table from 'cli-table3';
import type { DispatchView, VisitFacts } from '../contract/dispatch';
import type { DispatchRow } from '../temporal/dispatches';
import { byClock, clockWithZone } from './clock';
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

export function printDispatches(rows: readonly DispatchRow[]): void {
  if (rows.length === 0) {
    console.log('No dispatches.');
    return;
  }
  const options = process.stdout.isTTY ? BORDERLESS : { ...BORDERLESS, style: { ...BORDERLESS.style, head: [] } };
  const table = new Table({
    ...options,
    head: ['Ticket', 'Visit', 'State', 'Work order', 'Status', 'What', 'Waiting for'],
  });
  for (const { dispatch: item, facts } of rows) {
    const wait = item.attention ? `${item.attention.reason}: ${item.attention.detail}` : (item.waitingFor ?? '');
    table.push([
      item.ticketId,
      item.visit,
      coloured(item.state),
      item.workOrderId ?? '–',
      plain(item.workOrderStatus ?? '–'),
      plain(factWords(facts)).slice(0, 60),
      plain(byClock(wait)).slice(0, 80),
    ]);
  }
  console.log(table.toString());
}

/** Subject, site, technician, start and pay, as far as they are known. */
const factWords = (facts: VisitFacts | null): string =>
  facts === null
    ? '–'
    : [facts.subject, facts.site, facts.technician, facts.start && byClock(facts.start), facts.pay]
        .filter((part) => part !== null)
        .join(' · ') || '–';

export function printDispatch(view: DispatchView, known: VisitFacts | null): void {
  console.log(`Ticket ${view.ticketId} of ${view.account}, visit ${view.visit}: ${coloured(view.state)}`);
  const facts: [string, string | number | null][] = [
    ['Subject', known?.subject ?? null],
    ['Site', known?.site ?? null],
    ['Technician', known?.technician ?? null],
    ['Start', known?.start ? byClock(known.start) : null],
    ['Pay, at most', known?.pay ?? null],
    ['Correlation id', view.correlationId],
    [
      'Work order',
      view.workOrderId === null ? null : `${view.workOrderId} (${view.workOrderStatus ?? 'status not known yet'})`,
    ],
    ['Waiting for', view.waitingFor && byClock(view.waitingFor)],
    ['Next attempt', view.nextAttemptAt && clockWithZone(view.nextAttemptAt)],
    ['Ticket page', view.links.ticket],
    ['Order page', view.links.workOrder],
    ['Workflow', view.links.workflow],
  ];
  for (const [name, value] of facts) if (value !== null) console.log(`  ${name.padEnd(15)} ${plain(String(value))}`);
  if (view.attention) {
    console.log(`\nNeeds a person: ${view.attention.reason}`);
    console.log(`  Cause   ${plain(byClock(view.attention.detail))}`);
    console.log(`  Remedy  ${plain(view.attention.remedy)}`);
  }
}
