/** How commands speak: in tables, or in JSON alone when asked for. */
import type { DispatchView, VisitFacts } from '../contract/dispatch';
import type { DispatchRow } from '../temporal/dispatches';
import { byClock, clockWithZone } from './clock';
import { jsonText, plain } from './plain';
import { tableText } from './table';

export { plain };

export const printJson = (value: unknown): void => console.log(jsonText(value));

/** Values of upstreams are made harmless. */
export const printTable = (head: string[], rows: readonly string[][]): void =>
  console.log(
    tableText(
      head,
      rows.map((row) => row.map(plain)),
    ),
  );

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
  const head = ['Ticket', 'Visit', 'State', 'Work order', 'Status', 'What', 'Waiting for'];
  const cells = rows.map(({ dispatch: item, facts }) => {
    const wait = item.attention ? `${item.attention.reason}: ${item.attention.detail}` : (item.waitingFor ?? '');
    return [
      String(item.ticketId),
      String(item.visit),
      coloured(item.state),
      String(item.workOrderId ?? '–'),
      plain(item.workOrderStatus ?? '–'),
      plain(factWords(facts)).slice(0, 60),
      plain(byClock(wait)).slice(0, 80),
    ];
  });
  console.log(tableText(head, cells));
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
