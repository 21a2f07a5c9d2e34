import { TemporalUnavailableError } from '../temporal/deadline';

/** The interface promises an answer within 3 s; the starter's own deadline does not count the time to connect. In ms. */
export const ANSWER_WITHIN_MS = 2_500;

/** The result of `work`. @throws TemporalUnavailableError when it takes too long; it may still be stored then. */
export async function inTime<T>(work: Promise<T>, withinMs = ANSWER_WITHIN_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TemporalUnavailableError('Temporal did not answer in time')), withinMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
