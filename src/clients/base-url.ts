import type { UpstreamSystem } from './upstream-error';

/**
 * Splits a configured base into origin and path prefix (without a slash at its end). Throws when it is no http(s)
 * address or carries credentials, a query or a fragment; the message does not repeat it, since it may hold a secret.
 */
export function readBaseUrl(system: UpstreamSystem, baseUrl: string): { origin: string; prefix: string } {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`the base URL of ${system} is not an http(s) address`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new Error(`the base URL of ${system} must not carry credentials, a query or a fragment`);
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}
