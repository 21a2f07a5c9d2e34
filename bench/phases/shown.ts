/** How soon the events of a real analytics library show on the page with their reasons, from the answer that it got. */
import { Analytics } from '@segment/analytics-node';
import type { Pool } from 'undici';
import type { Desk } from '../desk';
import { WRITE_KEY } from './events';

const LOOK_WITHIN_MS = 10_000;
const CONSENT = { consent: { marketing: true } };

/** Seven events each time, of which four are dropped; in ms, until the last of the four shows. */
export async function timesToShow({ webUrl }: Desk, browser: Pool, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const answeredAt = await sendSeven(webUrl, nth);
    // Whoever is known is looked for by person, the visitor without a name among the newest.
    await shown(browser, formOf(webUrl, `known_${nth}`), [`Bought ${nth}`, 'No rule for the event']);
    await shown(browser, formOf(webUrl, `group_${nth}`), ['No rule for the event']);
    await shown(browser, formOf(webUrl, `unasked_${nth}`), ['Identified', 'No consent']);
    await shown(browser, { method: 'GET', path: '/events' }, [`Looked ${nth}`, 'Nobody is named']);
    times.push(performance.now() - answeredAt);
  }
  return times;
}

/** Gives when the answer was there. */
async function sendSeven(host: string, nth: number): Promise<number> {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host, maxEventsInBatch: 7 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  for (const name of ['known', 'second', 'third']) {
    const traits = { email: `${name}.${nth}@shown.example`, name: `${name} ${nth}` };
    analytics.identify({ userId: `${name}_${nth}`, traits, context: CONSENT });
  }
  analytics.track({ userId: `known_${nth}`, event: `Bought ${nth}`, context: CONSENT });
  analytics.group({ userId: `group_${nth}`, groupId: 'g1' });
  analytics.identify({ userId: `unasked_${nth}`, traits: { email: `unasked.${nth}@shown.example` } });
  analytics.track({ anonymousId: `visitor-${nth}`, event: `Looked ${nth}` });
  await analytics.closeAndFlush();
  const answeredAt = performance.now();
  if (failures.length > 0) throw new Error(`The library's events were not taken: ${JSON.stringify(failures)}`);
  return answeredAt;
}

interface Asked {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const formOf = (origin: string, who: string): Asked => ({
  ...{ method: 'POST', path: '/events/find' },
  headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ who }).toString(),
});

async function shown(browser: Pool, asked: Asked, words: readonly string[]): Promise<void> {
  for (const deadline = performance.now() + LOOK_WITHIN_MS; ;) {
    const { statusCode, body } = await browser.request(asked);
    const page = await body.text();
    if (statusCode === 200 && words.every((word) => page.includes(word))) return;
    if (performance.now() > deadline)
      throw new Error(`${asked.path} (${statusCode}) does not show ${words.join(', ')}`);
  }
}
