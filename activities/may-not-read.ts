import { UpstreamError } from '../src/clients/upstream-error';

/** The key lacks the right, or there is no such thing: Freshdesk tells the two apart in neither direction. */
export const mayNotRead = (error: unknown): boolean =>
  error instanceof UpstreamError && (error.status === 403 || error.status === 404);
