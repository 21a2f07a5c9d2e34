/**
 * Whether an address that an upstream calls leads to a Deskbridge. Promise: the test webhook starts and changes nothing, and
 * no secret is sent: Field Nation's only signs the body.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { testBody } from '../domain/test-webhook';

const WITHIN_MS = 5_000;

/** `accepted`: ours, and it knows the secret; `other-secret`: a Deskbridge that does not; `else`: something else answers. */
export type Reached = 'accepted' | 'other-secret' | 'else' | 'silent';

/** Asks with a signature by `secret`: the refusal of a body that is no JSON comes after the check of the signature. */
export const reachFieldNationRoute = (url: string, secret: string): Promise<Reached> => {
  const body = testBody(randomUUID());
  return ask(url, body, { 'x-fn-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` });
};

/** Asks without the secret, since the address may be somebody else's: a Deskbridge refuses with `other-secret`. */
export const reachFreshdeskRoute = (url: string, id: string = randomUUID()): Promise<Reached> =>
  ask(url, testBody(id), {});

async function ask(url: string, body: string, headers: Record<string, string>): Promise<Reached> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    const text = (await answer.text()).slice(0, 10_000);
    if (!answer.headers.get('content-type')?.includes('problem+json')) return 'else';
    const { code } = JSON.parse(text) as { code?: unknown };
    if (answer.status === 400 && code === 'malformed') return 'accepted';
    return answer.status === 401 && code === 'unauthorized' ? 'other-secret' : 'else';
  } catch (error) {
    return error instanceof SyntaxError ? 'else' : 'silent';
  }
}
