/** `show`: one dispatch as a timeline, with each call to the two systems in its place. */
import type { DispatchView, TimelineEntry } from '../contract/dispatch';
import { dispatchWorkflowId } from '../contract/run-ids';
import type { SitesMemo } from '../contract/sites';
import { siteLine } from '../domain/sites/words';
import { told } from '../domain/timeline/words';
import { readCalls, type RunCall } from '../temporal/run-calls';
import { createSites } from '../temporal/sites';
import { NoDispatchError } from '../temporal/starter';
import { byClock, clock, clockWithZone, zoneName } from './clock';
import { withContext } from './context';
import { plain, printDispatch, printJson } from './output';

export async function showDispatch(ticketId: number, json: boolean): Promise<void> {
  const { look, calls, sites } = await withContext(async ({ client, runtime, dispatches, deadlineMs }) => ({
    look: await dispatches.look(ticketId),
    calls: await readCalls(client, dispatchWorkflowId(runtime.account, ticketId), deadlineMs),
    sites: await createSites({ client, account: runtime.account, deadlineMs }).look(ticketId),
  }));
  if (!look && !sites) throw new NoDispatchError(`There is no dispatch for ticket ${ticketId}`);
  if (json) return printJson({ ...look?.view, calls, ...(sites && { sites }) });
  if (look) printDispatch(look.view, look.facts);
  if (sites) printSites(ticketId, sites);
  if (!look) return;
  const { view, parentId } = look;
  if (parentId !== null) console.log(`  ${'Parent ticket'.padEnd(15)} ${parentId}`);
  printTimeline(view, calls);
}

function printSites(ticketId: number, { progress, sites, summaryAt, problem }: SitesMemo): void {
  console.log(`Sites of ticket ${ticketId}: ${progress}`);
  for (const site of sites) console.log(`  ${siteLine(site)}`);
  if (summaryAt !== null) console.log(`  Summary written on the ticket at ${clockWithZone(summaryAt)}`);
  if (problem !== null) console.log(`  Not written to the ticket: ${plain(problem)}`);
}

function printTimeline({ timeline }: DispatchView, calls: readonly RunCall[]): void {
  const lines = [
    ...timeline.map((entry) => ({ at: entry.at, text: entryText(entry) })),
    ...calls.map((call) => ({ at: call.at, text: `  ${call.to}: ${inWords(call)}` })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  if (lines.length > 0) console.log(`\nTimeline by the clock of ${zoneName()}, with the calls of the present run`);
  for (const { at, text } of lines) console.log(`  ${clock(at)}  ${plain(text)}`);
}

function entryText(entry: TimelineEntry): string {
  const { text, detail, happened } = told(entry);
  return `${text}${happened ? ` (${clock(happened).slice(11, 16)})` : ''}${detail ? ` – ${byClock(detail)}` : ''}`;
}

function inWords({ what, outcome, status, ms, attempts, detail, nextAttemptAt }: RunCall): string {
  const facts = [
    outcome,
    ms === null ? null : `${ms} ms`,
    attempts > 1 ? `attempt ${attempts}` : null,
    status === null ? null : `${outcome === 'done' ? 'after ' : ''}status ${status}`,
    nextAttemptAt === null ? null : `next attempt at ${clockWithZone(nextAttemptAt)}`,
  ].filter((fact) => fact !== null);
  return `${what} – ${facts.join(', ')}${detail === null ? '' : ` (${byClock(detail)})`}`;
}
