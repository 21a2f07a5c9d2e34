import { UpstreamError } from '../clients/upstream-error';

const REFUSED = [403, 404, 405];

/** Null when this key may not ask. */
export async function unlessRefused<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UpstreamError && REFUSED.includes(error.status ?? 0)) return null;
    throw error;
  }
}
