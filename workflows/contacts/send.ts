/** Makes the calls that bring events to Freshdesk, as the domain decides them one after the other. */
import type { ContactEvent } from '../../src/contract/contact';
import { joined, toSend, type ToSend } from '../../src/domain/contacts/parcel';
import { beginWriting, goOnWriting, type Sent } from '../../src/domain/contacts/writing';
import { contacts } from '../proxies';

/** @throws ActivityFailure when a person or time must help first; nothing was written then, or it is found again. */
export async function sendContact(content: ToSend, knownId: number | null): Promise<Sent> {
  let writing = beginWriting(content, knownId);
  while (writing.call !== null) {
    const answer =
      writing.call === 'create'
        ? await contacts.createContact(writing.input)
        : await contacts.updateContact(writing.input);
    writing = goOnWriting(content, writing, answer);
  }
  return writing.sent;
}

/** All events as one, in their order. */
export const together = (events: readonly ContactEvent[]): ToSend => events.map(toSend).reduce(joined);
