/** What an account says of itself changes rarely: how long an answer is good for, in ms. */
export const KEEP_MS = 10 * 60 * 1000;

interface Kept<T> {
  get(signal: AbortSignal): Promise<T>;
  forget(): void;
}

/** Keeps a successful answer for ten minutes; a failed one is asked again the next time. */
export function kept<T>(read: (signal: AbortSignal) => Promise<T>, now: () => number): Kept<T> {
  let last: { at: number; value: T } | null = null;
  return {
    async get(signal) {
      if (last && now() - last.at <= KEEP_MS) return last.value;
      const value = await read(signal);
      last = { at: now(), value };
      return value;
    },
    forget: () => void (last = null),
  };
}
