/** People who sign up while the run goes on. Their events are sent again until they are accepted, as the senders' libraries do. */
import { setTimeout as delay } from 'node:timers/promises';
import { SECRETS, type World } from './world';

const AGAIN_MS = 500;
const ANSWER_MS = 5_000;

export interface People {
  /** One more person signs up; `times` events that say different things. */
  signUp(times: number): void;
  /** Resolves when all events are accepted; gives up with `endAfter`. */
  accepted(): Promise<void>;
  endAfter(ms: number): void;
  count(): number;
}

/** What the contact of a person holds, whatever others send. */
export const identityOf = (person: number) => ({
  email: `person.${person}@people.example`,
  name: `Person ${person}`,
});

/** True when it was accepted. */
export async function sendEvent(webUrl: string, body: object): Promise<boolean> {
  const answer = await fetch(`${webUrl}/v1/identify`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${SECRETS.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => null);
  return answer?.ok ?? false;
}

export function createPeople(world: World, webUrl: string): People {
  const sending: Promise<void>[] = [];
  let deadline = Number.POSITIVE_INFINITY;
  let people = 0;

  const send = async (userId: string, nth: number): Promise<void> => {
    const person = Number(userId.slice('usr_'.length));
    const body = {
      messageId: `${userId}-${nth}`,
      userId,
      timestamp: new Date().toISOString(),
      traits: {
        ...identityOf(person),
        title: `Title ${nth}`,
        marketing_consent: true,
      },
    };
    while (Date.now() < deadline) {
      if (await sendEvent(webUrl, body)) {
        world.accepted.ofPeople.add(userId);
        return;
      }
      await delay(AGAIN_MS);
    }
  };
  return {
    signUp: (times) => {
      const userId = `usr_${(people += 1)}`;
      for (let nth = 0; nth < times; nth++) sending.push(send(userId, nth));
    },
    accepted: async () => void (await Promise.all(sending)),
    endAfter: (ms) => void (deadline = Date.now() + ms),
    count: () => people,
  };
}
