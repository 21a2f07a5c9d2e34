/** What came of a step. Promise: each of its events ends, or goes back in front of what has come since. */
import type { ContactEvent } from '../../contract/contact';
import type { ConsentWithdrawn } from '../../contract/contact-write';
import type { Attention } from '../../contract/dispatch';
import { endOf, keptOf } from './carried';
import { isOvertaken } from './consent-order';
import type { ContactRun } from './contact-run';
import type { ContactStep } from './decide';
import { inOrder, waitingOf, type Parcel } from './parcel';
import { endWithdrawnParcel } from './receive';
import { NEWER_EVENT, type Sent } from './writing';

const MOST_KEPT = 10;
const NO_TAG = 'No contact of this person has the consent tag, or a newer event gives consent.';

type Step<Kind extends ContactStep['kind']> = Extract<ContactStep, { kind: Kind }>;

/** A step with its answer, or with why it could not be done. */
export type StepDone =
  | Step<'tell'>
  | Step<'skip'>
  | (Step<'withdraw'> & { answer: ConsentWithdrawn })
  | (Step<'send'> & { answer: Sent })
  | { kind: 'failed'; step: ContactStep; attention: Attention };

export function evolve(run: ContactRun, done: StepDone): void {
  run.isSending = false;
  if (done.kind === 'failed') return failed(run, done.step, done.attention);
  run.settle();
  switch (done.kind) {
    case 'tell':
      run.known.tell = [];
      return;
    case 'withdraw':
      return withdrawn(run, done.event, done.answer);
    case 'skip':
      return skipped(run, done.parcel);
    case 'send':
      return sent(run, done.parcel, done.answer);
  }
}

function withdrawn(run: ContactRun, event: ContactEvent, answer: ConsentWithdrawn): void {
  const { known, memory } = run;
  known.noes = known.noes.filter((one) => one !== event);
  if (answer.result === 'withdrawn') memory.contactId ??= answer.contactIds[0] ?? null;
  if (event.told) return;
  const detail = answer.result === 'withdrawn' ? null : answer.result === 'conflict' ? answer.detail : NO_TAG;
  run.record(waitingOf(event), { outcome: answer.result, detail, notes: [] });
  if (answer.result === 'conflict') return;
  const own = run.workflowId.split('-').at(-1);
  const others = new Set([...event.ids, ...answer.ids].filter((hash) => hash !== own));
  const told: ContactEvent = { ...event, key: `${event.key}.told`, told: true };
  known.tell = [...others].map((hash) => ({ hash, events: [told] }));
}

function skipped(run: ContactRun, parcel: Parcel): void {
  run.known.waiting = null;
  applied(run, parcel);
  for (const event of parcel.events) run.record(event, { outcome: 'unchanged', detail: null, notes: [] });
}

function sent(run: ContactRun, parcel: Parcel, answer: Sent): void {
  const { known, memory } = run;
  if (answer.contactId !== null) memory.contactId = answer.contactId;
  if (answer.marks !== null) {
    memory.sent = { at: new Date(run.now()).toISOString(), marks: answer.marks };
    applied(run, parcel);
    endOvertakenReplay(run);
  }
  for (const event of parcel.events) run.record(event, endOf(event, answer));
  known.kept = [...known.kept, ...keptOf(parcel, answer)].slice(-MOST_KEPT);
}

/** What is sent again and came while a newer event was on its way ends without a call: the newer one wins. */
function endOvertakenReplay(run: ContactRun): void {
  const { waiting } = run.known;
  if (!waiting?.content.guard.replay || !isOvertaken(run.memory, waiting.content.guard)) return;
  run.known.waiting = null;
  for (const one of waiting.events) run.record(one, { outcome: 'unchanged', detail: NEWER_EVENT, notes: [] });
}

/** Freshdesk has it. */
function applied({ memory }: ContactRun, { content: { guard } }: Parcel): void {
  memory.newestAt = Math.max(memory.newestAt ?? guard.at, guard.at);
}

function failed(run: ContactRun, step: ContactStep, attention: Attention): void {
  const { known } = run;
  if (step.kind === 'send') {
    known.waiting = known.waiting ? inOrder(step.parcel, known.waiting) : step.parcel;
    endWithdrawnParcel(run);
  }
  known.attention = attention;
  known.tries++;
}
