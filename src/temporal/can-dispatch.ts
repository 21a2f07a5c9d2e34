/**
 * Whether an account can dispatch: not while its Freshdesk is real and no worker ever had Field Nation. Promise: asked of
 * Temporal only until it can, since an account that can never loses that. Source: interface, section 3, `FIELD_NATION_SANDBOX`.
 */
import { canDispatch } from '../domain/dispatching/upstreams';
import type { Dispatching } from './dispatching';

/** There is no Field Nation to send a visit to. */
export class CannotDispatchError extends Error {
  override readonly name = 'CannotDispatchError';

  constructor(account: string) {
    super(
      `${account} dispatches nothing: Field Nation is not set up. Give a worker FIELD_NATION_CLIENT_ID and the others`,
    );
  }
}

/** So long a no is believed, in ms. */
const BELIEVED_MS = 2_000;

export interface CanDispatchDeps {
  dispatching: Pick<Dispatching, 'state'>;
  /** This process has Field Nation itself: there is nothing to ask. */
  hasFieldNation: boolean;
  now?: () => number;
}

/** Rejects where Temporal does not answer and nobody knows yet. */
export function createCanDispatch({
  dispatching,
  hasFieldNation,
  now = Date.now,
}: CanDispatchDeps): () => Promise<boolean> {
  let known = hasFieldNation;
  let asked = { at: -Infinity, answer: Promise.resolve(known) };
  const ask = async (): Promise<boolean> => {
    known = canDispatch((await dispatching.state()).upstreams);
    return known;
  };
  return () => {
    if (known) return Promise.resolve(true);
    if (now() - asked.at >= BELIEVED_MS) {
      const mine = { at: now(), answer: ask() };
      asked = mine;
      mine.answer.catch(() => (asked = { ...mine, at: -Infinity }));
    }
    return asked.answer;
  };
}
