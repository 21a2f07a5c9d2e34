/**
 * Puts message and stack of failures into a payload, where the codec reaches them. The SDK loads it by its path, also into
 * the bundle of the workflows, which is the same with and without keys: there {@link plainFailures} turns it off.
 */
import { DefaultFailureConverter } from '@temporalio/common';

declare const PLAIN_FAILURES: true | undefined;

export const failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: typeof PLAIN_FAILURES === 'undefined',
});

/** A bundle of workflows whose failures stay readable; its lines keep their numbers. */
export const plainFailures = (bundle: string): string => `const PLAIN_FAILURES = true; ${bundle}`;
