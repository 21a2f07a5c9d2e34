/**
 * The events of one contact, from accepted to an outcome each. Promise: worked through in order and in as few calls as
 * can be; what only a person can mend waits for one. It ends when nothing waits: what it knows goes on in the memo.
 */
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  condition,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ContactEvent, ContactResult, ContactView } from '../src/contract/contact';
import { contactEvents, contactQuery, retry } from '../src/contract/messages';
import { DEFAULT_CONTACT_POLICY } from '../src/contract/policy';
import { ATTENTION, CONTACT, SINCE, STATE } from '../src/contract/search-attributes';
import { NOTHING_KNOWN, type ContactSyncInput } from '../src/domain/contacts/carried';
import { ContactRun } from '../src/domain/contacts/contact-run';
import { memoOf, outcomeOf, resultOf, viewOf } from '../src/domain/contacts/contact-view';
import { begin, decide } from '../src/domain/contacts/decide';
import { evolve } from '../src/domain/contacts/evolve';
import { isContactEvent } from '../src/domain/contacts/is-event';
import { receive } from '../src/domain/contacts/receive';
import { runStep } from './contacts/run-step';
import { counted } from './contacts/sinks';
import { contactDetails } from './contacts/view';
import { goOnAsNew } from './go-on';

export async function contactSync(given?: ContactSyncInput): Promise<ContactResult> {
  const input = completed(given);
  const run = new ContactRun(input, workflowInfo().workflowId, () => Date.now(), counted.outcome);
  setHandler(
    contactEvents,
    // Somebody may have typed it, with anything or nothing.
    (events?: ContactEvent[]) => {
      const known = run.memory.withdrawn;
      for (const event of Array.isArray(events) ? events : []) if (isContactEvent(event)) receive(run, event);
      // At once: what other runs and calls under way are about to send is held against it.
      if (run.memory.withdrawn !== known) remember(run);
    },
    { description: 'Product events of this contact, already mapped' },
  );
  setHandler(retry, () => void run.retries++, { description: 'You fixed the cause: send again what waits' });
  setHandler(contactQuery, () => viewOf(run), { description: 'What came of the events of this contact' });
  setCurrentDetails(contactDetails(viewOf(run)));

  await condition(() => run.hasWork || outcomeOf(run) !== null);
  const { known } = run;
  for (let turn = 0; run.hasWork; turn++) {
    if (turn >= input.policy.turnsPerRun || workflowInfo().continueAsNewSuggested) await goOnAsNew(run.carry());
    // Mostly nothing: the start itself was delayed by the window.
    const window = run.restOfWindow();
    if (window > 0) await condition(() => known.noes.length > 0, window, { summary: WINDOW });
    const { retries } = run;
    // Each no is worth a try at once.
    const noes = known.noes.length;
    const wasWaiting = known.attention !== null;
    const step = decide(run);
    if (step) {
      begin(run, step);
      evolve(run, await runStep(step));
    } else run.settle();
    if (known.attention || wasWaiting) publish(run);
    setCurrentDetails(contactDetails(viewOf(run)));
    // Events may come by the thousand meanwhile, and a run that is full takes no more.
    const goesOn = (): boolean =>
      run.retries !== retries || known.noes.length > noes || !run.hasWork || workflowInfo().continueAsNewSuggested;
    if (known.attention)
      await condition(goesOn, run.slowWait(), { summary: 'Wait for a person, or the next automatic try' });
  }
  run.settle();
  publish(run);
  return resultOf(run);
}

const WINDOW = 'Wait for more events of this contact';

/** One that was started by hand waits for its first event. */
function completed(given?: Partial<ContactSyncInput>): ContactSyncInput {
  const [, account = ''] = /^contact-(.+)-[0-9a-f]+$/.exec(workflowInfo().workflowId) ?? [];
  return {
    account,
    memory: NOTHING_KNOWN,
    links: { contacts: '', workflow: null },
    ...given,
    policy: { ...DEFAULT_CONTACT_POLICY, mergeWindow: 0, unchangedWindow: 0, ...given?.policy },
  };
}

/** Endings that somebody may want to list. */
const REMARKABLE: readonly ContactView['state'][] = ['attention', 'conflict', 'rejected'];

/** Makes memory, and what is remarkable, visible from outside; called seldom, since each change is an event in the history. */
function publish(run: ContactRun): void {
  const view = viewOf(run);
  const { ids } = run.known;
  const shown = workflowInfo().typedSearchAttributes;
  const isNews = REMARKABLE.includes(view.state) || shown.get(STATE) !== undefined;
  const changes: SearchAttributeUpdatePair[] = [
    ...(isNews && shown.get(STATE) !== view.state
      ? [
          { key: STATE, value: view.state },
          { key: SINCE, value: new Date() },
        ]
      : []),
    ...(shown.get(CONTACT)?.join() === ids.join() ? [] : [{ key: CONTACT, value: ids }]),
    ...((shown.get(ATTENTION) ?? null) === (view.attention?.reason ?? null)
      ? []
      : [{ key: ATTENTION, value: view.attention?.reason ?? null }]),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
  remember(run);
  setCurrentDetails(contactDetails(view));
}

function remember(run: ContactRun): void {
  upsertMemo({ contact: memoOf(run) });
}
