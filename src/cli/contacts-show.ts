/** `contacts show`: what came of a person's events, in words. */
import type { ContactView } from '../contract/contact';
import { findOutcomes, type ContactOutcomes } from '../temporal/contact-outcomes';
import { CONTACTS } from '../config/settings-needs';
import { byClock, clock } from './clock';
import { withContext } from './context';
import { WorkFailedError } from '../command-errors';
import { plain, printJson } from './output';

export async function showContact(who: string, json: boolean): Promise<void> {
  const found = await withContext(
    ({ client, runtime, contactKeys, contactLinks, deadlineMs }) =>
      findOutcomes({ client, account: runtime.account, keys: contactKeys, links: contactLinks, deadlineMs }, who),
    CONTACTS,
  );
  if (json) printJson(found);
  else print(found);
  if (found.runs.length + found.imported.length === 0) {
    throw new WorkFailedError(
      'Nothing is known of this user id or e-mail: no event came, it was dropped, or it is older than the runs that Temporal keeps. ' +
        `To see why one was dropped, run \`deskbridge events tail --person ${who}\`.`,
    );
  }
}

function print({ runs, imported }: ContactOutcomes): void {
  for (const run of runs) printRun(run);
  if (imported.length > 0) console.log('\nImports');
  for (const { at, line, outcome, detail, notes, workflowId } of imported) {
    const words = [detail, ...notes].filter((text) => text !== null).map((text) => ` – ${plain(text)}`);
    console.log(`  ${clock(at)}  line ${line}: ${outcome}${words.join('')} (${workflowId})`);
  }
}

function printRun({ workflowId, state, contactId, attention, events, links }: ContactView): void {
  console.log(`${workflowId}: ${state}`);
  const facts: [string, string | null][] = [
    ['Contact', contactId === null ? null : `${contactId} ${links.contact ?? ''}`],
    ['Workflow', links.workflow],
  ];
  for (const [name, value] of facts) if (value !== null) console.log(`  ${name.padEnd(9)} ${plain(value.trim())}`);
  if (attention) {
    console.log(`  Needs a person: ${attention.reason}`);
    console.log(`    Cause   ${plain(byClock(attention.detail))}`);
    console.log(`    Remedy  ${plain(attention.remedy)}`);
    console.log(`    Retry   temporal workflow signal --workflow-id ${workflowId} --name retry`);
  }
  for (const { at, event, outcome, detail, notes } of events) {
    const words = [detail, ...notes].filter((text) => text !== null).map((text) => ` – ${plain(text)}`);
    console.log(`  ${clock(at)}  ${plain(event)}: ${outcome}${words.join('')}`);
  }
}
