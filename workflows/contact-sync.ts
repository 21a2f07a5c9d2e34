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
import type { ContactEvent, ContactMemo, ContactResult, ContactView } from '../src/contract/contact';
import type { ContactSyncInput } from '../src/domain/contacts/carried';
import { ContactRun, NOTHING_KNOWN, type ContactStep } from '../src/domain/contacts/contact-run';
import { isContactEvent } from '../src/domain/contacts/is-event';
import { DEFAULT_CONTACT_POLICY } from '../src/contract/policy';
import { counted } from './contacts/sinks';
import { sendContact, withdrawConsent } from './contacts/send';
import { contactDetails } from './contacts/view';
import { goOnAsNew } from './go-on';
import { contactEvents, contactQuery, retry } from '../src/contract/messages';
import { ATTENTION, CONTACT, SINCE, STATE } from '../src/contract/search-attributes';
import { engine } from './proxies';
import { attentionOf } from './step-failure';

export async function contactSync(given?: ContactSyncInput): Promise<ContactResult> {
  const input = completed(given);
  const run = new ContactRun(input, workflowInfo().workflowId, counted.outcome);
  setHandler(
    contactEvents,
    // Somebody may have typed it, with anything or nothing.
    (events?: ContactEvent[]) => {
      const known = run.memory().withdrawn;
      for (const event of Array.isArray(events) ? events : [])
        if (isContactEvent(event)) run.receive(event, Date.now());
      // At once: what other runs and calls under way are about to send is held against it.
      if (run.memory().withdrawn !== known) remember(run);
    },
    { description: 'Product events of this contact, already mapped' },
  );
  setHandler(retry, () => run.retry(), { description: 'You fixed the cause: send again what waits' });
  setHandler(contactQuery, () => run.view(), { description: 'What came of the events of this contact' });
  setCurrentDetails(contactDetails(run.view()));

  await condition(() => run.hasWork || run.outcome() !== null);
  for (let turn = 0; run.hasWork; turn++) {
    if (turn >= input.policy.turnsPerRun || workflowInfo().continueAsNewSuggested) await goOnAsNew(run.carry());
    // Mostly nothing: the start itself was delayed by the window.
    const window = run.restOfWindow(Date.now());
    if (window > 0) await condition(() => run.noes > 0, window, { summary: WINDOW });
    const { retries, noes } = run;
    const wasWaiting = run.attention !== null;
    const step = run.next(Date.now());
    if (step) await work(run, step);
    else run.settled();
    if (run.attention || wasWaiting) publish(run);
    setCurrentDetails(contactDetails(run.view()));
    // Events may come by the thousand meanwhile, and a run that is full takes no more.
    const goesOn = (): boolean =>
      run.retries !== retries || run.noes > noes || !run.hasWork || workflowInfo().continueAsNewSuggested;
    if (run.attention)
      await condition(goesOn, run.slowWait(), { summary: 'Wait for a person, or the next automatic try' });
  }
  run.settled();
  publish(run);
  return run.result();
}

/** Ends the step's events, or puts them back and says what a person has to mend. */
async function work(run: ContactRun, step: ContactStep): Promise<void> {
  try {
    if (step.do === 'tell') {
      await engine.deliverContactEvents({ contacts: step.contacts });
      run.endTold();
    } else if (step.do === 'withdraw') {
      run.endWithdrawn(step.event, await withdrawConsent(step.input), Date.now());
    } else {
      run.endSent(step.parcel, await sendContact(step.parcel.content, run.contactId), Date.now());
    }
  } catch (error) {
    run.failed(step, attentionOf(error), Date.now());
  }
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
  const view = run.view();
  const shown = workflowInfo().typedSearchAttributes;
  const isNews = REMARKABLE.includes(view.state) || shown.get(STATE) !== undefined;
  const changes: SearchAttributeUpdatePair[] = [
    ...(isNews && shown.get(STATE) !== view.state
      ? [
          { key: STATE, value: view.state },
          { key: SINCE, value: new Date() },
        ]
      : []),
    ...(shown.get(CONTACT)?.join() === run.ids.join() ? [] : [{ key: CONTACT, value: run.ids }]),
    ...((shown.get(ATTENTION) ?? null) === (view.attention?.reason ?? null)
      ? []
      : [{ key: ATTENTION, value: view.attention?.reason ?? null }]),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
  remember(run);
  setCurrentDetails(contactDetails(view));
}

function remember(run: ContactRun): void {
  const memo: ContactMemo = { ...run.memory(), state: run.view().state, events: run.listed() };
  upsertMemo({ contact: memo });
}
