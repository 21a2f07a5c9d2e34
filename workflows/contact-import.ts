/**
 * A few hundred rows of an import as one run, since a run per contact costs an engine more than the calls. Promise: each
 * row ends with one outcome; rows of one contact go out together, in their order; a wrong key stops all of them until a
 * person has mended it. Source: interface 6, design 5.
 */
import {
  ApplicationFailure,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ContactEvent, ImportedRow, ImportRow, ImportView } from '../src/contract/contact';
import type { Attention } from '../src/contract/dispatch';
import type { ContactPolicy } from '../src/contract/policy';
import { SINCE, STATE } from '../src/contract/search-attributes';
import { endOf } from '../src/domain/contacts/carried';
import { guardOf, isWithdrawn, noOf, timeOf, withNo } from '../src/domain/contacts/consent-order';
import { waitingOf } from '../src/domain/contacts/parcel';
import { LATER_NO, type Ending } from '../src/domain/contacts/writing';
import { sendContact, together } from './contacts/send';
import { counted } from './contacts/sinks';
import { importQuery, retry } from '../src/contract/messages';
import { attentionLines } from '../src/domain/markdown';
import { contacts, engine } from './proxies';
import { showAttention } from './show-attention';
import { attentionOf } from './step-failure';

export interface ContactImportInput {
  rows: ImportRow[];
  policy: Pick<ContactPolicy, 'slowRetry'>;
}

/** Calls under way at once: enough to keep any quota busy, few enough to leave the engine to others. */
const LANES = 10;

export async function contactImport(input?: Partial<ContactImportInput>): Promise<ImportView> {
  if (!Array.isArray(input?.rows) || !input.policy) {
    throw ApplicationFailure.nonRetryable('An import begins with a file: deskbridge contacts import FILE', 'NoRows');
  }
  const { rows, policy } = input;
  const { slowRetry } = policy;
  const ended: ImportedRow[] = [];
  let attention: Attention | null = null;
  let retries = 0;
  const view = (): ImportView => ({ total: rows.length, rows: ended, attention });
  setHandler(importQuery, view, { description: 'How far the rows are, and what came of each' });
  setHandler(retry, () => void retries++, { description: 'You fixed the cause: go on with the rows' });

  const tell = (change: Attention | null): void => {
    if (attention !== change) showAttention(change?.reason ?? null);
    attention = change;
    setCurrentDetails(detailsOf(view()));
  };
  /** Only the row that met the trouble tries again, slowly; the others wait for it. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    let isScout = false;
    for (let tries = 0; ; tries++) {
      if (!isScout) await condition(() => attention === null);
      const before = retries;
      try {
        const answer = await work();
        if (isScout) tell(null);
        return answer;
      } catch (error) {
        const problem = attentionOf(error);
        if (attention !== null && !isScout) continue;
        isScout = true;
        tell(problem);
        const wait = Math.min(slowRetry.first * 2 ** Math.min(tries, 20), slowRetry.most);
        await condition(() => retries !== before, wait, { summary: 'Wait for a person, or the next automatic try' });
      }
    }
  };

  const end = ({ line, event }: ImportRow, { outcome, detail, notes }: Ending): void => {
    counted.outcome(outcome, 1);
    ended.push({ line, outcome, detail, notes: [...event.notes, ...notes], ids: event.ids });
  };
  const endWithdrawal = async (row: ImportRow): Promise<void> => {
    const input = { contactId: null, contact: row.event.contact, at: timeOf(row.event) };
    const answer = await patiently(() => contacts.withdrawConsent(input));
    const detail = answer.result === 'conflict' ? answer.detail : null;
    if (answer.result !== 'conflict') await remember(row.event, answer.ids);
    end(row, { outcome: answer.result, detail, notes: [] });
  };
  const endPerson = async (person: ImportRow[]): Promise<void> => {
    const noes = person.filter(({ event }) => event.action === 'withdraw');
    const known = noes.map(({ event }) => noOf(event)).reduce(withNo, []);
    const isOver = ({ event }: ImportRow): boolean =>
      isWithdrawn(known, guardOf(event), event.contact.unique_external_id !== undefined);
    const yeses = person.filter((row) => !noes.includes(row));
    for (const row of yeses.filter(isOver)) end(row, { outcome: 'withdrawn', detail: LATER_NO, notes: [] });
    for (const row of noes) await endWithdrawal(row);
    const left = yeses.filter((row) => !isOver(row));
    if (left.length === 0) return;
    const sent = await patiently(() => sendContact(together(left.map(({ event }) => event)), null));
    for (const row of left) end(row, endOf(waitingOf(row.event), sent));
  };

  const groups = byContact(rows);
  const lane = async (): Promise<void> => {
    for (let group = groups.shift(); group; group = groups.shift()) {
      for (const person of byPerson(group)) await endPerson(person);
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

/** The runs of all that the person is known by hold the no against a yes that is older. */
const remember = (event: ContactEvent, ids: string[]): Promise<void> => {
  const told: ContactEvent = { ...event, told: true };
  return engine.deliverContactEvents({
    contacts: [...new Set([...event.ids, ...ids])].map((hash) => ({ hash, events: [told] })),
  });
};

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
    lines.push('', ...attentionLines(attention));
  }
  return lines.join('\n');
}
