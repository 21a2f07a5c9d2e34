/** `show`: one dispatch as a timeline, with each call to the two systems in its place. */
import type { DispatchView, TimelineEntry } from '../contract/dispatch';
import { dispatchWorkflowId } from '../contract/run-ids';
import { told } from '../domain/timeline/words';
import { readCalls, type RunCall } from '../temporal/run-calls';
import { NoDispatchError } from '../temporal/starter';
import { withContext } from './context';
import { plain, printDispatch, printJson } from './output';

export async function showDispatch(ticketId: number, json: boolean): Promise<void> {
  const { look, calls } = await withContext(async ({ client, runtime, dispatches, deadlineMs }) => ({
    look: await dispatches.look(ticketId),
    calls: await readCalls(client, dispatchWorkflowId(runtime.account, ticketId), deadlineMs),
  }));
  if (!look) throw new NoDispatchError(`There is no dispatch for ticket ${ticketId}`);
  const { view, facts } = look;
  if (json) return printJson({ ...view, calls });
  printDispatch(view, facts);
  printTimeline(view, calls);
}

function printTimeline({ timeline }: DispatchView, calls: readonly RunCall[]): void {
  const lines = [
    ...timeline.map((entry) => ({ at: entry.at, text: entryText(entry) })),
    ...calls.map((call) => ({ at: call.at, text: `  ${call.to}: ${inWords(call)}` })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  if (lines.length > 0) console.log('\nTimeline in UTC, with the calls of the present run');
  for (const { at, text } of lines) console.log(`  ${at.slice(0, 19).replace('T', ' ')}  ${plain(text)}`);
}

function entryText(entry: TimelineEntry): string {
  const { text, detail, happened } = told(entry);
  return `${text}${happened ? ` (${happened.slice(11, 16)})` : ''}${detail ? ` – ${detail}` : ''}`;
}

function inWords({ what, outcome, status, ms, attempts, detail, nextAttemptAt }: RunCall): string {
  const facts = [
    outcome,
    ms === null ? null : `${ms} ms`,
    attempts > 1 ? `attempt ${attempts}` : null,
    status === null ? null : `${outcome === 'done' ? 'after ' : ''}status ${status}`,
    nextAttemptAt === null ? null : `next attempt at ${nextAttemptAt.slice(0, 19).replace('T', ' ')}`,
  ].filter((fact) => fact !== null);
  return `${what} – ${facts.join(', ')}${detail === null ? '' : ` (${detail})`}`;
}
