/** The demo's second half: a sign-up on the product's site becomes a contact. */
import { randomBytes } from 'node:crypto';
import type { ContactView } from '../contract/contact';
import { findOutcomes } from '../temporal/contact-outcomes';
import type { CliContext } from './context';
import { WorkFailedError } from '../command-errors';

export interface DemoContact {
  /** The sign-up's user id, new in each demo. */
  userId: string;
  outcome: ContactView['state'];
  contactId: number | null;
  links: ContactView['links'];
}

/** Sends the sign-up as an analytics library would, and gives its outcome once there is one. */
export async function signUp(
  { client, runtime, contactKeys: keys, contactLinks: links, deadlineMs }: CliContext,
  webUrl: string,
  until: (what: string, holds: () => Promise<boolean>) => Promise<void>,
): Promise<DemoContact> {
  const userId = `demo_${randomBytes(4).toString('hex')}`;
  const response = await fetch(`${webUrl}/v1/track`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${runtime.eventsWriteKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({
      event: 'Signed Up',
      userId,
      properties: { method: 'email' },
      traits: { name: 'Dana Field', email: `${userId}@shop.example`, phone: '07700 900123', title: 'Store lead' },
      context: { consent: { marketing: true } },
    }),
  });
  if (!response.ok) throw new WorkFailedError(`Deskbridge did not take the event: ${await response.text()}`);
  let newest: ContactView | undefined;
  await until('the contact', async () => {
    const { runs } = await findOutcomes({ client, account: runtime.account, keys, links, deadlineMs }, userId);
    newest = runs[0];
    return newest !== undefined && newest.state !== 'waiting';
  });
  const { state, contactId, links: places, attention } = newest as unknown as ContactView;
  if (attention) throw new WorkFailedError(`The contact needs a person: ${attention.detail}. ${attention.remedy}`);
  if (state !== 'created') throw new WorkFailedError(`The sign-up ended as ${state}; created was due.`);
  return { userId, outcome: state, contactId, links: places };
}
