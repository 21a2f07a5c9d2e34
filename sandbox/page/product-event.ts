import { asText } from '../json';
import type { JsonObject } from '../json';

/** Where product events go, and the key that proves the sender. */
export interface EventIntake {
  deskbridge: string | null;
  writeKey: string | null;
}

const WITHIN_MS = 5_000;

/** Sends an event as a website would; gives what came of it, in words. */
export async function sendProductEvent({ deskbridge, writeKey }: EventIntake, form: JsonObject): Promise<string> {
  if (deskbridge === null || writeKey === null) return 'No Deskbridge is known to this sandbox.';
  const event = asText(form['event']) === 'Signed Up' ? 'Signed Up' : 'Identified';
  const body = {
    event,
    userId: asText(form['user_id']),
    traits: { name: asText(form['name']), email: asText(form['email']) },
    context: { consent: { marketing: form['consent'] !== undefined } },
  };
  try {
    const answer = await fetch(`${deskbridge}/v1/track`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    if (!answer.ok) return `Deskbridge refused the event with ${answer.status}.`;
    return form['consent'] === undefined
      ? `${event} was sent without consent: Deskbridge drops it, no contact comes of it.`
      : `${event} was sent. The contact shows below within seconds.`;
  } catch {
    return 'Deskbridge did not answer.';
  }
}
