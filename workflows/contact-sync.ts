/**
 * The events of one contact, from accepted to an outcome each. Promise: worked through in order and in as few calls as
 * can be; what only a person can mend waits for one. It ends when nothing waits: what it knows goes on in the memo.
 */
import type { SearchAttributeUpdatePair } from '@temporalio/common';
import {
  condition,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ContactView } from '../src/contract/contact';
import { counted } from './contacts/sinks';
import { sendContact } from './contacts/send';
import { ContactState, type ContactSyncInput, type Parcel } from './contacts/state';
import { contactDetails } from './contacts/view';
import { goOnAsNew } from './go-on';
import { contactEvents, contactQuery, retry } from '../src/contract/messages';
import { attentionOf } from './step-failure';
import type { ContactMemo } from '../src/contract/memo';
import { ATTENTION, CONTACT, SINCE, STATE } from '../src/contract/search-attributes';

export async function contactSync(input: ContactSyncInput): Promise<ContactView> {
  const state = new ContactState(input, workflowInfo().workflowId, counted.outcome);
  setHandler(
    contactEvents,
    (events) => {
      for (const event of events) state.receive(event, Date.now());
    },
    { description: 'Product events of this contact, already mapped' },
  );
  setHandler(retry, () => state.retry(), { description: 'The cause is mended: send what waits again' });
  setHandler(contactQuery, () => state.view(), { description: 'What came of the events of this contact' });
  setCurrentDetails(contactDetails(state.view()));

  await condition(() => state.waiting !== null || state.outcome() !== null);
  for (let turn = 0; state.waiting !== null; turn++) {
    if (turn >= input.policy.turnsPerRun || workflowInfo().continueAsNewSuggested) {
      await goOnAsNew(state.carry());
    }
    // Mostly nothing: the start itself was delayed by the window.
    const window = state.restOfWindow(Date.now());
    if (window > 0) await sleep(window, { summary: 'Wait for more events of this contact' });
    const { retries } = state;
    const wasWaiting = state.attention !== null;
    await work(state, state.take() as Parcel);
    if (state.attention || wasWaiting) publish(state);
    setCurrentDetails(contactDetails(state.view()));
    // Events may come by the thousand meanwhile, and a run that is full takes no more.
    const goesOn = (): boolean => state.retries !== retries || workflowInfo().continueAsNewSuggested;
    if (state.attention)
      await condition(goesOn, state.slowWait(), { summary: 'Wait for a person, or the next slow try' });
  }
  publish(state);
  return state.view();
}

/** Ends the parcel's events, or puts it back and says what a person has to mend. */
async function work(state: ContactState, parcel: Parcel): Promise<void> {
  if (state.isUnchanged(parcel, Date.now())) return state.endUnchanged(parcel, Date.now());
  try {
    state.endSent(parcel, await sendContact(parcel.content, state.contactId), Date.now());
  } catch (error) {
    state.putBack(parcel);
    state.needsPerson(attentionOf(error));
  }
}

/** Endings that somebody may want to list. */
const REMARKABLE: readonly ContactView['state'][] = ['attention', 'conflict', 'rejected'];

/** Makes memory, and what is remarkable, visible from outside; called seldom, since each change is an event in the history. */
function publish(state: ContactState): void {
  const view = state.view();
  const shown = workflowInfo().typedSearchAttributes;
  const isNews = REMARKABLE.includes(view.state) || shown.get(STATE) !== undefined;
  const changes: SearchAttributeUpdatePair[] = [
    ...(isNews && shown.get(STATE) !== view.state
      ? [
          { key: STATE, value: view.state },
          { key: SINCE, value: new Date() },
        ]
      : []),
    ...(shown.get(CONTACT)?.join() === state.ids.join() ? [] : [{ key: CONTACT, value: state.ids }]),
    ...((shown.get(ATTENTION) ?? null) === (view.attention?.reason ?? null)
      ? []
      : [{ key: ATTENTION, value: view.attention?.reason ?? null }]),
  ];
  if (changes.length > 0) upsertSearchAttributes(changes);
  const memo: ContactMemo = { ...state.memory(), state: view.state };
  upsertMemo({ contact: memo });
  setCurrentDetails(contactDetails(view));
}
