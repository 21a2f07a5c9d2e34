/**
 * Whether an address that an upstream calls leads to a Deskbridge. Promise: nothing is told there that starts or changes
 * anything – the body is none – and no secret is sent: Field Nation's only signs that body.
 */
import { createHmac } from 'node:crypto';

const WITHIN_MS = 5_000;
const NO_JSON = 'deskbridge doctor';

/** `accepted`: ours, and it knows the secret; `other-secret`: a Deskbridge that does not; `else`: something else answers. */
export type Reached = 'accepted' | 'other-secret' | 'else' | 'silent';

/** Asks with a signature by `secret`: the refusal of a body that is no JSON comes after the check of the signature. */
export const reachFieldNationRoute = (url: string, secret: string): Promise<Reached> =>
  ask(url, { 'x-fn-signature': `sha256=${createHmac('sha256', secret).update(NO_JSON).digest('hex')}` });

/** Asks without the secret, since somebody else may stand at that address: a Deskbridge refuses with `other-secret`. */
export const reachFreshdeskRoute = (url: string): Promise<Reached> => ask(url, {});

async function ask(url: string, headers: Record<string, string>): Promise<Reached> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: NO_JSON,
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
