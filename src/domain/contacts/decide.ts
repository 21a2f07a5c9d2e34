/** What a contact's run does next. Promise: one step at a time; a no goes before every yes; what is known costs no call. */
import type { ContactEvent, ContactEvents } from '../../contract/contact';
import type { WithdrawConsentInput } from '../../contract/contact-write';
import { timeOf } from './consent-order';
import type { ContactRun } from './contact-run';
import { isUnchanged } from './merge';
import type { Parcel } from './parcel';

/** Plain data that says everything the call needs. */
export type ContactStep =
  /** Other runs of the same person hear of a no. */
  | { kind: 'tell'; contacts: ContactEvents[] }
  | { kind: 'withdraw'; event: ContactEvent; input: WithdrawConsentInput }
  /** Freshdesk has all of it: no call. */
  | { kind: 'skip'; parcel: Parcel }
  | { kind: 'send'; parcel: Parcel; contactId: number | null };

/** Null when nothing waits. */
export function decide(run: ContactRun): ContactStep | null {
  const { known, memory, input } = run;
  if (known.tell.length > 0) return { kind: 'tell', contacts: known.tell };
  const [event] = known.noes;
  if (event) {
    const { contactId } = memory;
    return { kind: 'withdraw', event, input: { contactId, contact: event.contact, at: timeOf(event) } };
  }
  const parcel = known.waiting;
  if (!parcel) return null;
  return isUnchanged(parcel.content.all.marks, memory.sent, run.now(), input.policy.unchangedWindow)
    ? { kind: 'skip', parcel }
    : { kind: 'send', parcel, contactId: memory.contactId };
}

/** Before the call: what comes in meanwhile is merged anew, and goes out with the next one. */
export function begin(run: ContactRun, step: ContactStep): void {
  if (step.kind !== 'send') return;
  run.known.waiting = null;
  run.isSending = true;
}
