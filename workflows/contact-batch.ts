/**
 * The events of a large request, stored in one piece so that its sender is answered in time. Promise: hands each on to its
 * contact's own run, as often as it takes; keys tell repeats there.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { ContactEvents } from '../src/contract/contact';
import { inPieces } from '../src/domain/in-pieces';
import { engine } from './proxies';

export interface ContactBatchInput {
  contacts: readonly ContactEvents[];
}

/** Contacts for one activity: a piece is told again as a whole when it fails half-way. */
const PER_TURN = 20;

export async function contactBatch(input?: Partial<ContactBatchInput>): Promise<{ contacts: number }> {
  const contacts = Array.isArray(input?.contacts) ? input.contacts : [];
  let done = 0;
  setCurrentDetails(`Events of **${contacts.length}** contacts wait to be handed to their runs`);
  for (const piece of inPieces(contacts, PER_TURN)) {
    await engine.deliverContactEvents({ contacts: piece });
    done += piece.length;
    setCurrentDetails(`Events of **${done} of ${contacts.length}** contacts are handed to their runs`);
  }
  return { contacts: done };
}
