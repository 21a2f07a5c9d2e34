/**
 * A few hundred rows of an import as one run, since a run per contact costs an engine more than the calls. Promise: each
 * row ends with one outcome; rows of one contact go out together, in their order; a wrong key stops all of them until a
 * person has mended it. Source: interface 6, design 5.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { condition, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { ImportedRow, ImportRow, ImportView } from '../src/contract/contact';
import type { Attention } from '../src/contract/dispatch';
import type { ContactPolicy } from '../src/contract/policy';
import { joined, sendContact, toSend, type Sent } from './contacts/send';
import { counted } from './contacts/sinks';
import { importQuery, retry } from '../src/contract/messages';
import { attentionOf } from './step-failure';

export interface ContactImportInput {
  rows: ImportRow[];
  policy: Pick<ContactPolicy, 'slowRetry'>;
}

/** Calls under way at once: enough to keep any quota busy, few enough to leave the engine to others. */
const LANES = 10;

const STATE = defineSearchAttributeKey('DeskbridgeState', SearchAttributeType.KEYWORD);
const ATTENTION = defineSearchAttributeKey('DeskbridgeAttention', SearchAttributeType.KEYWORD);
const SINCE = defineSearchAttributeKey('DeskbridgeSince', SearchAttributeType.DATETIME);

export async function contactImport({ rows, policy: { slowRetry } }: ContactImportInput): Promise<ImportView> {
  const ended: ImportedRow[] = [];
  let attention: Attention | null = null;
  let retries = 0;
  const view = (): ImportView => ({ total: rows.length, rows: ended, attention });
  setHandler(importQuery, view, { description: 'How far the rows are, and what came of each' });
  setHandler(retry, () => void retries++, { description: 'The cause is mended: go on with the rows' });

  const tell = (change: Attention | null): void => {
    if (attention !== change) {
      upsertSearchAttributes([
        { key: STATE, value: change ? 'attention' : null },
        { key: SINCE, value: change ? new Date() : null },
        { key: ATTENTION, value: change?.reason ?? null },
      ]);
    }
    attention = change;
    setCurrentDetails(detailsOf(view()));
  };
  /** Only the row that met the trouble tries again, slowly; the others wait for it. */
  const patiently = async (group: ImportRow[]): Promise<Sent> => {
    let isScout = false;
    for (let tries = 0; ; tries++) {
      if (!isScout) await condition(() => attention === null);
      const before = retries;
      try {
        const sent = await send(group);
        if (isScout) tell(null);
        return sent;
      } catch (error) {
        const problem = attentionOf(error);
        if (attention !== null && !isScout) continue;
        isScout = true;
        tell(problem);
        const wait = Math.min(slowRetry.first * 2 ** Math.min(tries, 20), slowRetry.most);
        await condition(() => retries !== before, wait, { summary: 'Wait for a person, or the next slow try' });
      }
    }
  };

  const groups = byContact(rows);
  const lane = async (): Promise<void> => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      for (const person of byPerson(group)) {
        const sent = await patiently(person);
        for (const { line, event } of person) {
          const { outcome, detail } = sent[event.action];
          counted.outcome(outcome, 1);
          ended.push({ line, outcome, detail, ids: event.ids });
        }
      }
    }
  };
  setCurrentDetails(detailsOf(view()));
  await Promise.all(Array.from({ length: LANES }, lane));
  ended.sort((a, b) => a.line - b.line);
  upsertSearchAttributes([
    { key: STATE, value: 'completed' },
    { key: SINCE, value: new Date() },
  ]);
  setCurrentDetails(detailsOf(view()));
  return view();
}

const send = (group: ImportRow[]): Promise<Sent> =>
  sendContact(group.map(({ event }) => toSend(event)).reduce(joined), null);

/** Rows that share an identifier, in the order of the file. */
function byContact(rows: ImportRow[]): ImportRow[][] {
  const groups: ImportRow[][] = [];
  const owner = new Map<string, ImportRow[]>();
  for (const row of rows) {
    const known = row.event.ids.map((id) => owner.get(id)).find((group) => group !== undefined);
    const group = known ?? [];
    if (!known) groups.push(group);
    group.push(row);
    for (const id of row.event.ids) if (!owner.has(id)) owner.set(id, group);
  }
  return groups;
}

/** Two user ids are two people, who may share an address: one after the other, as their events would be. */
function byPerson(group: ImportRow[]): ImportRow[][] {
  const people: ImportRow[][] = [];
  let known: string | undefined;
  for (const row of group) {
    const { unique_external_id: userId } = row.event.contact;
    const isOther = userId !== undefined && known !== undefined && userId !== known;
    known = userId ?? known;
    const person = people.at(-1);
    if (person && !isOther) person.push(row);
    else people.push([row]);
  }
  return people;
}

function detailsOf({ total, rows, attention }: ImportView): string {
  const { workflowId } = workflowInfo();
  const lines = [`**${rows.length} of ${total}** rows of an import of contacts are done (\`${workflowId}\`)`];
  if (attention) {
    lines.push(
      '',
      `### Needs a person: ${attention.reason}`,
      attention.detail,
      '',
      `**What to do:** ${attention.remedy}`,
    );
  }
  return lines.join('\n');
}
