import { UpstreamError } from '../../src/clients/upstream-error';

/** The `UpstreamError` that a call ends with; any other end fails the test. */
export async function caught(call: Promise<unknown>): Promise<UpstreamError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamError) return error;
  throw error;
}
